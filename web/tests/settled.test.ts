import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotYet } from '../src/live/settled';
import { timeOfDay } from '../src/page/format';

test('the page says why the last minutes are not complete', () => {
  const completeTo = Date.UTC(2026, 10, 21, 12, 13, 10);
  const told = whyNotYet(completeTo);
  assert.match(
    told,
    new RegExp(`Complete to ${timeOfDay(completeTo)}, some minutes back: .* falls silent is waited for`),
  );
  // Without a session of the last hour there is no such moment.
  assert.doesNotMatch(whyNotYet(null), /Complete to/);
  assert.match(whyNotYet(null), /may still change/);
});
