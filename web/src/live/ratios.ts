import type { Live, Sums } from './model';

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** Mean start-up time in ms, over the plays whose start-up time is known. */
export const startupMs = (sums: Sums) => ratio(sums.startupMsSum, sums.startupCount);

/** Stalled time as a share of watched time (CTA-2066). */
export const rebufferingRatio = (sums: Sums) => ratio(sums.stalledMs, sums.watchMs);

/** Mean bitrate in kbit/s, weighted by playing time, where the bitrate is known. */
export const bitrateKbps = (sums: Sums) => ratio(sums.bitrateKbitMs, sums.bitrateKnownMs);

/** Share of attempts that came to a first frame. */
export const startRate = (sums: Sums) => ratio(sums.plays, sums.attempts);

/** Live viewers at this moment: all who have neither finished nor gone. */
export function viewersNow(live: Live): number {
  return Object.values(live.now).reduce((sum, viewers) => sum + viewers, 0);
}

/** The highest point of the curve, with its time (Unix s); null when the curve is empty or zero. */
export function peak(live: Live): { sessions: number; second: number } | null {
  let best: { sessions: number; second: number } | null = null;
  live.curve.sessions.forEach((sessions, i) => {
    const second = live.curve.seconds[i];
    if (second !== undefined && sessions > (best?.sessions ?? 0)) best = { sessions, second };
  });
  return best;
}

/** Whether nothing at all happened in the window and nobody is there. */
export function isEmpty(live: Live): boolean {
  return (
    viewersNow(live) === 0 && peak(live) === null && live.totals.attempts === 0 && live.totals.watchMs === 0
  );
}
