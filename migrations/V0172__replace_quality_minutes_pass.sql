-- Computes at nice 10, so that on busy cores it waits for the blocks of beacons and for sessions that just ended; see
-- V0170. Nothing else differs from V0056.
-- Undo: ALTER TABLE quality_minutes_pass MODIFY QUERY with the query of V0056
ALTER TABLE quality_minutes_pass MODIFY QUERY
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'quality_by_minute') AS computed_until,
    written AS
    (
        SELECT tenant, minute, max(version) AS newest
        FROM session_minutes
        WHERE version > least(computed_until, now64(3)) - INTERVAL 15 MINUTE
        GROUP BY tenant, minute
    )
SELECT w.tenant AS tenant, w.minute AS minute
FROM written AS w
LEFT JOIN
(
    SELECT tenant, minute, max(version) AS computed
    FROM quality_by_minute
    WHERE version > least(computed_until, now64(3)) - INTERVAL 15 MINUTE
    GROUP BY tenant, minute
) AS q ON q.tenant = w.tenant AND q.minute = w.minute
LEFT JOIN
(
    SELECT tenant, minute, count() AS plays
    FROM session_minutes
    WHERE (tenant, minute) IN (SELECT tenant, minute FROM written)
    GROUP BY tenant, minute
) AS p ON p.tenant = w.tenant AND p.minute = w.minute
WHERE (w.newest > q.computed - INTERVAL 15 SECOND OR (q.computed < w.newest + INTERVAL 120 SECOND AND now64(3) >= w.newest + INTERVAL 120 SECOND))
  AND q.computed <= now64(3) - toIntervalSecond(if(w.minute > now() - INTERVAL 5 MINUTE, least(p.plays / 2000, 60), least(p.plays / 200, 600)))
SETTINGS os_threads_nice_value_query = 10
