-- Which minutes may have changed, because a session that touches them was computed again.
-- Read by: quality_by_minute_pass. Cost: a row per minute and insert into sessions, dropped after 7 days.
-- Undo: DROP TABLE IF EXISTS dirty_minutes
CREATE TABLE IF NOT EXISTS dirty_minutes
(
    seen DateTime64(3, 'UTC') COMMENT 'When the mark was made; server time',
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    minute DateTime('UTC') COMMENT 'Start of the minute; event time'
)
ENGINE = ${replicated}MergeTree
PARTITION BY toDate(seen)
ORDER BY seen
TTL toDateTime(seen) + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Log of minutes whose rollup is to be computed again'
