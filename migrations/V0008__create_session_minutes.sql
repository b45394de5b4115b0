-- What each play adds to each minute that it touches: the middle between sessions and the windows.
-- Why: a window is then the sum over one stretch of the primary key, whatever the dimensions, and a play that
-- changes rewrites its own minutes only. A minute that a play no longer touches is overwritten with zeros.
-- Why the partition: the day of computing closes for good, and an insert never spans two.
-- Row budget: one row per play and minute of its life; 16 bytes or less each.
-- Read by: minutes_due_to_quality_by_minute_mv_v1, minutes_due_to_quality_by_second_mv_v1, quality_minutes_pass, sessions_sweep_pass.
-- Undo: DROP TABLE IF EXISTS session_minutes
CREATE TABLE IF NOT EXISTS session_minutes
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
    here Array(Tuple(state UInt8, from_ms UInt16, to_ms UInt16)) COMMENT 'Its intervals in the minute: state (2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad), from, to; ms from the start of the minute',
    moments Array(Tuple(at_ms UInt16, measure UInt8)) COMMENT 'What happened in the minute and when: ms from its start; 1 attempt, 2 first frame, 3 end of a started play, 4 exit before start, 5 failure before start, 6 failure, 7 time-out, 8 stall, 9 error, 10 ad',
    attempts UInt8 COMMENT 'Plays that began; count',
    plays UInt8 COMMENT 'Plays that showed their first frame; count',
    startup_ms_sum UInt64 COMMENT 'Sum of known start-up times, at the first frame; ms',
    startup_count UInt8 COMMENT 'Start-up times in that sum; count',
    ended_plays UInt8 COMMENT 'Started plays that ended; count',
    finishes UInt8 COMMENT 'Plays that reached the end of the title; count',
    exits_before_start UInt8 COMMENT 'Plays left before the first frame; count',
    failures_before_start UInt8 COMMENT 'Plays failed before the first frame; count',
    business_failures_before_start UInt8 COMMENT 'Of these, refused by rule; count',
    failures UInt8 COMMENT 'Started plays that failed; count',
    business_failures UInt8 COMMENT 'Of these, refused by rule; count',
    timeouts UInt8 COMMENT 'Plays closed for silence; count',
    stall_count UInt32 COMMENT 'Stalls, by their start; count',
    seek_count UInt32 COMMENT 'Seeks, by their start; count',
    starting_ms UInt16 COMMENT 'Time in starting; ms',
    playing_ms UInt16 COMMENT 'Time in playing; ms',
    stalled_ms UInt16 COMMENT 'Time in stalled; ms',
    seeking_ms UInt16 COMMENT 'Time in seeking; ms',
    paused_ms UInt16 COMMENT 'Time in paused; ms',
    ad_ms UInt16 COMMENT 'Time in ad breaks; ms',
    bitrate_kbit_ms UInt64 COMMENT 'Playing ms times kbit/s, where the bitrate is known; bits',
    bitrate_known_ms UInt16 COMMENT 'Playing time with a known bitrate; ms',
    error_count UInt32 COMMENT 'Errors; count',
    fatal_error_count UInt32 COMMENT 'Fatal errors; count',
    ad_break_count UInt32 COMMENT 'Ad breaks begun; count',
    ad_impression_count UInt32 COMMENT 'Ads counted as seen; count',
    ad_start_count UInt32 COMMENT 'Ads begun; count',
    ad_first_quartile_count UInt32 COMMENT 'Ads played to a quarter; count',
    ad_midpoint_count UInt32 COMMENT 'Ads played to the half; count',
    ad_third_quartile_count UInt32 COMMENT 'Ads played to three quarters; count',
    ad_end_count UInt32 COMMENT 'Ads played to their end; count',
    ad_skip_count UInt32 COMMENT 'Ads skipped; count',
    ad_click_count UInt32 COMMENT 'Ads clicked; count',
    ad_error_count UInt32 COMMENT 'Ads failed; count',
    beacons_received UInt64 COMMENT 'Distinct beacons of sessions that ended; count',
    beacons_lost UInt64 COMMENT 'Gaps in the ordinals of sessions that ended; count',
    beacons_duplicated UInt64 COMMENT 'Copies sent again, of sessions that ended; count',
    counter_resets UInt64 COMMENT 'Counters begun anew, of sessions that ended; count',
    version DateTime64(3, 'UTC') COMMENT 'Version of the row of sessions from which it comes; the latest stays',
    INDEX version_minmax version TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree(version)
PARTITION BY toDate(version)
-- Why: a window is computed from whole minutes.
ORDER BY (tenant, minute, session_key, play_no)
TTL toDateTime(version) + INTERVAL ${frozen_after_hours} HOUR + INTERVAL 2 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'What each play adds to each minute; the latest version counts'
