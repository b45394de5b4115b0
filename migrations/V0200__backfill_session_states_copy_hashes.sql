-- Writes the lists of V0197 for what was stored as bitmaps.
-- Why: V0202 drops the bitmaps. Both are joined, since a row may hold beacons from before V0198 and from after it.
-- Cost: some 0.1 ms of CPU a session of the last eight days, once. Waits until it is done.
-- Undo: nothing; the column is dropped by V0197's.
ALTER TABLE session_states UPDATE copy_hashes = arrayDistinct(arrayConcat(copy_hashes, bitmapToArray(copies))) WHERE true
SETTINGS mutations_sync = 2
