-- Computes at nice 15, so that on busy cores it waits for the blocks of beacons and for sessions that just ended; see
-- V0170. Nothing else differs from V0055.
-- Undo: ALTER TABLE sessions_sweep_pass MODIFY QUERY with the query of V0055
ALTER TABLE sessions_sweep_pass MODIFY QUERY
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
SETTINGS os_threads_nice_value_query = 15
