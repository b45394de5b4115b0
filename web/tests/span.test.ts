import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPANS, searchWithSpan, spanFromSearch } from '../src/live/span';

test('the window is read from the address, 15 min without one', () => {
  assert.equal(spanFromSearch('?window=1h').seconds, 3600);
  assert.equal(spanFromSearch('').seconds, 900);
  assert.equal(spanFromSearch('?window=forever').seconds, 900);
});

test('writing the window keeps what else stands in the address', () => {
  assert.equal(searchWithSpan('?a=1&window=5m', SPANS[2]), '?a=1&window=1h');
});
