-- Plays cut into the minutes that they change, times from the start of the minute (docs/sessions.md 9).
-- Stores nothing: a step between sessions and session_minutes. Read by: session_pieces_to_session_minutes_mv_v1. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS session_pieces
CREATE TABLE IF NOT EXISTS session_pieces
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    minute DateTime('UTC') COMMENT 'Start of the minute; event time',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    play_no UInt16 COMMENT 'Which play of the session',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    country LowCardinality(String) COMMENT 'Country, empty = unknown',
    region LowCardinality(String) COMMENT 'Region, empty = unknown',
    isp LowCardinality(String) COMMENT 'Internet provider, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN, empty = unknown',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown',
    source LowCardinality(String) COMMENT 'Door by which its beacons came',
    experiments Map(LowCardinality(String), LowCardinality(String)) COMMENT 'Experiment to variant',
    viewer_key UInt64 COMMENT 'Hash of the viewer id, 0 = not told',
    startup_ms Nullable(UInt64) COMMENT 'Start-up time: starting, until the first frame, without breaks and pauses; ms; NULL when not known',
    is_started Bool COMMENT 'Whether a frame of the content was shown',
    end_reason LowCardinality(String) COMMENT 'running, finished, exited, exited_before_start, failed, failed_before_start or timed_out',
    is_business_failure Bool COMMENT 'It failed by rule (geography, concurrency), not for a technical reason; beacon field error',
    delivery Array(UInt64) COMMENT 'Beacons received, lost and duplicated, and counters begun anew',
    here Array(Tuple(state UInt8, from_ms UInt16, to_ms UInt16)) COMMENT 'Its intervals in the minute: state (2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad), from, to; ms from the start of the minute',
    stalls Array(UInt16) COMMENT 'Where its stalls in the minute begin; ms',
    seek_count UInt64 COMMENT 'Seeks that begin in the minute; count',
    encoded Array(Tuple(Int64, Int64, UInt32)) COMMENT 'Its renditions in the minute: from, to, kbit/s; Unix ms',
    told Array(Tuple(UInt16, UInt8, UInt8)) COMMENT 'Its events in the minute: ms from its start, code, quartile',
    begun_ms Int64 COMMENT 'Where the play begins; ms from the start of the minute',
    shown_ms Int64 COMMENT 'Its first frame; ms from the start of the minute',
    over_ms Int64 COMMENT 'Its end; ms from the start of the minute',
    is_begun Bool COMMENT 'The play begins in the minute',
    is_shown Bool COMMENT 'Its first frame is in the minute',
    is_over Bool COMMENT 'Its end is in the minute',
    version DateTime64(3, 'UTC') COMMENT 'Version of the row of sessions from which it comes; the latest stays'
)
ENGINE = Null
COMMENT 'Plays cut into minutes; stores nothing'
