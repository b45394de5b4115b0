-- Every two seconds: computes the sessions that began, showed their first frame or ended since this pass last wrote.
-- Why only those: everything else of a running session can wait for the slow pass, and computing each session at each
-- of its beacons would be the largest cost of the warehouse.
-- Why an overlap of a minute below the watermark: under load a block becomes visible long after its `seen` was taken.
-- It costs little, since a session whose row was computed from marks as new as that is left out.
-- Cost: planning, and the sessions that begin and end, twice where the first frame comes later.
-- Undo: DROP VIEW IF EXISTS sessions_fast_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_fast_pass
REFRESH EVERY 2 SECOND APPEND TO sessions_due AS
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'sessions_fast') AS watermark
SELECT d.tenant AS tenant, d.session_key AS session_key, 'fast' AS pass
FROM
(
    SELECT tenant, session_key, maxIf(seen, code != 2) AS newest, if(countIf(code = 1) > 0, maxIf(seen, code = 2), toDateTime64(0, 3, 'UTC')) AS newest_playing
    FROM session_marks
    WHERE is_published AND seen > watermark - INTERVAL 60 SECOND AND code IN (1, 2, 6, 7, 8, 31, 32, 50)
    GROUP BY tenant, session_key
) AS d
LEFT JOIN
(
    SELECT tenant, session_key, argMax(marks_seen, version) AS marks_seen, argMax(is_started, (play_no, version)) AS is_started
    FROM sessions
    WHERE version > watermark - INTERVAL 90 SECOND
    GROUP BY tenant, session_key
) AS s ON s.tenant = d.tenant AND s.session_key = d.session_key
WHERE d.newest > s.marks_seen OR (d.newest_playing > s.marks_seen AND NOT s.is_started)
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0
COMMENT 'Computes sessions that began, were shown or ended, every two seconds'
