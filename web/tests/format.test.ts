import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitrate, count, duration, percent, words } from '../src/page/format';

test('counts keep every digit up to ten million', () => {
  assert.equal(count(0), '0');
  assert.equal(count(1_234_567), '1,234,567');
  assert.equal(count(12_345_678), '12.35M');
});

test('durations change their unit where people do', () => {
  assert.equal(duration(568), '568 ms');
  assert.equal(duration(999.4), '999 ms');
  assert.equal(duration(1_995), '2.00 s');
  assert.equal(duration(12_340), '12.3 s');
  assert.equal(duration(125_000), '2 min 5 s');
});

test('shares and bitrates', () => {
  assert.equal(percent(0.01234), '1.23 %');
  assert.equal(percent(0.5), '50.0 %');
  assert.equal(bitrate(831), '831 kbit/s');
  assert.equal(bitrate(4_210), '4.21 Mbit/s');
});

test('what is unknown is not shown as zero', () => {
  for (const format of [count, duration, percent, bitrate]) {
    assert.equal(format(null), '–');
    assert.equal(format(Number.NaN), '–');
  }
});

test('wire words become words', () => {
  assert.equal(words('smart_tv'), 'smart TV');
  assert.equal(words('set_top_box'), 'set top box');
  assert.equal(words(''), 'unknown');
});
