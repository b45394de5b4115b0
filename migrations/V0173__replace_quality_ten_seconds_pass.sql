-- Computes at nice 10, so that on busy cores it waits for the blocks of beacons and for sessions that just ended; see
-- V0170. Nothing else differs from V0057.
-- Undo: ALTER TABLE quality_ten_seconds_pass MODIFY QUERY with the query of V0057
ALTER TABLE quality_ten_seconds_pass MODIFY QUERY
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'quality_by_ten_seconds') AS computed_until,
    due AS
    (
        SELECT f.tenant AS tenant, f.ten_seconds AS ten_seconds
        FROM
        (
            SELECT tenant, toStartOfInterval(second, INTERVAL 10 SECOND)::DateTime('UTC') AS ten_seconds, max(version) AS newest
            FROM quality_by_second
            WHERE version > least(computed_until, now64(3)) - INTERVAL 5 MINUTE
            GROUP BY tenant, ten_seconds
        ) AS f
        LEFT JOIN
        (
            SELECT tenant, ten_seconds, max(version) AS computed
            FROM quality_by_ten_seconds
            WHERE version > least(computed_until, now64(3)) - INTERVAL 5 MINUTE
            GROUP BY tenant, ten_seconds
        ) AS c ON c.tenant = f.tenant AND c.ten_seconds = f.ten_seconds
        WHERE f.newest > c.computed - INTERVAL 15 SECOND OR (c.computed < f.newest + INTERVAL 120 SECOND AND now64(3) >= f.newest + INTERVAL 120 SECOND)
    ),
    (SELECT min(ten_seconds) FROM due) AS first_due,
    (SELECT max(ten_seconds) FROM due) AS last_due
SELECT
    f.tenant AS tenant,
    
    toStartOfInterval(f.second, INTERVAL 10 SECOND)::DateTime('UTC') AS ten_seconds,
    f.device_class AS device_class, f.cdn AS cdn,
    max(f.sessions) AS peak_sessions,
    sum(f.starting_ms) AS starting_ms,
    sum(f.playing_ms) AS playing_ms,
    sum(f.stalled_ms) AS stalled_ms,
    sum(f.seeking_ms) AS seeking_ms,
    sum(f.paused_ms) AS paused_ms,
    sum(f.ad_ms) AS ad_ms,
    sum(f.attempts) AS attempts,
    sum(f.plays) AS plays,
    sum(f.ended_plays) AS ended_plays,
    sum(f.exits_before_start) AS exits_before_start,
    sum(f.failures_before_start) AS failures_before_start,
    sum(f.failures) AS failures,
    sum(f.timeouts) AS timeouts,
    sum(f.stall_count) AS stall_count,
    sum(f.error_count) AS error_count,
    sum(f.ad_start_count) AS ad_start_count,
    
    now64(3) AS version
FROM quality_by_second${all} AS f FINAL
WHERE f.second >= first_due AND toStartOfInterval(f.second, INTERVAL 10 SECOND)::DateTime('UTC') <= last_due
  AND (f.tenant, toStartOfInterval(f.second, INTERVAL 10 SECOND)::DateTime('UTC')) IN (SELECT tenant, ten_seconds FROM due)
GROUP BY tenant, ten_seconds, device_class, cdn
SETTINGS os_threads_nice_value_query = 10
