-- The landing of every beacon: nothing is stored here, and everything hangs on it.
-- Why: one tap. The Kafka table's single view and every replay insert here, so both take the same path
-- through the views below it, and a new view is one more view on this table.
-- The maps' keys are plain strings: with LowCardinality keys the raw table alone took 35 us a beacon instead of 14.
-- Read by: the views `beacons_in_to_*`. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS beacons_in
CREATE TABLE IF NOT EXISTS beacons_in
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
ENGINE = Null
COMMENT 'Landing of every beacon, from Kafka and from replay; stores nothing, feeds the views'
