-- Drops the bitmaps, which nothing reads any more.
-- Why: V0197.
-- Cost: none; their files are deleted.
-- Undo: ALTER TABLE session_states ADD COLUMN copies AggregateFunction(groupBitmap, UInt32); V0165 and V0168 fill and read it. Sessions of
-- before count no copies then.
ALTER TABLE session_states DROP COLUMN IF EXISTS copies
