-- Computes every session that got any beacon since its row was computed (running sessions move on), and those that still
-- run but whose latest beacon is one liveness window old: what has gone silent is closed by this.
-- Why it looks so far below the watermark, which is when the pass last wrote and not when it began: a pass may take
-- minutes, or be killed between two of its blocks; under load a block becomes visible long after its `seen` was taken, and a
-- clock a little ahead puts off the end of a silent session. Sessions computed from states as new as theirs are left out.
-- Cost: planning, and the running sessions at each turn: `${refresh_seconds}` sets how often.
-- Undo: DROP VIEW IF EXISTS sessions_slow_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_slow_pass
REFRESH EVERY ${refresh_seconds} SECOND APPEND TO sessions_due AS
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'sessions_slow') AS watermark
SELECT d.tenant AS tenant, d.session_key AS session_key, 'slow' AS pass
FROM
(
    SELECT tenant, session_key, max(seen) AS newest
    FROM session_states
    WHERE is_published AND seen > watermark - INTERVAL 300 SECOND - INTERVAL ${liveness_seconds} SECOND
    GROUP BY tenant, session_key
) AS d
LEFT JOIN
(
    SELECT tenant, session_key, max(states_seen) AS states_seen, argMax(end_reason, version) = 'running' AS is_running
    FROM sessions
    WHERE version > watermark - INTERVAL 330 SECOND - INTERVAL ${liveness_seconds} SECOND
    GROUP BY tenant, session_key
) AS s ON s.tenant = d.tenant AND s.session_key = d.session_key
WHERE d.newest > s.states_seen OR (s.is_running AND d.newest <= now64(3) - INTERVAL ${liveness_seconds} SECOND)
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0
COMMENT 'Computes running sessions and closes silent ones'
