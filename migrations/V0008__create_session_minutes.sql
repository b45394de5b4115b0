-- What each play adds to each minute that it touches: the middle between sessions and the windows.
-- Why: a window is then the sum over one stretch of the primary key, whatever the dimensions, and a play that
-- changes rewrites its own minutes only. A minute that a play no longer touches is overwritten with zeros.
-- Why one array of counts: in most minutes nothing happens, and a column costs the same whether it holds anything or not.
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
    counts Array(UInt64) COMMENT 'What happened in the minute, empty when nothing did: 1 plays that began, 2 first frames, 3 and 4 sum (ms) and number of known start-up times, 5 ends of started plays, 6 finishes, 7 exits before start, 8 failures before start, 9 those refused by rule, 10 failures, 11 those refused by rule, 12 time-outs, 13 stalls, 14 seeks, 15 errors, 16 fatal ones, 17 ad breaks, 18 ad impressions, 19 ad starts, 20 to 22 ad quartiles, 23 ad ends, 24 ad skips, 25 ad clicks, 26 ad errors, 27 to 30 beacons received, lost and duplicated and counters begun anew of sessions that ended',
    starting_ms UInt16 COMMENT 'Time in starting; ms',
    playing_ms UInt16 COMMENT 'Time in playing; ms',
    stalled_ms UInt16 COMMENT 'Time in stalled; ms',
    seeking_ms UInt16 COMMENT 'Time in seeking; ms',
    paused_ms UInt16 COMMENT 'Time in paused; ms',
    ad_ms UInt16 COMMENT 'Time in ad breaks; ms',
    bitrate_kbit_ms UInt64 COMMENT 'Playing ms times kbit/s, where the bitrate is known; bits',
    bitrate_known_ms UInt16 COMMENT 'Playing time with a known bitrate; ms',
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
