-- The newest version that each pass has written: its watermark.
-- Why a table of its own: asking the target for it would read the whole target every second, and rows that
-- a later pass replaced would take the watermark back with them.
-- Read by: the passes. Cost: a row per insert, merged to one per pass.
-- Undo: DROP TABLE IF EXISTS pass_runs
CREATE TABLE IF NOT EXISTS pass_runs
(
    pass LowCardinality(String) COMMENT 'Name of the pass',
    version SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Newest version written; server time'
)
ENGINE = ${replicated}AggregatingMergeTree
ORDER BY pass
COMMENT 'Watermarks of the passes'
