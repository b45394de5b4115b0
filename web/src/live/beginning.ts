import type { Curve, Minute } from './model';

/** Shown before the first second at which anyone was there; s. */
const LEAD_SECONDS = 5;
/** A curve is never shown shorter than this; s. */
const CURVE_SECONDS_MIN = 60;
/** A chart by minute is never shown shorter than this; minutes. */
const MINUTES_MIN = 5;

/**
 * The curve without the empty beginning of its window, so that an audience that came only recently
 * does not stand squeezed at the right edge. `to` is the window's end (Unix s). The same curve when
 * somebody is there at its start, or nobody at all.
 */
export function sinceFirstViewer(curve: Curve, to: number): Curve {
  const { seconds, sessions, states } = curve;
  const first = seconds[sessions.findIndex((viewers) => viewers > 0)];
  if (first === undefined) return curve;
  const begin = Math.min(first - LEAD_SECONDS, to - CURVE_SECONDS_MIN);
  // The last step at or before it, where steps are wider than the lead.
  const at = seconds.findLastIndex((second) => second <= begin);
  if (at <= 0) return curve;
  return {
    ...curve,
    seconds: seconds.slice(at),
    sessions: sessions.slice(at),
    states: Object.fromEntries(
      Object.entries(states).map(([state, counts]) => [state, counts.slice(at)]),
    ) as Curve['states'],
  };
}

/** The minutes since the first in which anything happened, and never less than the last five. */
export function sinceFirstPlay(minutes: Minute[]): Minute[] {
  const first = minutes.findIndex(({ attempts, watchMs, errors }) => attempts + watchMs + errors > 0);
  return first < 0 ? minutes : minutes.slice(Math.max(0, Math.min(first, minutes.length - MINUTES_MIN)));
}
