-- Plays whose minutes never reached session_minutes, as a sweep found them; and how far the sweep has looked.
-- Nothing is stored: minutes_lost_to_sessions_mv_v1 writes the plays again, minutes_lost_to_pass_runs_mv_v1 remembers how far.
-- Why one table for both: what was looked at and what was found there must not come apart.
-- Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS minutes_lost
CREATE TABLE IF NOT EXISTS minutes_lost
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    play_no UInt16 COMMENT 'Which play of the session; 0 in the row that only tells how far the sweep has looked',
    swept_until DateTime64(3, 'UTC') COMMENT 'Every row of sessions up to this version was looked at; server time'
)
ENGINE = Null
COMMENT 'Plays to be cut into minutes again; stores nothing'
