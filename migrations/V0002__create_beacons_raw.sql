-- Every distinct beacon, as the gateway accepted it.
-- Why this key: identity is (tenant, session_key, stream, seq), all fixed by the client, so FINAL folds copies
-- wherever they landed. The slot of the client's own clock before it bounds what a window reads; at five minutes it
-- holds some thirty beacons of each session side by side, so that what does not change within a session costs
-- next to nothing (measured: 56 bytes a beacon with a slot of ten seconds, 27 with five minutes).
-- Devices whose clock says 1970 or 2099 scatter in the key and hurt nobody.
-- Why so few columns: each costs a third of a microsecond a beacon at insert and again at every merge. What few
-- readers ask for lies in two JSON texts, which beacons_v opens only for the columns asked for.
-- Why times as differences: four times of nearly the same value would be ten bytes a beacon.
-- Why this partition: the day of receipt closes for good once it is over, so retention and export work on
-- whole partitions; a partition by client date would make a block of many dates fail, and so redeliver for ever.
-- Trap: a FINAL query must not filter on the day of receipt unless the filter spans the whole late horizon,
-- or it can hide the copy that wins.
-- Read by: beacons_v, beacons_t. Cost: about 25 bytes a beacon.
-- Undo: DROP TABLE IF EXISTS beacons_raw
CREATE TABLE IF NOT EXISTS beacons_raw
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; set by the gateway; beacon field tenant' CODEC(ZSTD(1)),
    session_key UInt64 COMMENT 'XXH3-64 of tenant, a zero byte and session_id: xxh3(concat(tenant, char(0), session_id)); beacon field session_key' CODEC(ZSTD(1)),
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs: door, and what the client adds; beacon field stream' CODEC(ZSTD(1)),
    seq UInt64 COMMENT 'Ordinal in the stream from 0, or a hash of the content; beacon field seq' CODEC(Delta, ZSTD(1)),
    seq_is_ordinal Bool COMMENT 'Whether seq counts (gaps are losses) or only identifies; beacon field seq_is_ordinal' CODEC(ZSTD(1)),
    event UInt8 COMMENT 'Number of the event kind; beacon field event' CODEC(ZSTD(1)),
    state UInt8 COMMENT 'Number of the play state after the event, 0 = not told; beacon field state' CODEC(ZSTD(1)),
    client_time_ms Int64 COMMENT 'When it happened, by the client\'s clock; Unix ms; beacon field client_time_ms' CODEC(Delta, ZSTD(1)),
    copy_rank UInt64 COMMENT '2^62 minus (received - client time in ms), so that of several copies the earliest received has the greatest rank and stays; record field received_time_ms' CODEC(T64, ZSTD(1)),
    sent_delay_ms Nullable(Int64) COMMENT 'Sent minus client time, NULL = not told; ms; record field sent_time_ms' CODEC(ZSTD(1)),
    event_offset_ms Int64 COMMENT 'Event time, as the gateway estimates it, minus client time; ms; record field event_time_ms' CODEC(ZSTD(1)),
    content_id LowCardinality(String) COMMENT 'Title, as the platform names it, empty = not told; beacon field content_id' CODEC(ZSTD(1)),
    cdn LowCardinality(String) COMMENT 'CDN that serves the media, empty = unknown; beacon field cdn' CODEC(ZSTD(1)),
    position_ms Nullable(Int64) COMMENT 'Playhead; ms; beacon field position_ms' CODEC(Delta, ZSTD(1)),
    bitrate_kbps Nullable(UInt32) COMMENT 'Encoded bitrate of what is played; kbit/s; beacon field bitrate_kbps' CODEC(ZSTD(1)),
    buffer_ms Nullable(UInt32) COMMENT 'Media ahead of the playhead; ms; beacon field buffer_ms' CODEC(ZSTD(1)),
    throughput_kbps Nullable(UInt32) COMMENT 'Measured download rate; kbit/s; beacon field throughput_kbps' CODEC(ZSTD(1)),
    dropped_frames Nullable(UInt32) COMMENT 'Frames dropped since the session began; count, cumulative; beacon field dropped_frames' CODEC(ZSTD(1)),
    in_ad Nullable(Bool) COMMENT 'Inside an ad break; beacon field in_ad' CODEC(ZSTD(1)),
    exit_reason UInt8 COMMENT 'Number of the exit reason, 0 = not told; beacon field exit_reason' CODEC(ZSTD(1)),
    is_test Bool COMMENT 'From a test device; kept out of published numbers; beacon field is_test' CODEC(ZSTD(1)),
    is_bot Bool COMMENT 'From a known robot; kept out of published numbers; beacon field is_bot' CODEC(ZSTD(1)),
    attributes String COMMENT 'What seldom changes within a session, as a JSON object: ids, device, application, content, network, experiments (proto/playhead/v1/record.proto lists the keys); empty when nothing is told; record field attributes' CODEC(ZSTD(1)),
    details String COMMENT 'What belongs to this moment and few beacons tell, as a JSON object: picture, errors, ads, requests, counters, tags (proto/playhead/v1/record.proto lists the keys); empty when nothing is told; record field details' CODEC(ZSTD(1)),
    received_time_ms Int64 ALIAS client_time_ms + (4611686018427387904 - toInt64(copy_rank)) COMMENT 'When the gateway had read the request; Unix ms; record field received_time_ms'
)
ENGINE = ${replicated}ReplacingMergeTree(copy_rank)
PARTITION BY toDate(fromUnixTimestamp64Milli(client_time_ms + (4611686018427387904 - toInt64(copy_rank)), 'UTC'))
ORDER BY (tenant, intDiv(client_time_ms, 300000), session_key, stream, seq)
TTL toDateTime(fromUnixTimestamp64Milli(client_time_ms + (4611686018427387904 - toInt64(copy_rank)), 'UTC')) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Every distinct beacon as accepted, 90 days; of several copies the earliest received stays'
