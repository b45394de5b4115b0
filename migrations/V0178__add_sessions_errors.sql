-- The errors of a play apart from its ad marks, which are ten times as many.
-- Why: what asks for errors had to open the events of every play of the days (0.4 s of a day of 635,000 plays; 0.1 s with this).
-- Why MATERIALIZED: it is made of nothing but the row itself, so it can be no other than what the row says, and whatever was stored
-- before this file is computed when it is read, until V0182 has written it. Elements are named by their number, since defaults
-- know no other way.
-- Read by: play_measures_t. Cost: 3 bytes a play.
-- Undo: ALTER TABLE sessions DROP COLUMN IF EXISTS errors
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS errors Array(Tuple(at DateTime64(3, 'UTC'), code UInt8, error_code LowCardinality(String))) MATERIALIZED
arrayMap(e -> (e.1, e.2, e.4), arrayFilter(e -> e.2 < 40, events))
COMMENT 'The errors among events: when, 30 to 32 (docs/sessions.md 3), code; event time' AFTER events
