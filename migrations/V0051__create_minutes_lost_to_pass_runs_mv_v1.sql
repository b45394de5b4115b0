-- Remembers how far a sweep has looked, under three names in turn: whoever begins at the oldest of the three looks at
-- every row at least twice, whatever one dying sweep had told before its work was stored.
-- Read by: sessions_sweep_pass. Cost: a row per sweep.
-- Undo: DROP VIEW IF EXISTS minutes_lost_to_pass_runs_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_lost_to_pass_runs_mv_v1 TO pass_runs AS
SELECT
    concat('sessions_sweep_', toString(intDiv(toUnixTimestamp(swept_until), 60) % 3)) AS pass,
    swept_until AS version
FROM minutes_lost
WHERE play_no = 0
COMMENT 'How far the sweeps have looked'
