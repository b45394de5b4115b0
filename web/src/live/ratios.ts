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

/** Whether nothing at all happened in the window and nobody is there. */
export function isEmpty(live: Live): boolean {
  const { curve, totals, viewersNow } = live;
  return viewersNow === 0 && curve.peak === null && totals.attempts === 0 && totals.watchMs === 0;
}
