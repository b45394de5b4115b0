/** What the page shows, independent of how the API spells it. All times are Unix ms. */
export interface Live {
  /** When the answer was made. */
  asOf: number;
  /** Everything received by then is counted, and sessions silent by then are closed. */
  completeTo: number | null;
  from: number;
  to: number;
  curve: Curve;
  /** One entry for each minute of the window, oldest first. */
  minutes: Minute[];
  totals: Sums;
  /** Sessions that are there at this moment: all but those finished or gone. */
  viewersNow: number;
  /** The same by what they do. */
  now: Record<Doing, number>;
  content: Group[];
  devices: Group[];
}

/** What a live viewer can be doing (docs/sessions.md, section 10, without those who have left). */
export const DOINGS = ['watching', 'in_ad', 'paused', 'starting', 'buffering'] as const;
export type Doing = (typeof DOINGS)[number];

/** The states of the concurrency curve, in the order in which they are stacked, lowest first. */
export const CURVE_STATES = ['playing', 'in_ad', 'paused', 'seeking', 'starting', 'stalled'] as const;
export type CurveState = (typeof CURVE_STATES)[number];

/** Sessions at the instants `seconds` (Unix s, rising, evenly spaced), whole and by state. */
export interface Curve {
  seconds: number[];
  sessions: number[];
  states: Record<CurveState, number[]>;
  /** The newest instant that every running session has reached (Unix s). */
  settledTo: number | null;
  /** The highest second of the window, looked at second by second; null when nobody was there. */
  peak: { second: number; sessions: number } | null;
}

/** Additive measures (docs/sessions.md, section 9): ratios are made from sums, never from ratios. */
export interface Sums {
  attempts: number;
  plays: number;
  startupMsSum: number;
  startupCount: number;
  stallCount: number;
  stalledMs: number;
  /** CTA-2066 watched time: starting, playing, stalled, seeking and ads; no pauses. */
  watchMs: number;
  /** ms x kbit/s of playing time with a known bitrate. */
  bitrateKbitMs: number;
  bitrateKnownMs: number;
  errors: number;
  failures: number;
  exitsBeforeStart: number;
}

/** The sums of one minute. */
export interface Minute extends Sums {
  /** Its start. */
  at: number;
}

/** One row of a table: a title or a kind of device. */
export interface Group {
  /** Identifies the row; empty when unknown. */
  id: string;
  /** For people; the id where nothing better is known. */
  label: string;
  /** Live viewers at this moment. */
  viewers: number;
  sums: Sums;
}
