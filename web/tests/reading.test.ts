import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveAnswer } from '../src/live/contract';
import { bitrateKbps, isEmpty, rebufferingRatio, startRate, startupMs } from '../src/live/ratios';
import { readLive } from '../src/live/reading';

const sums = {
  attempts: 10,
  plays: 8,
  startup_ms_sum: 5_600,
  startup_count: 7,
  stall_count: 3,
  stalled_ms: 4_000,
  watch_ms: 400_000,
  bitrate_kbit_ms: 900_000_000,
  bitrate_known_ms: 300_000,
  error_count: 2,
  failures: 1,
  failures_before_start: 1,
  exits_before_start: 1,
};
const nothing = Object.fromEntries(Object.keys(sums).map((key) => [key, 0])) as typeof sums;

function answer(changed: Partial<LiveAnswer> = {}): LiveAnswer {
  return {
    computed_at: '2026-11-21T12:15:00.250Z',
    complete_to: '2026-11-21T12:13:10.250Z',
    from: '2026-11-21T12:10:00.000Z',
    to: '2026-11-21T12:15:00.000Z',
    viewers_now: 5,
    statuses: { watching: 4, buffering: 1, finished: 9, gone: 2 },
    concurrency: {
      from: '2026-11-21T12:10:00.000Z',
      step_seconds: 5,
      sessions: [0, 3, 5],
      starting: [0, 1, 0],
      playing: [0, 1, 4],
      stalled: [0, 0, 1],
      seeking: [0, 1, 0],
      paused: [0, 0, 0],
      in_ad: [0, 0, 0],
      latest: { second: '2026-11-21T12:10:05.000Z' },
      peak: { second: '2026-11-21T12:10:11.000Z', sessions: 6 },
    },
    totals: sums,
    minutes: [{ minute: '2026-11-21T12:10:00.000Z', ...sums }],
    top_content: [
      { content_id: 'final', title: 'The final', viewers: 4, ...sums },
      { content_id: 'plain', title: '', viewers: 1, ...sums },
      { content_id: '', title: '', viewers: 0, ...sums },
    ],
    device_classes: [{ device_class: 'smart_tv', viewers: 5, ...sums }],
    ...changed,
  };
}

test('the curve gets its seconds from its first one and its step', () => {
  const { curve } = readLive(answer());
  const first = Date.UTC(2026, 10, 21, 12, 10) / 1000;
  assert.deepEqual(curve.seconds, [first, first + 5, first + 10]);
  assert.deepEqual(curve.states.playing, [0, 1, 4]);
  assert.equal(curve.settledTo, first + 5);
  assert.deepEqual(curve.peak, { second: first + 11, sessions: 6 });
});

test('those who have left are not there', () => {
  const live = readLive(answer());
  assert.equal(live.viewersNow, 5);
  assert.deepEqual(live.now, { watching: 4, in_ad: 0, paused: 0, starting: 0, buffering: 1 });
});

test('rows are named by title, then by id, then as unknown', () => {
  const live = readLive(answer());
  assert.deepEqual(
    live.content.map((row) => row.label),
    ['The final', 'plain', 'unknown'],
  );
  assert.equal(live.devices[0]?.label, 'smart TV');
});

test('ratios are ratios of sums', () => {
  const { totals } = readLive(answer());
  assert.equal(startupMs(totals), 800);
  assert.equal(rebufferingRatio(totals), 0.01);
  assert.equal(bitrateKbps(totals), 3_000);
  assert.equal(startRate(totals), 0.8);
  assert.equal(totals.failures, 2);
});

test('nothing measured is unknown, not zero', () => {
  const { totals } = readLive(answer({ totals: nothing }));
  for (const ratio of [startupMs, rebufferingRatio, bitrateKbps, startRate])
    assert.equal(ratio(totals), null);
});

test('a window in which nothing happened is told as empty', () => {
  const concurrency = { ...answer().concurrency, peak: null };
  assert.equal(isEmpty(readLive(answer())), false);
  assert.equal(isEmpty(readLive(answer({ viewers_now: 0, totals: nothing, concurrency }))), true);
  assert.equal(isEmpty(readLive(answer({ viewers_now: 1, totals: nothing, concurrency }))), false);
});

test('an answer without times is refused, not drawn', () => {
  assert.throws(() => readLive(answer({ computed_at: 'soon' })), /no time where one is due: soon/);
});
