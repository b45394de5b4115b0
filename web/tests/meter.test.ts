import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter } from '../src/watch/meter';

test('a viewing with a pause, a seek and a stall', () => {
  const meter = new Meter();
  meter.take('play', 1_000, false);
  meter.take('waiting', 1_010, false);
  meter.take('playing', 1_500, false);
  meter.take('pause', 3_500, true);
  meter.take('play', 4_500, false);
  meter.take('playing', 4_500, false);
  meter.take('seeking', 5_500, false);
  meter.take('waiting', 5_501, false);
  meter.take('seeked', 5_520, false);
  meter.take('playing', 5_521, false);
  meter.take('waiting', 7_521, false);
  meter.take('playing', 10_000, false);
  meter.take('pause', 12_000, true);
  meter.take('ended', 12_000, true);
  assert.deepEqual(meter.read(20_000), {
    condition: 'ended',
    startupMs: 500,
    playedMs: 2_000 + 1_000 + 2_000 + 2_000,
    stalls: 1,
    stalledMs: 2_479,
  });
});

test('what still runs counts up to now', () => {
  const meter = new Meter();
  assert.equal(meter.read(5).condition, 'idle');
  meter.take('play', 0, false);
  meter.take('playing', 100, false);
  meter.take('waiting', 600, false);
  const { playedMs, stalledMs } = meter.read(900);
  assert.equal(playedMs, 500);
  assert.equal(stalledMs, 300);
});
