-- Computes at nice 10, so that on busy cores it waits for the blocks of beacons and for sessions that just ended; see
-- V0170. Nothing else differs from V0123.
-- Undo: ALTER TABLE concurrent_viewers_pass MODIFY QUERY with the query of V0123
ALTER TABLE concurrent_viewers_pass MODIFY QUERY
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'concurrent_viewers_by_second') AS computed_until,
    due AS
    (
        SELECT f.tenant AS tenant, f.minute AS minute
        FROM
        (
            SELECT tenant, toStartOfMinute(second)::DateTime('UTC') AS minute, max(version) AS newest
            FROM quality_by_second
            WHERE version > least(computed_until, now64(3)) - INTERVAL 5 MINUTE
            GROUP BY tenant, minute
        ) AS f
        LEFT JOIN
        (
            SELECT tenant, toStartOfMinute(second)::DateTime('UTC') AS minute, max(version) AS computed
            FROM concurrent_viewers_by_second
            WHERE version > least(computed_until, now64(3)) - INTERVAL 5 MINUTE
            GROUP BY tenant, minute
        ) AS c ON c.tenant = f.tenant AND c.minute = f.minute
        WHERE f.newest > c.computed - INTERVAL 15 SECOND OR (c.computed < f.newest + INTERVAL 120 SECOND AND now64(3) >= f.newest + INTERVAL 120 SECOND)
    ),
    (SELECT min(minute) FROM due) AS first_due,
    (SELECT max(minute) FROM due) AS last_due
SELECT
    f.tenant AS tenant,
    f.second AS second,
    sum(f.sessions) AS sessions,
    sum(f.starting) AS starting,
    sum(f.playing) AS playing,
    sum(f.stalled) AS stalled,
    sum(f.seeking) AS seeking,
    sum(f.paused) AS paused,
    sum(f.in_ad) AS in_ad,
    now64(3) AS version
FROM quality_by_second${all} AS f FINAL
WHERE f.second >= first_due AND f.second < last_due + INTERVAL 1 MINUTE
  AND (f.tenant, toStartOfMinute(f.second)::DateTime('UTC')) IN (SELECT tenant, minute FROM due)
GROUP BY tenant, second
SETTINGS os_threads_nice_value_query = 10
