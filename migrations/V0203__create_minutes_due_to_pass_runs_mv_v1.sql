-- Remembers up to which version every row of plays' minutes was looked at.
-- Why: a pass may leave minutes for the next one, and may be killed before it wrote all that it asked for; see V0204. The view of V0019,
-- which took the newest minute that was written for the end of everything, goes with V0205.
-- Read by: quality_minutes_pass. Cost: a row a minute while something is written.
-- Undo: DROP VIEW IF EXISTS minutes_due_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_due_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    'quality_by_minute' AS pass,
    toDateTime64(minute, 3, 'UTC') AS version
FROM minutes_due
WHERE tenant = ''
COMMENT 'How far the pass over the minutes has looked'
