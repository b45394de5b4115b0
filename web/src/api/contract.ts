/** Stands in every answer. */
export interface Stamp {
  from_cache: boolean;
  computed_at: string;
  complete_to: string | null;
  final_before: string;
  /** The views or rollups that were read. */
  computed_from?: string | string[];
  definition?: string;
}

/** Values of dimensions that tell rows and series apart; an empty one is unknown. */
export type Group = Record<string, string>;

/** A metric of the registry (GET /v1/metrics). */
export interface Metric {
  name: string;
  concept: string;
  family: string;
  meaning: string;
  unit: string;
  grain: string;
  formula: string;
  higher_is: string;
}

export interface MetricsAnswer {
  metrics: Metric[];
}

export interface TimeseriesAnswer extends Stamp {
  from: string;
  to: string;
  step_seconds: number;
  times: string[];
  series: { group: Group; metrics: Record<string, (number | null)[]> }[];
}

export interface BreakdownAnswer extends Stamp {
  from: string;
  to: string;
  rows: { group: Group; metrics: Record<string, number | null> }[];
  next_cursor: string | null;
}

/** A metric in a window and in the one that it is compared with. */
export interface Change {
  value: number | null;
  before: number | null;
  change: number | null;
  change_ratio: number | null;
}

export interface ComparisonAnswer extends Stamp {
  from: string;
  to: string;
  rows: { group: Group; metrics: Record<string, Change> }[];
}

/** A value of a dimension, and how much of a metric's change comes from it. */
export interface Contributor {
  dimension: string;
  value: string;
  contribution: number | null;
  share: number | null;
  value_now: number | null;
  value_before: number | null;
}

export interface ChangesAnswer extends Stamp {
  value: number | null;
  before: number | null;
  contributors: Contributor[];
}

export interface DimensionsAnswer {
  dimensions: { name: string; meaning?: string }[];
}

export interface DimensionValuesAnswer {
  values: { value: string }[];
}

/** A viewer of GET /v1/viewers/live. */
export interface LiveViewer {
  session_key: string;
  session_id: string;
  viewer_id: string;
  device_class: string;
  country: string;
  content_id: string;
  state: string;
  in_ad: boolean;
  status: string;
  position_ms: number | null;
  bitrate_kbps: number | null;
  buffer_ms: number | null;
  last_seen_at: string;
}

export interface LiveViewersAnswer extends Stamp {
  statuses: Record<string, number>;
  viewers_now: number;
  viewers: LiveViewer[];
}

/** What lists show of a play (docs/api.md). */
export interface PlaySummary {
  play_no: number;
  session_key: string;
  session_id: string;
  viewer_id: string;
  content_id: string;
  content_title: string;
  started_at: string;
  first_frame_at: string | null;
  last_seen_at: string;
  ended_at: string | null;
  end_reason: string;
  startup_ms: number | null;
  watch_ms: number;
  playing_ms: number;
  stalled_ms: number;
  stall_count: number;
  error_count: number;
  last_error_code: string;
  average_bitrate_kbps: number | null;
  device_class: string;
  os_name: string;
  app_version: string;
  cdn: string;
  country: string;
}

/** What the page of one play uses beside that. */
export interface Play extends PlaySummary {
  device_id: string;
  paused_ms: number;
  ad_ms: number;
  seek_count: number;
  beacons_received: number;
  beacons_lost: number;
  beacons_duplicated: number;
  device_model: string;
  os_version: string;
  player_name: string;
  player_version: string;
  isp: string;
  source: string;
}

/** A play with its timeline. */
export interface PlayTimeline extends Play {
  intervals: { state: string; from: string; to: string }[];
  renditions: { from: string; to: string; bitrate_kbps: number }[];
  events: {
    at: string;
    code: number;
    quartile: number;
    error_code: string;
    ad_id: string;
    break_id: string;
  }[];
}

export interface SessionsAnswer extends Stamp {
  from: string;
  to: string;
  has_more: boolean;
  sessions: PlaySummary[];
  next_cursor: string | null;
}

export interface SessionAnswer extends Stamp {
  plays: PlayTimeline[];
}

/** A beacon as the warehouse keeps it; what it does not tell is left out. */
export interface Beacon {
  kind: 'beacon';
  stream: string;
  seq: number;
  seq_is_ordinal: boolean;
  event: string;
  state?: string;
  event_time: string;
  received_time: string;
  position_ms?: number;
  bitrate_kbps?: number;
  buffer_ms?: number;
}

/** Beacons of a counter that never came. */
export interface MissingBeacons {
  kind: 'gap';
  stream: string;
  first_seq: number;
  last_seq: number;
  count: number;
}

export interface BeaconsAnswer extends Stamp {
  delivery: { beacons_received: number; beacons_lost: number; beacons_duplicated: number };
  items: (Beacon | MissingBeacons)[];
  next_cursor: string | null;
}
