-- Asks for minutes of 200,000 plays at a time, and leaves the others to the next pass.
-- Why: what computes minutes keeps every play of all minutes that it was asked for in memory, with its viewer. A day that is computed
-- anew (late beacons after an outage, an upgrade) asked for all of its minutes at once: 492 minutes of 5,000 plays took 11.5 GiB, and
-- a server with less would have failed, begun anew and failed again. 300,000 plays take about 1.7 GB. A minute with more plays than
-- that is computed by itself.
-- Every second pass takes the youngest first, since people look at them; the others take what was computed longest ago, so that no
-- minute waits for ever. A minute that is left stays due: how far the passes have looked is told by the oldest row of a due minute, and
-- by nothing that a pass wrote, so that one which is killed half-way is done again (as the row of no tenant; V0203).
-- Cost: what each pass costs by itself, about a second of engine CPU beside a rollup of 26 million rows. Up to 200,000 plays, which
-- is all but such events and more than 100,000 viewers, everything is as before.
-- Undo: ALTER TABLE quality_minutes_pass MODIFY QUERY with the query of V0172
ALTER TABLE quality_minutes_pass MODIFY QUERY
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'quality_by_minute') AS looked_until,
    written AS
    (
        SELECT tenant, minute, max(version) AS newest
        FROM session_minutes
        WHERE version > least(looked_until, now64(3)) - INTERVAL 15 MINUTE
        GROUP BY tenant, minute
    )
SELECT asked.1 AS tenant, asked.2 AS minute
FROM
(
    SELECT
        groupArrayIf((tenant, minute, plays, computed), is_due) AS due,
        if(empty(due), now64(3), minIf(newest, is_due)) AS looked,
        arraySort(one -> (if(toUnixTimestamp(now()) % 20 < 10, 0, toUnixTimestamp64Milli(one.4)), -toInt64(toUnixTimestamp(one.2))), due) AS in_order,
        arrayFilter((one, plays_with) -> plays_with - one.3 < 200000, in_order, arrayCumSum(one -> one.3, in_order)) AS taken,
        arrayConcat(
            arrayMap(one -> (one.1, one.2), taken),
            if(count() > 0 AND looked > looked_until + INTERVAL 1 MINUTE, [('', toDateTime(looked, 'UTC'))], [])
        ) AS all_asked
    FROM
    (
        SELECT
            toString(w.tenant) AS tenant,
            w.minute AS minute,
            w.newest AS newest,
            q.computed AS computed,
            p.plays AS plays,
            (w.newest > q.computed - INTERVAL 15 SECOND OR (q.computed < w.newest + INTERVAL 120 SECOND AND now64(3) >= w.newest + INTERVAL 120 SECOND))
            AND q.computed <= now64(3) - toIntervalSecond(if(w.minute > now() - INTERVAL 5 MINUTE, least(p.plays / 2000, 60), least(p.plays / 200, 600))) AS is_due
        FROM written AS w
        LEFT JOIN
        (
            SELECT tenant, minute, max(version) AS computed
            FROM quality_by_minute
            WHERE version > least(looked_until, now64(3)) - INTERVAL 15 MINUTE
            GROUP BY tenant, minute
        ) AS q ON q.tenant = w.tenant AND q.minute = w.minute
        LEFT JOIN
        (
            SELECT tenant, minute, count() AS plays
            FROM session_minutes
            WHERE (tenant, minute) IN (SELECT tenant, minute FROM written)
            GROUP BY tenant, minute
        ) AS p ON p.tenant = w.tenant AND p.minute = w.minute
    )
)
ARRAY JOIN all_asked AS asked
SETTINGS os_threads_nice_value_query = 10
