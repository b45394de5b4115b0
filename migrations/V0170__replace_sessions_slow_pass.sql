-- Computes at nice 5. Where cores are busy, what readers wait for in seconds (blocks of beacons, which are the live state, and
-- sessions that just ended) comes first; running sessions and the headline after it (5), minutes, tens of seconds and the curve then
-- (10), and last hours, days and the sweep (15). Until now all of them shared the cores alike, and whoever came last held the first up.
-- Where the server's process may not set its priority (it needs CAP_SYS_NICE), the setting does nothing. Nothing else differs
-- from V0054.
-- Undo: ALTER TABLE sessions_slow_pass MODIFY QUERY with the query of V0054
ALTER TABLE sessions_slow_pass MODIFY QUERY
WITH
    intDiv(toUnixTimestamp(now()), ${refresh_seconds}) AS turn,
    (
        SELECT least(8, 1 + intDiv(uniq(session_key), 15000))
        FROM session_states
        WHERE is_published AND seen > now64(3) - INTERVAL 60 SECOND
    ) AS turns,
    (
        SELECT if(count() = 24, min(newest), toDateTime64('2000-01-01 00:00:00', 3, 'UTC'))
        FROM (SELECT pass, max(version) AS newest FROM pass_runs WHERE startsWith(pass, 'sessions_slow_') GROUP BY pass)
    ) AS watermark
SELECT tenant, session_key, pass
FROM
(
    SELECT d.tenant AS tenant, d.session_key AS session_key, 'slow' AS pass
    FROM
    (
        SELECT tenant, session_key, max(states.seen) AS newest, max(mark_seen) AS newest_mark
        FROM
        (
            SELECT tenant, session_key, seen, toDateTime64(0, 3, 'UTC') AS mark_seen
            FROM session_states
            WHERE is_published AND seen > watermark - INTERVAL 300 SECOND - INTERVAL ${liveness_seconds} SECOND
              AND (bitShiftRight(session_key, 61) + turn) % turns = 0
            UNION ALL
            SELECT tenant, session_key, toDateTime64(0, 3, 'UTC') AS seen, session_marks.seen AS mark_seen
            FROM session_marks
            WHERE is_published AND session_marks.seen > watermark - INTERVAL 300 SECOND - INTERVAL ${liveness_seconds} SECOND
              AND (bitShiftRight(session_key, 61) + turn) % turns = 0
        ) AS states
        GROUP BY tenant, session_key
    ) AS d
    LEFT JOIN
    (
        SELECT tenant, session_key, argMax(states_seen, version) AS states_seen, argMax(marks_seen, version) AS marks_seen, max(version) AS computed, argMax(end_reason, (play_no, version)) = 'running' AS is_running
        FROM sessions
        WHERE version > watermark - INTERVAL 330 SECOND - INTERVAL ${liveness_seconds} SECOND
          AND (bitShiftRight(session_key, 61) + turn) % turns = 0
        GROUP BY tenant, session_key
    ) AS s ON s.tenant = d.tenant AND s.session_key = d.session_key
    WHERE d.newest_mark > s.marks_seen
       OR (d.newest > s.states_seen AND s.computed <= now64(3) - INTERVAL 3 * ${refresh_seconds} SECOND)
       OR (s.is_running AND d.newest <= now64(3) - INTERVAL ${liveness_seconds} SECOND)
       OR (s.computed < d.newest + INTERVAL 120 SECOND AND d.newest <= now64(3) - INTERVAL 120 SECOND)
    UNION ALL
    SELECT '', toUnixTimestamp64Milli(now64(3))::UInt64, concat('slow_', toString(turn % 24))
) AS due
ORDER BY tenant, session_key
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0, os_threads_nice_value_query = 5
