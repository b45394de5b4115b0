-- The copies of a session's beacons as a plain list of hashes, in place of a bitmap.
-- Why: a bitmap is made for numbers that lie close together, and hashes do not: each got a container of its own. Of the CPU that reading the
-- states took, the bitmaps took 95 %, of merging them 90 %, and they were most of their bytes (216,000 sessions of 200 beacons: 302 MiB, now 181).
-- Why DEFAULT: what was stored before is computed from the bitmap when it is read, so that no moment has wrong numbers; V0200 writes it, V0201
-- and V0202 take the default and the bitmap away.
-- Read by: sessions_due_to_session_sums_mv_v1. Cost: 4 bytes a beacon of eight days, which do not compress.
-- Undo: ALTER TABLE session_states DROP COLUMN IF EXISTS copy_hashes
ALTER TABLE session_states ADD COLUMN IF NOT EXISTS copy_hashes SimpleAggregateFunction(groupUniqArrayArray, Array(UInt32)) DEFAULT bitmapToArray(copies) COMMENT 'Set of 32-bit hashes of seq and received time, one for each copy that a client or gateway sent; record fields seq, received_time_ms' AFTER copies
