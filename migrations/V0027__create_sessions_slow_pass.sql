-- Computes every session that got any beacon since this pass last wrote (running sessions move on), and, a second time,
-- those whose latest beacon is one liveness window old: what has gone silent is closed by this, and what became visible
-- too late for its own turn is found.
-- Cost: planning, and the running sessions at each turn: `${refresh_seconds}` sets how often.
-- Undo: DROP VIEW IF EXISTS sessions_slow_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_slow_pass
REFRESH EVERY ${refresh_seconds} SECOND APPEND TO sessions_due AS
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'sessions_slow') AS watermark
SELECT DISTINCT tenant, session_key, 'slow' AS pass
FROM session_states
WHERE is_published
      AND (seen > watermark - INTERVAL 5 SECOND
           OR (seen > watermark - INTERVAL 15 SECOND - INTERVAL ${liveness_seconds} SECOND
               AND seen <= now64(3) - INTERVAL ${liveness_seconds} SECOND))
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0
COMMENT 'Computes running sessions and closes silent ones'
