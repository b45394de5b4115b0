-- The queue: reads the beacon topic. A table alone consumes nothing; the next file opens the tap.
-- The inline schema is proto/playhead/v1/beacon.proto with enums as numbers (the same on the wire); a test compares them.
-- Its message name carries the full schema version, because the engine caches inline schemas by name and would decode
-- a changed schema with the old one.
-- Why these settings: messages hold up to 1,000 rows, so 500 messages are half a million rows at most in one block;
-- a block is written after half a second at the latest.
-- Undo: DROP TABLE IF EXISTS beacons_kafka
CREATE TABLE IF NOT EXISTS beacons_kafka
(
    -- identity
    tenant LowCardinality(String) COMMENT 'Owner of the data; set by the gateway; beacon field tenant',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id',
    session_key UInt64 COMMENT 'XXH3-64 of tenant, a zero byte and session_id: xxh3(concat(tenant, char(0), session_id)); beacon field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs: door, and what the client adds; beacon field stream',
    seq UInt64 COMMENT 'Ordinal in the stream from 0, or a hash of the content; beacon field seq',
    seq_is_ordinal Bool COMMENT 'Whether seq counts (gaps are losses) or only identifies; beacon field seq_is_ordinal',
    event UInt8 COMMENT 'Number of the event kind; beacon field event',
    state UInt8 COMMENT 'Number of the play state after the event, 0 = not told; beacon field state',
    -- times
    client_time_ms Int64 COMMENT 'When it happened, by the client\'s clock; Unix ms; beacon field client_time_ms',
    sent_time_ms Nullable(Int64) COMMENT 'When the client sent this copy, by its clock; Unix ms; beacon field sent_time_ms',
    received_time_ms Int64 COMMENT 'When the gateway had read the request; Unix ms; beacon field received_time_ms',
    event_time_ms Int64 COMMENT 'The gateway\'s estimate of when it happened; Unix ms; beacon field event_time_ms',
    -- what every beacon carries
    content_id LowCardinality(String) COMMENT 'Title, as the platform names it, empty = not told; beacon field content_id',
    device_class UInt8 COMMENT 'Number of the device class, 0 = unknown; beacon field device_class',
    viewer_id String COMMENT 'Person or household watching, empty = not told; beacon field viewer_id',
    -- who
    visit_id String COMMENT 'Groups sessions of one visit, empty = not told; beacon field visit_id',
    account_id String COMMENT 'Paying account, empty = not told; beacon field account_id',
    profile_id String COMMENT 'Profile inside the account, empty = not told; beacon field profile_id',
    device_id String COMMENT 'Installation or device, empty = not told; beacon field device_id',
    experiments Map(String, String) COMMENT 'Experiment name to variant; beacon field experiments',
    app_config Map(String, String) COMMENT 'Application setting name to value; beacon field app_config',
    traceparent String COMMENT 'W3C trace context, empty = none; beacon field traceparent',
    sampling_weight Nullable(UInt32) COMMENT 'How many beacons stand behind this one after client-side sampling, NULL = 1; count; beacon field sampling_weight',
    -- client's clock and pace
    clock_offset_ms Nullable(Int64) COMMENT 'Server clock minus client clock as the client measured it; ms; beacon field clock_offset_ms',
    heartbeat_interval_ms Nullable(UInt32) COMMENT 'Interval between heartbeats; ms; beacon field heartbeat_interval_ms',
    -- device
    device_model LowCardinality(String) COMMENT 'Device model, empty = unknown; beacon field device_model',
    os_name LowCardinality(String) COMMENT 'Operating system, empty = unknown; beacon field os_name',
    os_version LowCardinality(String) COMMENT 'Version of the operating system, empty = unknown; beacon field os_version',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown; beacon field app_version',
    player_name LowCardinality(String) COMMENT 'Player, empty = unknown; beacon field player_name',
    player_version LowCardinality(String) COMMENT 'Version of the player, empty = unknown; beacon field player_version',
    -- content
    stream_type UInt8 COMMENT 'Number of the stream type, 0 = not told; beacon field stream_type',
    content_duration_ms Nullable(Int64) COMMENT 'Length of the title; ms; beacon field content_duration_ms',
    content Map(String, String) COMMENT 'Details of the title: title, series, season, episode, channel, programme, encoding_variant, drm; beacon field content',
    audio_language LowCardinality(String) COMMENT 'Language of the sound, BCP 47, empty = not told; beacon field audio_language',
    subtitle_language LowCardinality(String) COMMENT 'Language of the subtitles, BCP 47 or off, empty = not told; beacon field subtitle_language',
    -- network
    cdn LowCardinality(String) COMMENT 'CDN that serves the media, empty = unknown; beacon field cdn',
    isp LowCardinality(String) COMMENT 'Internet provider, empty = unknown; beacon field isp',
    asn Nullable(UInt32) COMMENT 'Autonomous system number; beacon field asn',
    country LowCardinality(String) COMMENT 'Country, ISO 3166-1 alpha-2, empty = unknown; beacon field country',
    region LowCardinality(String) COMMENT 'Region, ISO 3166-2, empty = unknown; beacon field region',
    connection_type LowCardinality(String) COMMENT 'wifi, cellular or ethernet, empty = unknown; beacon field connection_type',
    connection_quality LowCardinality(String) COMMENT 'Effective connection type as told (4g, 3g), empty = unknown; beacon field connection_quality',
    -- playback
    position_ms Nullable(Int64) COMMENT 'Playhead; ms; beacon field position_ms',
    bitrate_kbps Nullable(UInt32) COMMENT 'Encoded bitrate of what is played; kbit/s; beacon field bitrate_kbps',
    width Nullable(UInt32) COMMENT 'Picture width; pixels; beacon field width',
    height Nullable(UInt32) COMMENT 'Picture height; pixels; beacon field height',
    dropped_frames Nullable(UInt32) COMMENT 'Frames dropped since the session began; count, cumulative; beacon field dropped_frames',
    buffer_ms Nullable(UInt32) COMMENT 'Media ahead of the playhead; ms; beacon field buffer_ms',
    playback_rate Nullable(Float64) COMMENT 'Playback rate, 1 = normal; beacon field playback_rate',
    throughput_kbps Nullable(UInt32) COMMENT 'Measured download rate; kbit/s; beacon field throughput_kbps',
    live_latency_ms Nullable(UInt32) COMMENT 'Behind the live edge; ms; beacon field live_latency_ms',
    muted Nullable(Bool) COMMENT 'Sound off; beacon field muted',
    full_screen Nullable(Bool) COMMENT 'Fills the screen; beacon field full_screen',
    picture_in_picture Nullable(Bool) COMMENT 'In a small window over others; beacon field picture_in_picture',
    background Nullable(Bool) COMMENT 'The application is not visible; beacon field background',
    in_ad Nullable(Bool) COMMENT 'Inside an ad break; beacon field in_ad',
    -- groups that few beacons carry
    startup Map(String, UInt64) COMMENT 'Parts of the start-up: player_ms, drm_ms, manifest_ms, first_segment_ms; ms; beacon field startup',
    error Map(String, String) COMMENT 'An error: code, message, fatal, business; beacon field error',
    ad Map(String, String) COMMENT 'The ad or break: break_id, break_type, ad_id, creative_id, pod_position, duration_ms, quartile, error_code; beacon field ad',
    request Map(String, String) COMMENT 'One media request: status, ttfb_ms, ttlb_ms, cache_hit, bytes, object_type, host; beacon field request',
    counters Map(String, UInt64) COMMENT 'The client\'s own totals: played_ms, stalled_ms, paused_ms, seeking_ms, ad_ms, stall_count, seek_count, error_count; beacon field counters',
    engagement Map(String, String) COMMENT 'Outside playback: impression_id, placement, rating; beacon field engagement',
    tags Map(String, String) COMMENT 'Everything else that the client sent; beacon field tags',
    -- end, door, privacy
    exit_reason UInt8 COMMENT 'Number of the exit reason, 0 = not told; beacon field exit_reason',
    source UInt8 COMMENT 'Number of the door; beacon field source',
    sdk_version LowCardinality(String) COMMENT 'Version of the client library, empty = not told; beacon field sdk_version',
    privacy_gpc Nullable(Bool) COMMENT 'The client sent Sec-GPC: 1; beacon field privacy_gpc',
    privacy_consent String COMMENT 'What the viewer agreed to, as the platform writes it; beacon field privacy_consent',
    is_test Bool COMMENT 'From a test device; kept out of published numbers; beacon field is_test',
    is_bot Bool COMMENT 'From a known robot; kept out of published numbers; beacon field is_bot'
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
    format_schema_message_name = 'BeaconV1_0',
    format_schema = 'syntax = "proto3";
message BeaconV1_0 {
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
  optional uint32 device_class = 14;
  optional string viewer_id = 15;
  optional string visit_id = 16;
  optional string account_id = 17;
  optional string profile_id = 18;
  optional string device_id = 19;
  map<string, string> experiments = 20;
  map<string, string> app_config = 21;
  optional string traceparent = 22;
  optional uint32 sampling_weight = 23;
  optional int64 clock_offset_ms = 24;
  optional uint32 heartbeat_interval_ms = 25;
  optional string device_model = 26;
  optional string os_name = 27;
  optional string os_version = 28;
  optional string app_version = 29;
  optional string player_name = 30;
  optional string player_version = 31;
  optional uint32 stream_type = 32;
  optional int64 content_duration_ms = 33;
  map<string, string> content = 34;
  optional string audio_language = 35;
  optional string subtitle_language = 36;
  optional string cdn = 37;
  optional string isp = 38;
  optional uint32 asn = 39;
  optional string country = 40;
  optional string region = 41;
  optional string connection_type = 42;
  optional string connection_quality = 43;
  optional int64 position_ms = 44;
  optional uint32 bitrate_kbps = 45;
  optional uint32 width = 46;
  optional uint32 height = 47;
  optional uint32 dropped_frames = 48;
  optional uint32 buffer_ms = 49;
  optional double playback_rate = 50;
  optional uint32 throughput_kbps = 51;
  optional uint32 live_latency_ms = 52;
  optional bool muted = 53;
  optional bool full_screen = 54;
  optional bool picture_in_picture = 55;
  optional bool background = 56;
  optional bool in_ad = 57;
  map<string, uint64> startup = 58;
  map<string, string> error = 59;
  map<string, string> ad = 60;
  map<string, string> request = 61;
  map<string, uint64> counters = 62;
  map<string, string> engagement = 63;
  map<string, string> tags = 64;
  optional uint32 exit_reason = 65;
  optional uint32 source = 66;
  optional string sdk_version = 67;
  optional bool privacy_gpc = 68;
  optional string privacy_consent = 69;
  optional bool is_test = 70;
  optional bool is_bot = 71;
}'
COMMENT 'Queue: the beacon topic, read once, by the tap'
