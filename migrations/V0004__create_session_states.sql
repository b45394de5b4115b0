-- What the beacons of one session, of one stream, add up to, in states that copies and order cannot change
-- (min, max, sets of marks, bitmaps of seq).
-- Why by stream: losses are gaps in one counter. Rules: docs/sessions.md.
-- Heartbeats stay out of the set of marks: they are most beacons and change no transition.
-- Read by: session_rows. Cost: about 200 bytes a session.
-- Undo: DROP TABLE IF EXISTS session_states
CREATE TABLE IF NOT EXISTS session_states
(
    -- identity
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    stream LowCardinality(String) COMMENT 'The counter to which seq belongs; beacon field stream',
    session_id SimpleAggregateFunction(max, String) COMMENT 'One playback, as the client names it; beacon field session_id',
    -- client's time
    first_client_time_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest client time; Unix ms; beacon field client_time_ms',
    last_client_time_ms SimpleAggregateFunction(max, Int64) COMMENT 'Greatest client time; Unix ms; beacon field client_time_ms',
    clock_offset AggregateFunction(argMin, Nullable(Int64), Tuple(Int64, UInt64)) COMMENT 'Clock offset of the earliest beacon that carries one; ms; beacon field clock_offset_ms',
    least_sent_delta_ms SimpleAggregateFunction(min, Nullable(Int64)) COMMENT 'Smallest received minus sent; ms; beacon fields received_time_ms, sent_time_ms',
    least_client_delta_ms SimpleAggregateFunction(min, Int64) COMMENT 'Smallest received minus client time; ms; beacon fields received_time_ms, client_time_ms',
    heartbeat_interval_ms SimpleAggregateFunction(max, Nullable(UInt32)) COMMENT 'Greatest interval between heartbeats told; ms; beacon field heartbeat_interval_ms',
    -- beacons
    ordinals AggregateFunction(groupBitmap, UInt64) COMMENT 'Set of ordinal seq; beacon field seq',
    greatest_ordinal SimpleAggregateFunction(max, Nullable(UInt64)) COMMENT 'Greatest ordinal seq; beacon field seq',
    hashes AggregateFunction(uniqExact, Nullable(UInt64)) COMMENT 'Set of seq that are hashes; beacon field seq',
    -- timeline
    marks SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32))) COMMENT 'Marks: client time in ms, seq, code, value (docs/sessions.md 3); beacon fields event, state, bitrate_kbps',
    last_error AggregateFunction(argMax, Nullable(String), Tuple(Int64, UInt64)) COMMENT 'Code of the latest error; beacon field error',
    -- measures
    dropped_frames SimpleAggregateFunction(max, Nullable(UInt32)) COMMENT 'Greatest count of dropped frames; beacon field dropped_frames',
    furthest_position_ms SimpleAggregateFunction(max, Nullable(Int64)) COMMENT 'Greatest playhead; ms; beacon field position_ms',
    -- dimensions
    content_id AggregateFunction(argMin, Nullable(String), Tuple(Int64, UInt64)) COMMENT 'Title of the earliest beacon that tells one; beacon field content_id',
    cdn AggregateFunction(argMax, Nullable(String), Tuple(Int64, UInt64)) COMMENT 'CDN of the latest beacon that tells one; beacon field cdn',
    visit_id SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: Groups sessions of one visit, empty = not told; beacon field visit_id',
    viewer_id SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: Person or household watching, empty = not told; beacon field viewer_id',
    account_id SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: Paying account, empty = not told; beacon field account_id',
    profile_id SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: Profile inside the account, empty = not told; beacon field profile_id',
    device_id SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: Installation or device, empty = not told; beacon field device_id',
    device_class SimpleAggregateFunction(max, UInt8) COMMENT 'Greatest value told: Number of the device class, 0 = unknown; beacon field device_class',
    device_model SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Device model, empty = unknown; beacon field device_model',
    os_name SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Operating system, empty = unknown; beacon field os_name',
    os_version SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Version of the operating system, empty = unknown; beacon field os_version',
    app_version SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Version of the application, empty = unknown; beacon field app_version',
    player_name SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Player, empty = unknown; beacon field player_name',
    player_version SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Version of the player, empty = unknown; beacon field player_version',
    stream_type SimpleAggregateFunction(max, UInt8) COMMENT 'Greatest value told: Number of the stream type, 0 = not told; beacon field stream_type',
    content_duration_ms SimpleAggregateFunction(max, Nullable(Int64)) COMMENT 'Greatest value told: Length of the title; ms; beacon field content_duration_ms',
    audio_language SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Language of the sound, BCP 47, empty = not told; beacon field audio_language',
    subtitle_language SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Language of the subtitles, BCP 47 or off, empty = not told; beacon field subtitle_language',
    isp SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Internet provider, empty = unknown; beacon field isp',
    asn SimpleAggregateFunction(max, Nullable(UInt32)) COMMENT 'Greatest value told: Autonomous system number; beacon field asn',
    country SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Country, ISO 3166-1 alpha-2, empty = unknown; beacon field country',
    region SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Region, ISO 3166-2, empty = unknown; beacon field region',
    connection_type SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: wifi, cellular or ethernet, empty = unknown; beacon field connection_type',
    connection_quality SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Effective connection type as told (4g, 3g), empty = unknown; beacon field connection_quality',
    sdk_version SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Greatest value told: Version of the client library, empty = not told; beacon field sdk_version',
    source SimpleAggregateFunction(max, UInt8) COMMENT 'Greatest value told: Number of the door; beacon field source',
    content_title SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: title of the title, empty = not told; beacon field content',
    content_series SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: series of the title, empty = not told; beacon field content',
    content_season SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: season of the title, empty = not told; beacon field content',
    content_episode SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: episode of the title, empty = not told; beacon field content',
    content_channel SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: channel of the title, empty = not told; beacon field content',
    content_programme SimpleAggregateFunction(max, String) COMMENT 'Greatest value told: programme of the title, empty = not told; beacon field content'
)
ENGINE = ${replicated}AggregatingMergeTree
-- Why: a session is finalised from its few rows; nothing reads by time here.
ORDER BY (tenant, session_key, stream)
COMMENT 'Idempotent states of every session by stream, from which session_rows computes its row'
