-- The write key with which a session's beacons came, on its way to sessions.
-- Read by: session_rows_to_sessions_mv_v1. Cost: nothing; the table stores nothing.
-- Undo: ALTER TABLE session_rows DROP COLUMN IF EXISTS write_key
ALTER TABLE session_rows ADD COLUMN IF NOT EXISTS write_key LowCardinality(String) COMMENT 'Id of the write key with which its beacons came: of several the greatest, empty = none was asked for; beacon field write_key' AFTER experiments
