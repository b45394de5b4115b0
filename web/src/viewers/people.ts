import type { LiveViewer } from '../api/contract';

/** What a viewer can be doing (docs/sessions.md, section 8), those who are there first. */
export const STATUSES = ['watching', 'paused', 'buffering', 'in_ad', 'starting', 'finished', 'gone'] as const;
export type Status = (typeof STATUSES)[number];

/** How long who has left is still shown; ms. */
export const LEFT_SHOWN_MS = 120_000;
/** A playhead is not moved further on than this beyond the last beacon; ms. */
const ADVANCE_MAX_MS = 180_000;

/** One viewer with all devices that watch; a session without a viewer id stands for itself. */
export interface Person {
  key: string;
  viewerId: string;
  devices: LiveViewer[];
}

/** Gathers sessions by viewer, the viewers in an order that does not jump as beacons come. */
export function peopleOf(viewers: readonly LiveViewer[]): Person[] {
  const people = new Map<string, Person>();
  for (const viewer of viewers) {
    const key = viewer.viewer_id === '' ? `session ${viewer.session_key}` : `viewer ${viewer.viewer_id}`;
    const person = people.get(key) ?? { key, viewerId: viewer.viewer_id, devices: [] };
    person.devices.push(viewer);
    people.set(key, person);
  }
  const inOrder = [...people.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { devices } of inOrder) devices.sort((a, b) => (a.session_key < b.session_key ? -1 : 1));
  return inOrder;
}

/**
 * Where the playhead is now: who is watching has moved on since the last beacon. Times are Unix ms by the gateway's
 * clock.
 */
export function positionAt(viewer: LiveViewer, now: number): number | null {
  if (viewer.position_ms === null) return null;
  if (viewer.status !== 'watching') return viewer.position_ms;
  const since = now - Date.parse(viewer.last_seen_at);
  return viewer.position_ms + Math.min(Math.max(since, 0), ADVANCE_MAX_MS);
}

/** Of those who have left, the ones who were there a moment ago. */
export function leftLately(viewers: readonly LiveViewer[], now: number): LiveViewer[] {
  return viewers.filter(({ last_seen_at }) => now - Date.parse(last_seen_at) < LEFT_SHOWN_MS);
}
