-- Every distinct impression: a title that was offered. The first step of the funnel.
-- Why beside beacons_raw: impressions are one beacon of some thousand, and lie in every stretch of it; looking for them opened the
-- texts of all beacons of the days (0.6 s of 100 million beacons, whatever the window). And they may live as long as plays do.
-- Why this key and partition: those of beacons_raw, so that a copy is folded wherever it lands.
-- Read by: funnel_v, funnel_t. Cost: about 15 bytes an impression.
-- Undo: DROP TABLE IF EXISTS impressions
CREATE TABLE IF NOT EXISTS impressions
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs; beacon field stream',
    seq UInt64 COMMENT 'Ordinal in the stream from 0, or a hash of the content; beacon field seq',
    client_time_ms Int64 COMMENT 'When it was offered, by the client\'s clock; Unix ms; beacon field client_time_ms' CODEC(Delta, ZSTD(1)),
    copy_rank UInt64 COMMENT '2^62 minus (received - client time in ms): of several copies the earliest received stays' CODEC(T64, ZSTD(1)),
    event_time_ms Int64 COMMENT 'The same by the gateway\'s estimate; event time; Unix ms' CODEC(Delta, ZSTD(1)),
    content_id LowCardinality(String) COMMENT 'Title, empty = not told; beacon field content_id',
    cdn LowCardinality(String) COMMENT 'CDN that it names, empty = unknown; beacon field cdn',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown; beacon field device_class',
    country LowCardinality(String) COMMENT 'Country, ISO 3166-1 alpha-2, empty = unknown; beacon field country',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown; beacon field app_version',
    source LowCardinality(String) COMMENT 'Door by which it came; beacon field source'
)
ENGINE = ${replicated}ReplacingMergeTree(copy_rank)
PARTITION BY toDate(fromUnixTimestamp64Milli(client_time_ms + (4611686018427387904 - toInt64(copy_rank)), 'UTC'))
ORDER BY (tenant, intDiv(client_time_ms, 300000), session_key, stream, seq)
TTL toDateTime(fromUnixTimestamp64Milli(client_time_ms + (4611686018427387904 - toInt64(copy_rank)), 'UTC')) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Titles that were offered; of several copies the earliest received counts'
