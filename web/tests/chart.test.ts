import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withOpacity } from '../src/chart/palette';
import { stacked } from '../src/chart/stack';

test('layers are stacked on one another, the last is the whole', () => {
  assert.deepEqual(
    stacked([
      [1, 2, 3],
      [10, 0, 5],
      [0, 1, 1],
    ]),
    [
      [1, 2, 3],
      [11, 2, 8],
      [11, 3, 9],
    ],
  );
});

test('a shorter layer counts as zero where it ends', () => {
  assert.deepEqual(stacked([[1, 1], [5]]), [
    [1, 1],
    [6, 1],
  ]);
  assert.deepEqual(stacked([]), []);
});

test('both spellings of a colour take an opacity', () => {
  assert.equal(withOpacity('#fff', 0.5), '#ffffff80');
  assert.equal(withOpacity('#1d6fd6', 1), '#1d6fd6ff');
});
