-- The latest thing that each session told of itself: what a viewer is doing now.
-- Why a maximum of tuples: the tuple begins with client time and seq, so the greatest is the latest, and copies
-- and order change nothing.
-- Read by: live_viewers_v, live_viewers_t. Cost: about 100 bytes a session, dropped 2 days after its last beacon.
-- Undo: DROP TABLE IF EXISTS live_sessions
CREATE TABLE IF NOT EXISTS live_sessions
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    session_id SimpleAggregateFunction(max, String) COMMENT 'One playback, as the client names it; beacon field session_id',
    latest SimpleAggregateFunction(max, Tuple(client_time_ms Int64, seq UInt64, state UInt8, in_ad Bool, event_time_ms Int64, position_ms Nullable(Int64), bitrate_kbps Nullable(UInt32), buffer_ms Nullable(UInt32), content_id String)) COMMENT 'The latest beacon that tells a state; beacon fields of the same names',
    attributes SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'Set of what the beacons that tell a state told of device, network and ids, as JSON; record field attributes',
    received_at SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'Latest receipt; beacon field received_time_ms'
)
ENGINE = ${replicated}AggregatingMergeTree
ORDER BY (tenant, session_key)
TTL received_at + INTERVAL 2 DAY
COMMENT 'Latest known state of every session of the last two days'
