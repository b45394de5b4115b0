-- Every two seconds: computes the sessions that ended since this pass last wrote; at every fifth turn also those that began or
-- showed their first frame.
-- Why: a session's start and first frame come within seconds of each other, so that it was computed three times in its life
-- where two are enough; and each computation of a single session here or there reads a stretch of the states, of the marks and of
-- its row, which costs some ms. Whoever wants to know who is there now asks live_viewers_v, which needs no pass.
-- Nothing else differs from V0053: a start that a slow turn leaves out is within the minute that the next turns look back,
-- or is taken by the slow pass.
-- Undo: ALTER TABLE sessions_fast_pass MODIFY QUERY with the query of V0053
ALTER TABLE sessions_fast_pass MODIFY QUERY
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'sessions_fast') AS watermark,
    intDiv(toUnixTimestamp(now()), 2) % 5 = 0 AS takes_starts
SELECT d.tenant AS tenant, d.session_key AS session_key, 'fast' AS pass
FROM
(
    SELECT tenant, session_key, maxIf(seen, code != 2) AS newest, if(countIf(code = 1) > 0, maxIf(seen, code = 2), toDateTime64(0, 3, 'UTC')) AS newest_playing
    FROM session_marks
    WHERE is_published AND seen > watermark - INTERVAL 60 SECOND AND (code IN (6, 7, 8, 31, 32, 50) OR (takes_starts AND code IN (1, 2)))
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
