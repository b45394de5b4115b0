import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEVELS, levelOf } from '../src/map/scale';
import { playhead } from '../src/page/format';
import { changeRatio, inUnit, tickIn } from '../src/page/units';

test('values are shown in the unit of their metric', () => {
  assert.equal(inUnit('ratio', 0.0123), '1.23 %');
  assert.equal(inUnit('kbps', 4_200), '4.20 Mbit/s');
  assert.equal(inUnit('count', 12_345), '12,345');
  assert.equal(inUnit('ms', 36_000_000), '10 h');
  assert.equal(inUnit('per_minute', 0.12345), '0.123 /min');
  assert.equal(inUnit('ms', null), '–');
});

test('labels of an axis are short', () => {
  assert.equal(tickIn('ms')(500), '500 ms');
  assert.equal(tickIn('ms')(2_000), '2 s');
  assert.equal(tickIn('ratio')(0.02), '2 %');
  assert.equal(tickIn('per_second')(0.25), '0.25');
  assert.equal(tickIn('count')(1_500), '1,500');
});

test('a change has its sign', () => {
  assert.equal(changeRatio(0.125), '+12.5 %');
  assert.equal(changeRatio(-0.5), '−50.0 %');
  assert.equal(changeRatio(null), '–');
});

test('a playhead reads as players show it', () => {
  assert.equal(playhead(245_000), '4:05');
  assert.equal(playhead(3_723_000), '1:02:03');
});

test('the map tells small audiences apart beside a large one', () => {
  const counts = [1, 40, 5_000];
  assert.equal(levelOf(5_000, counts, true), LEVELS);
  assert.ok(levelOf(1, counts, true) < levelOf(40, counts, true));
  assert.equal(levelOf(0.02, [0.02, 0.05], false), 1);
  assert.equal(levelOf(0.05, [0.02, 0.05], false), LEVELS);
});
