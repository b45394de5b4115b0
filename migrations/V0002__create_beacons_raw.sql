-- Every distinct beacon, as the gateway accepted it.
-- Why this key: identity is (tenant, session_key, stream, seq), all fixed by the client, so FINAL folds copies
-- wherever they landed; the 10-second slot of the client's own clock before it lets a window be recomputed
-- from the few granules that can hold it. Devices whose clock says 1970 or 2099 scatter in the key and hurt nobody.
-- Why this partition: the day of receipt closes for good once it is over, so retention and export work on
-- whole partitions; a partition by client date would make a block of many dates fail, and so redeliver for ever.
-- Trap: a FINAL query must not filter on the day of receipt unless the filter spans the whole late horizon,
-- or it can hide the copy that wins.
-- Read by: beacons_v, beacons_t. Cost: about 20 bytes a beacon.
-- Undo: DROP TABLE IF EXISTS beacons_raw
CREATE TABLE IF NOT EXISTS beacons_raw
(
    -- identity
    tenant LowCardinality(String) COMMENT 'Owner of the data; set by the gateway; beacon field tenant' CODEC(ZSTD(1)),
    session_key UInt64 COMMENT 'XXH3-64 of tenant, a zero byte and session_id: xxh3(concat(tenant, char(0), session_id)); beacon field session_key' CODEC(ZSTD(1)),
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs: door, and what the client adds; beacon field stream' CODEC(ZSTD(1)),
    seq UInt64 COMMENT 'Ordinal in the stream from 0, or a hash of the content; beacon field seq' CODEC(Delta, ZSTD(1)),
    seq_is_ordinal Bool COMMENT 'Whether seq counts (gaps are losses) or only identifies; beacon field seq_is_ordinal' CODEC(ZSTD(1)),
    event UInt8 COMMENT 'Number of the event kind; beacon field event' CODEC(ZSTD(1)),
    state UInt8 COMMENT 'Number of the play state after the event, 0 = not told; beacon field state' CODEC(ZSTD(1)),
    -- times
    client_time_ms Int64 COMMENT 'When it happened, by the client\'s clock; Unix ms; beacon field client_time_ms' CODEC(Delta, ZSTD(1)),
    sent_time_ms Nullable(Int64) COMMENT 'When the client sent this copy, by its clock; Unix ms; beacon field sent_time_ms' CODEC(Delta, ZSTD(1)),
    copy_rank UInt64 COMMENT 'Bitwise complement of the received time in ms, so that of several copies the earliest received has the greatest rank and stays; beacon field received_time_ms' CODEC(Delta, ZSTD(1)),
    event_time_ms Int64 COMMENT 'The gateway\'s estimate of when it happened; Unix ms; beacon field event_time_ms' CODEC(Delta, ZSTD(1)),
    -- what every beacon carries
    content_id LowCardinality(String) COMMENT 'Title, as the platform names it, empty = not told; beacon field content_id' CODEC(ZSTD(1)),
    device_class UInt8 COMMENT 'Number of the device class, 0 = unknown; beacon field device_class' CODEC(ZSTD(1)),
    viewer_id String COMMENT 'Person or household watching, empty = not told; beacon field viewer_id' CODEC(ZSTD(1)),
    -- who
    visit_id String COMMENT 'Groups sessions of one visit, empty = not told; beacon field visit_id' CODEC(ZSTD(1)),
    account_id String COMMENT 'Paying account, empty = not told; beacon field account_id' CODEC(ZSTD(1)),
    profile_id String COMMENT 'Profile inside the account, empty = not told; beacon field profile_id' CODEC(ZSTD(1)),
    device_id String COMMENT 'Installation or device, empty = not told; beacon field device_id' CODEC(ZSTD(1)),
    experiments Map(String, String) COMMENT 'Experiment name to variant; beacon field experiments' CODEC(ZSTD(1)),
    app_config Map(String, String) COMMENT 'Application setting name to value; beacon field app_config' CODEC(ZSTD(1)),
    traceparent String COMMENT 'W3C trace context, empty = none; beacon field traceparent' CODEC(ZSTD(1)),
    sampling_weight Nullable(UInt32) COMMENT 'How many beacons stand behind this one after client-side sampling, NULL = 1; count; beacon field sampling_weight' CODEC(T64, ZSTD(1)),
    -- client's clock and pace
    clock_offset_ms Nullable(Int64) COMMENT 'Server clock minus client clock as the client measured it; ms; beacon field clock_offset_ms' CODEC(T64, ZSTD(1)),
    heartbeat_interval_ms Nullable(UInt32) COMMENT 'Interval between heartbeats; ms; beacon field heartbeat_interval_ms' CODEC(T64, ZSTD(1)),
    -- device
    device_model LowCardinality(String) COMMENT 'Device model, empty = unknown; beacon field device_model' CODEC(ZSTD(1)),
    os_name LowCardinality(String) COMMENT 'Operating system, empty = unknown; beacon field os_name' CODEC(ZSTD(1)),
    os_version LowCardinality(String) COMMENT 'Version of the operating system, empty = unknown; beacon field os_version' CODEC(ZSTD(1)),
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown; beacon field app_version' CODEC(ZSTD(1)),
    player_name LowCardinality(String) COMMENT 'Player, empty = unknown; beacon field player_name' CODEC(ZSTD(1)),
    player_version LowCardinality(String) COMMENT 'Version of the player, empty = unknown; beacon field player_version' CODEC(ZSTD(1)),
    -- content
    stream_type UInt8 COMMENT 'Number of the stream type, 0 = not told; beacon field stream_type' CODEC(ZSTD(1)),
    content_duration_ms Nullable(Int64) COMMENT 'Length of the title; ms; beacon field content_duration_ms' CODEC(T64, ZSTD(1)),
    content Map(String, String) COMMENT 'Details of the title: title, series, season, episode, channel, programme, encoding_variant, drm; beacon field content' CODEC(ZSTD(1)),
    audio_language LowCardinality(String) COMMENT 'Language of the sound, BCP 47, empty = not told; beacon field audio_language' CODEC(ZSTD(1)),
    subtitle_language LowCardinality(String) COMMENT 'Language of the subtitles, BCP 47 or off, empty = not told; beacon field subtitle_language' CODEC(ZSTD(1)),
    -- network
    cdn LowCardinality(String) COMMENT 'CDN that serves the media, empty = unknown; beacon field cdn' CODEC(ZSTD(1)),
    isp LowCardinality(String) COMMENT 'Internet provider, empty = unknown; beacon field isp' CODEC(ZSTD(1)),
    asn Nullable(UInt32) COMMENT 'Autonomous system number; beacon field asn' CODEC(T64, ZSTD(1)),
    country LowCardinality(String) COMMENT 'Country, ISO 3166-1 alpha-2, empty = unknown; beacon field country' CODEC(ZSTD(1)),
    region LowCardinality(String) COMMENT 'Region, ISO 3166-2, empty = unknown; beacon field region' CODEC(ZSTD(1)),
    connection_type LowCardinality(String) COMMENT 'wifi, cellular or ethernet, empty = unknown; beacon field connection_type' CODEC(ZSTD(1)),
    connection_quality LowCardinality(String) COMMENT 'Effective connection type as told (4g, 3g), empty = unknown; beacon field connection_quality' CODEC(ZSTD(1)),
    -- playback
    position_ms Nullable(Int64) COMMENT 'Playhead; ms; beacon field position_ms' CODEC(T64, ZSTD(1)),
    bitrate_kbps Nullable(UInt32) COMMENT 'Encoded bitrate of what is played; kbit/s; beacon field bitrate_kbps' CODEC(T64, ZSTD(1)),
    width Nullable(UInt32) COMMENT 'Picture width; pixels; beacon field width' CODEC(T64, ZSTD(1)),
    height Nullable(UInt32) COMMENT 'Picture height; pixels; beacon field height' CODEC(T64, ZSTD(1)),
    dropped_frames Nullable(UInt32) COMMENT 'Frames dropped since the session began; count, cumulative; beacon field dropped_frames' CODEC(T64, ZSTD(1)),
    buffer_ms Nullable(UInt32) COMMENT 'Media ahead of the playhead; ms; beacon field buffer_ms' CODEC(T64, ZSTD(1)),
    playback_rate Nullable(Float64) COMMENT 'Playback rate, 1 = normal; beacon field playback_rate' CODEC(ZSTD(1)),
    throughput_kbps Nullable(UInt32) COMMENT 'Measured download rate; kbit/s; beacon field throughput_kbps' CODEC(T64, ZSTD(1)),
    live_latency_ms Nullable(UInt32) COMMENT 'Behind the live edge; ms; beacon field live_latency_ms' CODEC(T64, ZSTD(1)),
    muted Nullable(Bool) COMMENT 'Sound off; beacon field muted' CODEC(ZSTD(1)),
    full_screen Nullable(Bool) COMMENT 'Fills the screen; beacon field full_screen' CODEC(ZSTD(1)),
    picture_in_picture Nullable(Bool) COMMENT 'In a small window over others; beacon field picture_in_picture' CODEC(ZSTD(1)),
    background Nullable(Bool) COMMENT 'The application is not visible; beacon field background' CODEC(ZSTD(1)),
    in_ad Nullable(Bool) COMMENT 'Inside an ad break; beacon field in_ad' CODEC(ZSTD(1)),
    -- groups that few beacons carry
    startup Map(String, UInt64) COMMENT 'Parts of the start-up: player_ms, drm_ms, manifest_ms, first_segment_ms; ms; beacon field startup' CODEC(ZSTD(1)),
    error Map(String, String) COMMENT 'An error: code, message, fatal, business; beacon field error' CODEC(ZSTD(1)),
    ad Map(String, String) COMMENT 'The ad or break: break_id, break_type, ad_id, creative_id, pod_position, duration_ms, quartile, error_code; beacon field ad' CODEC(ZSTD(1)),
    request Map(String, String) COMMENT 'One media request: status, ttfb_ms, ttlb_ms, cache_hit, bytes, object_type, host; beacon field request' CODEC(ZSTD(1)),
    counters Map(String, UInt64) COMMENT 'The client\'s own totals: played_ms, stalled_ms, paused_ms, seeking_ms, ad_ms, stall_count, seek_count, error_count; beacon field counters' CODEC(ZSTD(1)),
    engagement Map(String, String) COMMENT 'Outside playback: impression_id, placement, rating; beacon field engagement' CODEC(ZSTD(1)),
    tags Map(String, String) COMMENT 'Everything else that the client sent; beacon field tags' CODEC(ZSTD(1)),
    -- end, door, privacy
    exit_reason UInt8 COMMENT 'Number of the exit reason, 0 = not told; beacon field exit_reason' CODEC(ZSTD(1)),
    source UInt8 COMMENT 'Number of the door; beacon field source' CODEC(ZSTD(1)),
    sdk_version LowCardinality(String) COMMENT 'Version of the client library, empty = not told; beacon field sdk_version' CODEC(ZSTD(1)),
    privacy_gpc Nullable(Bool) COMMENT 'The client sent Sec-GPC: 1; beacon field privacy_gpc' CODEC(ZSTD(1)),
    privacy_consent String COMMENT 'What the viewer agreed to, as the platform writes it; beacon field privacy_consent' CODEC(ZSTD(1)),
    is_test Bool COMMENT 'From a test device; kept out of published numbers; beacon field is_test' CODEC(ZSTD(1)),
    is_bot Bool COMMENT 'From a known robot; kept out of published numbers; beacon field is_bot' CODEC(ZSTD(1)),
    received_time_ms Int64 ALIAS toInt64(bitNot(copy_rank)) COMMENT 'When the gateway had read the request; Unix ms; beacon field received_time_ms'
)
ENGINE = ${replicated}ReplacingMergeTree(copy_rank)
PARTITION BY toDate(fromUnixTimestamp64Milli(toInt64(bitNot(copy_rank)), 'UTC'))
ORDER BY (tenant, intDiv(client_time_ms, 10000), session_key, stream, seq)
TTL toDateTime(fromUnixTimestamp64Milli(toInt64(bitNot(copy_rank)), 'UTC')) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Every distinct beacon as accepted, 90 days; of several copies the earliest received stays'
