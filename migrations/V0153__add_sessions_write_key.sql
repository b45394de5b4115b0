-- The write key with which a session's beacons came: its id, never the key.
-- Why: who gives each application or each customer a key of its own asks what came with which.
-- What was computed before this file has the empty text, until another beacon of the session comes.
-- Read by: sessions_v, sessions_t. Cost: a byte or two a play; adding it writes nothing.
-- Undo: ALTER TABLE sessions DROP COLUMN IF EXISTS write_key
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS write_key LowCardinality(String) COMMENT 'Id of the write key with which its beacons came: of several the greatest, empty = none was asked for; beacon field write_key' AFTER experiments
