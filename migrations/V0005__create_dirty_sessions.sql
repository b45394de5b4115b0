-- Which sessions got beacons, and when: the passes that finalise sessions read the newest of these marks.
-- Why a log and not a set: each pass takes what came after its own last success, so nothing is missed when
-- the server was down; kept for a week, longer than any outage of a pass.
-- Read by: sessions_fast_pass, sessions_slow_pass. Cost: a row per session and Kafka block, dropped after 7 days.
-- Undo: DROP TABLE IF EXISTS dirty_sessions
CREATE TABLE IF NOT EXISTS dirty_sessions
(
    seen DateTime64(3, 'UTC') COMMENT 'When the block was processed; server time',
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    has_mark Bool COMMENT 'Whether a beacon of the block changes the timeline; derived from event'
)
ENGINE = ${replicated}MergeTree
PARTITION BY toDate(seen)
ORDER BY seen
TTL toDateTime(seen) + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Log of sessions that got beacons and are to be finalised again'
