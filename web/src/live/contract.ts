/** GET /v1/live as the API spells it (docs/api.md). Moments are RFC 3339 texts. */
export interface LiveAnswer {
  computed_at: string;
  complete_to: string | null;
  from: string;
  to: string;
  viewers_now: number;
  statuses: Record<string, number>;
  concurrency: ConcurrencyAnswer;
  totals: SumsAnswer;
  minutes: (SumsAnswer & { minute: string })[];
  top_content: (SumsAnswer & { content_id: string; title: string; viewers: number })[];
  device_classes: (SumsAnswer & { device_class: string; viewers: number })[];
}

/** The curve in columns: entry i stands at `from` + i x `step_seconds`. */
export interface ConcurrencyAnswer {
  from: string;
  step_seconds: number;
  sessions: number[];
  starting: number[];
  playing: number[];
  stalled: number[];
  seeking: number[];
  paused: number[];
  in_ad: number[];
  /** The newest step that every running session has reached. */
  latest: { second: string } | null;
  peak: { second: string; sessions: number } | null;
}

/** The additive measures that the page uses. */
export interface SumsAnswer {
  attempts: number;
  plays: number;
  startup_ms_sum: number;
  startup_count: number;
  stall_count: number;
  stalled_ms: number;
  watch_ms: number;
  bitrate_kbit_ms: number;
  bitrate_known_ms: number;
  error_count: number;
  failures: number;
  failures_before_start: number;
  exits_before_start: number;
}
