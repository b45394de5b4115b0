-- Every ten seconds: asks for the minutes that have newer parts than their row, or parts so little older that they may have
-- become visible after it was computed: a version is taken some time before its row can be read. Once more two minutes after
-- the last part, for those that took longer. It looks back from where it has come itself, not from the newest part: after an
-- outage it takes up where it stopped.
-- Why a pause that grows with the plays there: a minute is computed whole, so a large one that changes all the time would cost
-- the same again every ten seconds. A young minute waits a second for every 2,000 plays, a minute at most; one that only late
-- beacons change a second for every 200, ten minutes at most.
-- Cost: the keys of what was written in the last quarter of an hour; what it asks for costs the plays there in these minutes.
-- Undo: DROP VIEW IF EXISTS quality_minutes_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS quality_minutes_pass
REFRESH EVERY 10 SECOND APPEND TO minutes_due AS
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
COMMENT 'Asks for the minutes that are due, every ten seconds'
