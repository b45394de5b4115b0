-- Finds the plays of one viewer: of some thousand stretches of 512 plays those few that may hold one.
-- Why a Bloom filter and no table ordered by viewer: nothing more is written, and a viewer id that a late beacon corrects needs no
-- row taken back.
-- Read by: sessions_t, where it is asked for a viewer. Cost: about a byte and a half a play.
-- Undo: ALTER TABLE sessions DROP INDEX IF EXISTS viewer_id_bloom
ALTER TABLE sessions ADD INDEX IF NOT EXISTS viewer_id_bloom attributes.viewer_id TYPE bloom_filter(0.01) GRANULARITY 1
