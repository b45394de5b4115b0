-- Remembers when a turn of the slow pass began, under 24 names in turn.
-- Read by: sessions_slow_pass. Cost: a row per turn.
-- Undo: DROP VIEW IF EXISTS sessions_due_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_due_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    concat('sessions_', pass) AS pass,
    fromUnixTimestamp64Milli(toInt64(session_key), 'UTC') AS version
FROM sessions_due
WHERE tenant = '' AND startsWith(pass, 'slow_')
COMMENT 'When the turns of the slow pass began'
