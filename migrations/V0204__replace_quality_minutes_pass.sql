-- Asks for thirty minutes at a time, the youngest first, and last for the row of no tenant that tells when it began.
-- Why: what computes minutes keeps every row of all minutes that it was asked for in memory, with its viewers. A day that is computed
-- anew (late beacons after an outage, an upgrade) asked for all of its minutes at once: 492 minutes of 5,000 plays took 11.5 GiB, and
-- a server with less would have failed, begun anew and failed again. Thirty of these take about 1 GB. Such a pass takes minutes, and
-- may be killed between two turns, so that it counts as done only with its last one, and as of its begin (V0203).
-- Cost: what each turn costs by itself, however few minutes there are: 60 minutes took 27 and 40 s of engine CPU at once (two tries),
-- 35 s in two turns, 55 s in three, 86 s in six. Passes that have less than thirty minutes to compute, which is all of them but
-- after such events, are as before.
-- Undo: ALTER TABLE quality_minutes_pass MODIFY QUERY with the query of V0172
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
SELECT asked.1 AS tenant, asked.2 AS minute
FROM
(
    SELECT arrayJoin(if(empty(minutes), minutes, arrayPushBack(minutes, ('', toDateTime(now(), 'UTC'))))) AS asked
    FROM
    (
        SELECT groupArray((toString(w.tenant), w.minute)) AS minutes
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
    )
)
ORDER BY tenant = '', minute DESC, tenant
SETTINGS max_block_size = 30, min_insert_block_size_rows = 30, min_insert_block_size_bytes = 0, os_threads_nice_value_query = 10
