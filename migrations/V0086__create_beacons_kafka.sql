-- The queue: reads the beacon topic. A table alone consumes nothing; the next file opens the tap.
-- The inline schema is proto/playhead/v1/record.proto with enums as numbers (the same on the wire); a test compares them.
-- Its message name carries the full schema version, because the engine caches inline schemas by name and would decode
-- a changed schema with the old one.
-- Why these settings: messages hold up to 1,000 rows, so 500 messages are half a million rows at most in one block;
-- a block is written after half a second at the latest.
-- Undo: DROP TABLE IF EXISTS beacons_kafka
CREATE TABLE IF NOT EXISTS beacons_kafka
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; set by the gateway; beacon field tenant',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id',
    session_key UInt64 COMMENT 'XXH3-64 of tenant, a zero byte and session_id: xxh3(concat(tenant, char(0), session_id)); beacon field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs: door, and what the client adds; beacon field stream',
    seq UInt64 COMMENT 'Ordinal in the stream from 0, or a hash of the content; beacon field seq',
    seq_is_ordinal Bool COMMENT 'Whether seq counts (gaps are losses) or only identifies; beacon field seq_is_ordinal',
    event UInt8 COMMENT 'Number of the event kind; beacon field event',
    state UInt8 COMMENT 'Number of the play state after the event, 0 = not told; beacon field state',
    client_time_ms Int64 COMMENT 'When it happened, by the client\'s clock; Unix ms; beacon field client_time_ms',
    sent_time_ms Nullable(Int64) COMMENT 'When the client sent this copy, by its clock; Unix ms; beacon field sent_time_ms',
    received_time_ms Int64 COMMENT 'When the gateway had read the request; Unix ms; beacon field received_time_ms',
    event_time_ms Int64 COMMENT 'The gateway\'s estimate of when it happened; Unix ms; beacon field event_time_ms',
    content_id LowCardinality(String) COMMENT 'Title, as the platform names it, empty = not told; beacon field content_id',
    cdn LowCardinality(String) COMMENT 'CDN that serves the media, empty = unknown; beacon field cdn',
    position_ms Nullable(Int64) COMMENT 'Playhead; ms; beacon field position_ms',
    bitrate_kbps Nullable(UInt32) COMMENT 'Encoded bitrate of what is played; kbit/s; beacon field bitrate_kbps',
    buffer_ms Nullable(UInt32) COMMENT 'Media ahead of the playhead; ms; beacon field buffer_ms',
    throughput_kbps Nullable(UInt32) COMMENT 'Measured download rate; kbit/s; beacon field throughput_kbps',
    dropped_frames Nullable(UInt32) COMMENT 'Frames dropped since the session began; count, cumulative; beacon field dropped_frames',
    in_ad Nullable(Bool) COMMENT 'Inside an ad break; beacon field in_ad',
    exit_reason UInt8 COMMENT 'Number of the exit reason, 0 = not told; beacon field exit_reason',
    is_test Bool COMMENT 'From a test device; kept out of published numbers; beacon field is_test',
    is_bot Bool COMMENT 'From a known robot; kept out of published numbers; beacon field is_bot',
    attributes String COMMENT 'What seldom changes within a session, as a JSON object: ids, device, application, content, network, experiments (proto/playhead/v1/record.proto lists the keys); empty when nothing is told; record field attributes',
    details String COMMENT 'What belongs to this moment and few beacons tell, as a JSON object: picture, errors, ads, requests, counters, tags (proto/playhead/v1/record.proto lists the keys); empty when nothing is told; record field details'
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = '${kafka_brokers}',
    kafka_topic_list = '${kafka_topic}',
    kafka_group_name = '${kafka_group}',
    kafka_format = 'Protobuf',
    kafka_num_consumers = ${kafka_consumers},
    kafka_thread_per_consumer = 1,
    kafka_max_block_size = 500000,
    kafka_poll_max_batch_size = 500,
    kafka_poll_timeout_ms = 100,
    kafka_flush_interval_ms = 500,
    kafka_handle_error_mode = 'stream',
    format_schema_source = 'string',
    format_schema_message_name = 'BeaconRecordV1_0',
    format_schema = 'syntax = "proto3";
message BeaconRecordV1_0 {
  optional string tenant = 1;
  optional string session_id = 2;
  optional fixed64 session_key = 3;
  optional string stream = 4;
  optional uint64 seq = 5;
  optional bool seq_is_ordinal = 6;
  optional uint32 event = 7;
  optional uint32 state = 8;
  optional int64 client_time_ms = 9;
  optional int64 sent_time_ms = 10;
  optional int64 received_time_ms = 11;
  optional int64 event_time_ms = 12;
  optional string content_id = 13;
  optional string cdn = 14;
  optional int64 position_ms = 15;
  optional uint32 bitrate_kbps = 16;
  optional uint32 buffer_ms = 17;
  optional uint32 throughput_kbps = 18;
  optional uint32 dropped_frames = 19;
  optional bool in_ad = 20;
  optional uint32 exit_reason = 21;
  optional bool is_test = 22;
  optional bool is_bot = 23;
  optional string attributes = 24;
  optional string details = 25;
}'
COMMENT 'Queue: the beacon topic, read once, by the tap'
