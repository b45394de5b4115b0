-- Tells how far session_minutes is written.
-- Read by: quality_minutes_pass. Cost: a row per insert.
-- Undo: DROP VIEW IF EXISTS session_minutes_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_minutes_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    'session_minutes' AS pass,
    max(version) AS version
FROM session_minutes
GROUP BY pass
COMMENT 'How far session_minutes is written'
