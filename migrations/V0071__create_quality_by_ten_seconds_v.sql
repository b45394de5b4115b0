-- Concurrency and quality by ten seconds, device class and CDN. Rows of zeros are left out.
-- The peak is that of each row; peaks of different rows need not fall into the same second. Cost: FINAL over the rows asked for.
-- Undo: DROP VIEW IF EXISTS quality_by_ten_seconds_v
CREATE VIEW IF NOT EXISTS quality_by_ten_seconds_v
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
    ad_start_count UInt64 COMMENT 'Ads begun; count'
)
AS SELECT
    q.tenant AS tenant,
    q.ten_seconds AS ten_seconds,
    q.device_class AS device_class,
    q.cdn AS cdn,
    q.peak_sessions AS peak_sessions,
    q.starting_ms AS starting_ms,
    q.playing_ms AS playing_ms,
    q.stalled_ms AS stalled_ms,
    q.seeking_ms AS seeking_ms,
    q.paused_ms AS paused_ms,
    q.ad_ms AS ad_ms,
    q.attempts AS attempts,
    q.plays AS plays,
    q.ended_plays AS ended_plays,
    q.exits_before_start AS exits_before_start,
    q.failures_before_start AS failures_before_start,
    q.failures AS failures,
    q.timeouts AS timeouts,
    q.stall_count AS stall_count,
    q.error_count AS error_count,
    q.ad_start_count AS ad_start_count
FROM quality_by_ten_seconds${all} AS q FINAL
WHERE (q.peak_sessions + q.starting_ms + q.playing_ms + q.stalled_ms + q.seeking_ms + q.paused_ms + q.ad_ms + q.attempts + q.plays + q.ended_plays + q.exits_before_start + q.failures_before_start + q.failures + q.timeouts + q.stall_count + q.error_count + q.ad_start_count) > 0
COMMENT 'Concurrency and quality by ten seconds, device class and CDN; measures add up, peaks do not'
