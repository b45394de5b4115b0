-- Moves the rollup pass's watermark on with every insert.
-- Read by: quality_by_minute_pass. Cost: a row per insert.
-- Undo: DROP VIEW IF EXISTS quality_by_minute_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS quality_by_minute_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    'quality_by_minute' AS pass,
    max(version) AS version
FROM quality_by_minute
GROUP BY pass
COMMENT 'Watermark of the minute rollup'
