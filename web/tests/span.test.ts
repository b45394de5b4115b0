import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanOf } from '../src/live/span';

test('the window is read from the address, 15 min without one', () => {
  const seconds = (search: string) => spanOf(new URLSearchParams(search)).seconds;
  assert.equal(seconds('?window=1h'), 3600);
  assert.equal(seconds(''), 900);
  assert.equal(seconds('?window=forever'), 900);
});
