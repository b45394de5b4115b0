import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trail } from '../src/live/trail';

test('the trail carries a number on to the next answer, over short gaps only', () => {
  const trail = new Trail();
  trail.add(100_200, 10);
  trail.add(101_300, 12);
  trail.add(110_000, 20);
  assert.deepEqual(trail.over([99, 100, 101, 102, 106, 107, 110, 111], null), [
    null,
    null,
    10,
    12,
    12,
    null,
    20,
    20,
  ]);
});

test('it begins where the curve is no longer settled', () => {
  const trail = new Trail();
  trail.add(100_000, 10);
  trail.add(101_000, 11);
  assert.deepEqual(trail.over([100, 101], 101), [null, 11]);
});

test('an answer that is not newer changes nothing, and old ones are forgotten', () => {
  const trail = new Trail();
  trail.add(100_000, 10);
  trail.add(100_000, 99);
  trail.add(99_000, 98);
  assert.deepEqual(trail.over([100], null), [10]);
  trail.add(800_000, 5);
  assert.deepEqual(trail.over([100, 800], null), [null, 5]);
});
