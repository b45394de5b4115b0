-- Remembers when a pass over the minutes began, once it has asked for its last ones.
-- Why: what was written while a pass worked must be looked at by the next one, however long it took; see V0204. The view of V0019,
-- which remembered the newest minute instead, goes with V0205.
-- Read by: quality_minutes_pass. Cost: a row per pass that found something.
-- Undo: DROP VIEW IF EXISTS minutes_due_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_due_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    'quality_by_minute' AS pass,
    toDateTime64(minute, 3, 'UTC') AS version
FROM minutes_due
WHERE tenant = ''
COMMENT 'When the passes over the minutes began'
