-- Minutes that the pass wants computed. Nothing is stored: what is inserted here runs through
-- minutes_due_to_quality_by_minute_mv_v1 and minutes_due_to_quality_by_second_mv_v1.
-- Why: the views that compute are planned only when something is due.
-- Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS minutes_due
CREATE TABLE IF NOT EXISTS minutes_due
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    minute DateTime('UTC') COMMENT 'Start of the minute; event time'
)
ENGINE = Null
COMMENT 'Minutes to be computed now; stores nothing'
