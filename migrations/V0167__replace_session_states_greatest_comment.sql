-- Tells the fifth total, the start-up as a whole, where the column is documented.
-- Why: V0142 began to write it.
-- Cost: none, metadata only. Read by: whoever asks system.columns.
-- Undo: the same statement with the text of V0003
ALTER TABLE session_states COMMENT COLUMN IF EXISTS greatest 'Greatest totals told: 1 to 5 the start-up split player, DRM, manifest, first segment, and the start-up as a whole, in ms; 11 to 17 stalled, paused, seeking and ad time in ms, stalls, seeks, errors; record field details'
