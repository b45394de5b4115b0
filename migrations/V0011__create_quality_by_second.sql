-- Concurrency and quality by second, with few dimensions.
-- Why computed whole by minute: a minute is what sessions are cut into.
-- Row budget: 6 classes x CDNs with an audience in it (plan 30 a second, 2.6 million a day)
-- Read by: quality_by_second_v, quality_ten_seconds_pass. Cost: about 25 bytes a row.
-- Undo: DROP TABLE IF EXISTS quality_by_second
CREATE TABLE IF NOT EXISTS quality_by_second
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    second DateTime('UTC') COMMENT 'The second; event time',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN, empty = unknown',
    sessions UInt64 COMMENT 'Plays there at the first instant of it, every state but preloading; count',
    starting UInt64 COMMENT 'Of these in starting; count',
    playing UInt64 COMMENT 'Of these in playing; count',
    stalled UInt64 COMMENT 'Of these in stalled; count',
    seeking UInt64 COMMENT 'Of these in seeking; count',
    paused UInt64 COMMENT 'Of these in paused; count',
    in_ad UInt64 COMMENT 'Of these in in_ad; count',
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
ORDER BY (tenant, second, device_class, cdn)
TTL second + INTERVAL 10 DAY
COMMENT 'Concurrency and quality by second, device class and CDN'
