import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Beacon, LiveViewer, MissingBeacons } from '../src/api/contract';
import { gapsOf } from '../src/sessions/gaps';
import { leftLately, peopleOf, positionAt } from '../src/viewers/people';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const viewer = (facts: Partial<LiveViewer>) =>
  ({
    session_key: '1',
    viewer_id: '',
    status: 'watching',
    position_ms: 60_000,
    last_seen_at: '2026-11-21T09:59:50Z',
    ...facts,
  }) as LiveViewer;

test('who watches has moved on since the last beacon, and nobody else has', () => {
  assert.equal(positionAt(viewer({}), NOW), 70_000);
  assert.equal(positionAt(viewer({ status: 'paused' }), NOW), 60_000);
  assert.equal(positionAt(viewer({ position_ms: null }), NOW), null);
  assert.equal(positionAt(viewer({ last_seen_at: '2026-11-21T10:00:05Z' }), NOW), 60_000);
  assert.equal(positionAt(viewer({ last_seen_at: '2026-11-21T09:00:00Z' }), NOW), 240_000);
});

test('devices of one viewer stand together, and sessions without one alone', () => {
  const people = peopleOf([
    viewer({ session_key: '3', viewer_id: 'b' }),
    viewer({ session_key: '2', viewer_id: 'b' }),
    viewer({ session_key: '4' }),
    viewer({ session_key: '5' }),
  ]);
  assert.deepEqual(
    people.map(({ devices }) => devices.map(({ session_key }) => session_key)),
    [['4'], ['5'], ['2', '3']],
  );
});

test('who left a moment ago is still shown', () => {
  const left = [
    viewer({ session_key: '1' }),
    viewer({ session_key: '2', last_seen_at: '2026-11-21T09:00:00Z' }),
  ];
  assert.deepEqual(
    leftLately(left, NOW).map(({ session_key }) => session_key),
    ['1'],
  );
});

test('a gap stands between the beacons around it, in its own stream', () => {
  const beacon = (stream: string, seq: number, second: number): Beacon => ({
    kind: 'beacon',
    stream,
    seq,
    seq_is_ordinal: true,
    event: 'heartbeat',
    event_time: new Date(second * 1000).toISOString(),
    received_time: new Date(second * 1000).toISOString(),
  });
  const gap: MissingBeacons = { kind: 'gap', stream: 'a', first_seq: 2, last_seq: 3, count: 2 };
  const items = [beacon('a', 1, 10), beacon('b', 2, 12), gap, beacon('a', 4, 20)];
  assert.deepEqual(gapsOf(items), [{ stream: 'a', from: 10_000, to: 20_000, lost: 2 }]);
  assert.deepEqual(gapsOf(items.slice(1)), [{ stream: 'a', from: 20_000, to: 20_000, lost: 2 }]);
  assert.deepEqual(gapsOf([gap]), []);
});
