-- Every minute: finds those rows of sessions whose minutes never reached session_minutes.
-- Why: the two tables are written one after the other, and a server that dies in between leaves the second out.
-- Why from the oldest of three remembered times: rows written before an outage are still looked at after it, however long it
-- was. A row that was replaced before the sweep could see it is no loss: its successor cuts its minutes too
-- (session_rows_to_sessions_mv_v1). Why only rows older than a minute: nothing under way is taken for lost.
-- Cost: an anti-join of some three minutes of rows.
-- Undo: DROP VIEW IF EXISTS sessions_sweep_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_sweep_pass
REFRESH EVERY 60 SECOND APPEND TO minutes_lost AS
WITH
    now64(3) - INTERVAL 60 SECOND AS until,
    (
        SELECT greatest(if(count() = 3, min(newest), toDateTime64(0, 3, 'UTC')), now64(3) - INTERVAL ${frozen_after_hours} HOUR - INTERVAL 1 DAY)
        FROM (SELECT pass, max(version) AS newest FROM pass_runs WHERE startsWith(pass, 'sessions_sweep_') GROUP BY pass)
    ) AS swept
SELECT tenant, session_key, play_no, until AS swept_until
FROM
(
    SELECT s.tenant AS tenant, s.session_key AS session_key, s.play_no AS play_no
    FROM sessions AS s FINAL
    LEFT ANTI JOIN
    (
        SELECT tenant, session_key, play_no, version
        FROM session_minutes
        WHERE version > swept
    ) AS m ON m.tenant = s.tenant AND m.session_key = s.session_key AND m.play_no = s.play_no AND m.version = s.version
    WHERE s.version > swept
      -- Not as a bound on version: that would leave out today's partition just after midnight, and with it newer rows.
      AND toUnixTimestamp64Milli(s.version) < toUnixTimestamp64Milli(until)
      AND notEmpty(s.dirty_minutes)
      AND arrayMax(s.dirty_minutes) >= now() - INTERVAL ${frozen_after_hours} HOUR
    UNION ALL
    -- How far it looked.
    SELECT '', 0, 0
) AS found
COMMENT 'Finds plays whose minutes a dying server left out, every minute'
