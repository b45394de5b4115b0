/** GET /v1/live as the API spells it (docs/api.md). Times are Unix ms, `second` Unix s. */
export interface LiveAnswer {
  generated_at: number;
  complete_to: number | null;
  from: number;
  to: number;
  concurrency: {
    second: number[];
    sessions: number[];
    starting: number[];
    playing: number[];
    stalled: number[];
    seeking: number[];
    paused: number[];
    in_ad: number[];
  };
  minutes: MinuteAnswer[];
  totals: SumsAnswer;
  status: Record<string, number>;
  top_content: (SumsAnswer & { content_id: string; title?: string; viewers: number })[];
  device_classes: (SumsAnswer & { device_class: string; viewers: number })[];
}

/** Additive measures by their names in the warehouse. */
export interface SumsAnswer {
  attempts: number;
  plays: number;
  startup_ms_sum: number;
  startup_count: number;
  stall_count: number;
  starting_ms: number;
  playing_ms: number;
  stalled_ms: number;
  seeking_ms: number;
  ad_ms: number;
  bitrate_kbit_ms: number;
  bitrate_known_ms: number;
  error_count: number;
  failures: number;
  failures_before_start: number;
  exits_before_start: number;
}

/** The sums of the minute that starts at `minute`. */
export interface MinuteAnswer extends SumsAnswer {
  minute: number;
}
