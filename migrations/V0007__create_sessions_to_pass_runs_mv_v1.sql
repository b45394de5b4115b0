-- Moves a session pass's watermark on with every insert of that pass.
-- Read by: sessions_fast_pass, sessions_slow_pass. Cost: a row per insert.
-- Undo: DROP VIEW IF EXISTS sessions_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    concat('sessions_', pass) AS pass,
    max(version) AS version
FROM sessions
GROUP BY pass
COMMENT 'Watermarks of the session passes'
