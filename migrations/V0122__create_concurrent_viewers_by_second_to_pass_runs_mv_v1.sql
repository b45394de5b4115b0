-- Tells how far concurrent_viewers_by_second is written.
-- Read by: the pass that computes it, to take up where it stopped. Cost: a row per insert.
-- Undo: DROP VIEW IF EXISTS concurrent_viewers_by_second_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS concurrent_viewers_by_second_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    'concurrent_viewers_by_second' AS pass,
    max(version) AS version
FROM concurrent_viewers_by_second
GROUP BY pass
COMMENT 'How far concurrent_viewers_by_second is written'
