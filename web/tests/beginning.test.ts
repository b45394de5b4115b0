import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sinceFirstPlay, sinceFirstViewer } from '../src/live/beginning';
import { CURVE_STATES, type Curve, type Minute } from '../src/live/model';

/** A curve of `length` steps from second 1,000, with three viewers, all playing, from step `first` on. */
function curveFrom(first: number, length: number, step = 1): Curve {
  const sessions = Array.from({ length }, (_, i) => (i >= first ? 3 : 0));
  return {
    seconds: sessions.map((_, i) => 1_000 + i * step),
    sessions,
    states: Object.fromEntries(
      CURVE_STATES.map((state) => [state, sessions.map((all) => (state === 'playing' ? all : 0))]),
    ) as Curve['states'],
    settledTo: 1_000 + (length - 10) * step,
    peak: { second: 1_000 + first * step, sessions: 3 },
  };
}

test('the curve begins five seconds before the first viewer, in every column', () => {
  const shown = sinceFirstViewer(curveFrom(700, 900), 1_900);
  assert.equal(shown.seconds[0], 1_695);
  assert.equal(shown.seconds.at(-1), 1_899);
  assert.deepEqual(shown.sessions.slice(0, 7), [0, 0, 0, 0, 0, 3, 3]);
  assert.deepEqual(shown.states.playing, shown.sessions);
  assert.equal(shown.states.stalled.length, shown.seconds.length);
  assert.equal(shown.settledTo, 1_890);
});

test('it shows a minute at least', () => {
  assert.equal(sinceFirstViewer(curveFrom(890, 900), 1_900).seconds[0], 1_840);
});

test('steps wider than the lead begin one step before the first viewer', () => {
  assert.equal(sinceFirstViewer(curveFrom(600, 720, 30), 22_600).seconds[0], 1_000 + 599 * 30);
});

test('nothing changes when somebody is there at the start, or nobody at all', () => {
  for (const first of [0, 3, 900]) {
    const curve = curveFrom(first, 900);
    assert.equal(sinceFirstViewer(curve, 1_900), curve, `first viewer at step ${first}`);
  }
});

test('minutes begin with the first play, and five are shown at least', () => {
  const minutes = (first: number) =>
    Array.from({ length: 15 }, (_, i) => ({
      at: i * 60_000,
      attempts: 0,
      watchMs: i >= first ? 40_000 : 0,
      errors: 0,
    })) as Minute[];
  assert.equal(sinceFirstPlay(minutes(6))[0]?.at, 360_000);
  assert.equal(sinceFirstPlay(minutes(14)).length, 5);
  assert.equal(sinceFirstPlay(minutes(0)).length, 15);
  assert.equal(sinceFirstPlay(minutes(15)).length, 15);
  assert.equal(sinceFirstPlay(minutes(0).slice(0, 2)).length, 2);
});
