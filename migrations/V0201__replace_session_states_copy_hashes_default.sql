-- The lists of V0197 stand on their own.
-- Why: V0202 drops what their default is made of.
-- Cost: none, metadata only.
-- Undo: ALTER TABLE session_states MODIFY COLUMN copy_hashes DEFAULT bitmapToArray(copies)
ALTER TABLE session_states MODIFY COLUMN IF EXISTS copy_hashes REMOVE DEFAULT
