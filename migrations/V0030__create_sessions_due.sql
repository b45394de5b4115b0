-- Keys of the sessions that a pass wants computed. Nothing is stored: what is inserted here runs through the chain
-- sessions_due -> session_sums -> session_plays -> session_timelines -> session_intervals -> session_rows -> sessions,
-- one view a step.
-- Why a chain of views over Null tables and no nested views: a query of that depth and width takes 0.7 s of CPU to plan,
-- and a pass runs every two seconds; each step by itself is planned in a fraction of that, and both passes share them.
-- Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS sessions_due
CREATE TABLE IF NOT EXISTS sessions_due
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    pass LowCardinality(String) COMMENT 'Which pass asks: fast or slow'
)
ENGINE = Null
COMMENT 'Sessions to be computed now; stores nothing, feeds the steps that compute them'
