-- Concurrency and quality by ten seconds, summed from the seconds.
-- Row budget: a tenth of the seconds (plan 3 a second)
-- Read by: quality_by_ten_seconds_v. Cost: about 25 bytes a row.
-- Undo: DROP TABLE IF EXISTS quality_by_ten_seconds
CREATE TABLE IF NOT EXISTS quality_by_ten_seconds
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    ten_seconds DateTime('UTC') COMMENT 'Start of the ten seconds; event time',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN, empty = unknown',
    peak_sessions UInt64 COMMENT 'Most plays there at the first instant of any of its seconds; count',
    starting_ms UInt64 COMMENT 'Time in starting; ms',
    playing_ms UInt64 COMMENT 'Time in playing; ms',
    stalled_ms UInt64 COMMENT 'Time in stalled; ms',
    seeking_ms UInt64 COMMENT 'Time in seeking; ms',
    paused_ms UInt64 COMMENT 'Time in paused; ms',
    ad_ms UInt64 COMMENT 'Time in ad breaks; ms',
    attempts UInt64 COMMENT 'Plays that began; count',
    plays UInt64 COMMENT 'Plays that showed their first frame; count',
    ended_plays UInt64 COMMENT 'Started plays that ended; count',
    exits_before_start UInt64 COMMENT 'Plays left before the first frame; count',
    failures_before_start UInt64 COMMENT 'Plays failed before the first frame; count',
    failures UInt64 COMMENT 'Started plays that failed; count',
    timeouts UInt64 COMMENT 'Plays closed for silence; count',
    stall_count UInt64 COMMENT 'Stalls, by their start; count',
    error_count UInt64 COMMENT 'Errors; count',
    ad_start_count UInt64 COMMENT 'Ads begun; count',
    version DateTime64(3, 'UTC') COMMENT 'When the row was computed; the latest stays',
    INDEX version_minmax version TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree(version)
-- Why: readers ask for a window of a tenant.
ORDER BY (tenant, ten_seconds, device_class, cdn)
TTL ten_seconds + INTERVAL 60 DAY
COMMENT 'Concurrency and quality by ten_seconds, device class and CDN'
