-- The concurrency curve: how many plays were there at each second, whatever their dimensions.
-- Why beside quality_by_second: the curve of a day is 86,400 rows here, and some two million there.
-- Row budget: one a second, 86,400 a day.
-- Read by: concurrent_viewers_t. Cost: about 12 bytes a row.
-- Undo: DROP TABLE IF EXISTS concurrent_viewers_by_second
CREATE TABLE IF NOT EXISTS concurrent_viewers_by_second
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    second DateTime('UTC') COMMENT 'The instant; event time',
    sessions UInt64 COMMENT 'Plays there at the first instant of it, every state but preloading; count',
    starting UInt64 COMMENT 'Of these in starting; count',
    playing UInt64 COMMENT 'Of these in playing; count',
    stalled UInt64 COMMENT 'Of these in stalled; count',
    seeking UInt64 COMMENT 'Of these in seeking; count',
    paused UInt64 COMMENT 'Of these in paused; count',
    in_ad UInt64 COMMENT 'Of these in an ad break; count',
    version DateTime64(3, 'UTC') COMMENT 'When the row was computed; the latest stays',
    INDEX version_minmax version TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree(version)
-- Why: readers ask for a window of a tenant.
ORDER BY (tenant, second)
TTL second + INTERVAL 400 DAY
COMMENT 'Concurrency by second; the latest version counts'
