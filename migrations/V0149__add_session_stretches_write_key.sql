-- The write key of the session becomes one of the facts that are only passed on.
-- Why not beside the other dimensions: their hash tells whether rollups must be computed again, and none of them knows the key.
-- Read by: the next step of the chain.
-- Cost: nothing; the table stores nothing.
-- Undo: ALTER TABLE session_stretches MODIFY COLUMN facts with the type of V0036
ALTER TABLE session_stretches MODIFY COLUMN IF EXISTS facts Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String, experiments Map(String, String), play_no UInt16, content_id String, is_only_play Bool, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position_ms Nullable(Int64), greatest Map(UInt8, UInt64), write_key String) COMMENT 'What is only passed on, under the names that sessions gives them'
