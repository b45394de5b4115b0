-- Every two seconds: computes the sessions that began or ended since this pass last wrote.
-- Why only those: everything else of a running session can wait for the slow pass, and computing each session at each
-- of its beacons would be the largest cost of the warehouse.
-- Why an overlap of 5 s below the watermark: a block becomes visible some time after its `seen` was taken. What becomes
-- visible later still is taken by the slow pass, which looks at every session a second time.
-- Cost: planning, and the sessions that begin and end.
-- Undo: DROP VIEW IF EXISTS sessions_fast_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_fast_pass
REFRESH EVERY 2 SECOND APPEND TO sessions_due AS
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'sessions_fast') AS watermark
SELECT DISTINCT tenant, session_key, 'fast' AS pass
FROM session_states
WHERE is_published AND urgent_seen > watermark - INTERVAL 5 SECOND
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 20000, min_insert_block_size_bytes = 0
COMMENT 'Computes sessions that began or ended, every two seconds'
