-- Tells how far quality_by_ten_seconds is written.
-- Read by: the pass that computes it, to take up where it stopped. Cost: a row per insert.
-- Undo: DROP VIEW IF EXISTS quality_by_ten_seconds_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS quality_by_ten_seconds_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    'quality_by_ten_seconds' AS pass,
    max(version) AS version
FROM quality_by_ten_seconds
GROUP BY pass
COMMENT 'How far quality_by_ten_seconds is written'
