-- Computes the sessions that got a mark since their row was computed; those that got other beacons and whose row is
-- three turns old (a heartbeat only moves a running session on, and readers take it to be there until now); those that
-- still run but whose latest beacon is one liveness window old: what has gone silent is closed by this.
-- Why slices: to compute every running session at every turn would be the largest cost of the warehouse. Keys fall into eight
-- slices; with every 15,000 running sessions a turn takes fewer of them, one of eight at least. A slice is one stretch
-- of the states, so what is read for it is all of use.
-- Why once more two minutes after the latest beacon: with several consumers an older block may become visible after a newer
-- one was counted.
-- Why it looks back from the oldest of 24 marks: a turn that was killed half-way wrote some of its sessions; 24 turns ago every
-- slice has had three turns since. A turn's mark travels with its sessions, as a session of no tenant whose key is the time.
-- Why yet further: under load a block becomes visible long after its `seen` was taken, and a clock a little ahead puts off the end
-- of a silent session. Sessions computed from states as new as theirs are left out.
-- Cost: planning, the keys of some twelve minutes, and the sessions of the turn: `${refresh_seconds}` sets how often.
-- Undo: DROP VIEW IF EXISTS sessions_slow_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_slow_pass
REFRESH EVERY ${refresh_seconds} SECOND APPEND TO sessions_due AS
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
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0
COMMENT 'Computes running sessions, slice by slice, and closes silent ones'
