-- One row per play (most sessions have one): what docs/sessions.md makes of a session's states. A later computation replaces
-- the row.
-- Why this key: a row is replaced by identity; a start that a late beacon moves may not move the row. No play ever vanishes:
-- a further mark can only add to the runs of content that plays are.
-- The skip indexes let a window of time leave out old parts, which are written in the order of time.
-- dirty_minutes tells sessions_to_session_pieces_mv_v1 what to write anew.
-- Read by: sessions_v, sessions_t, concurrent_viewers_*, sessions_to_session_pieces_mv_v1, minutes_lost_to_sessions_mv_v1, sessions_sweep_pass. Cost: about 350 bytes a play.
-- Undo: DROP TABLE IF EXISTS sessions
CREATE TABLE IF NOT EXISTS sessions
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    play_no UInt16 COMMENT 'Which play of the session, from 1: a session that goes on to another title has several',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id',
    started_at DateTime64(3, 'UTC') COMMENT 'Where the play begins; event time',
    first_frame_at Nullable(DateTime64(3, 'UTC')) COMMENT 'First frame of the content; event time; NULL when never',
    last_seen_at DateTime64(3, 'UTC') COMMENT 'Latest beacon; event time',
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'End, told, by leaving for another title or by silence; event time; NULL while it runs',
    end_reason LowCardinality(String) COMMENT 'running, finished, exited, exited_before_start, failed, failed_before_start or timed_out',
    is_business_failure Bool COMMENT 'It failed by rule (geography, concurrency), not for a technical reason; beacon field error',
    current_state LowCardinality(String) COMMENT 'State since the last mark, while it runs: preloading, starting, playing, stalled, seeking, paused or in_ad; empty when it has ended or told none',
    is_started Bool COMMENT 'Whether a frame of the content was shown',
    clock_offset_ms Int64 COMMENT 'Added to the client\'s clock to get event time; ms',
    startup_ms Nullable(UInt64) COMMENT 'Start-up time: starting, until the first frame, without breaks and pauses; ms; NULL when not known',
    player_startup_ms Nullable(UInt64) COMMENT 'Part of the start-up: the player; ms; NULL when not told; beacon field startup',
    drm_startup_ms Nullable(UInt64) COMMENT 'Part of the start-up: DRM; ms; NULL when not told; beacon field startup',
    manifest_startup_ms Nullable(UInt64) COMMENT 'Part of the start-up: the manifest; ms; NULL when not told; beacon field startup',
    first_segment_startup_ms Nullable(UInt64) COMMENT 'Part of the start-up: the first segment; ms; NULL when not told; beacon field startup',
    preload_ms UInt64 COMMENT 'Preloading before the first frame; ms',
    starting_ms UInt64 COMMENT 'Time in starting; ms',
    playing_ms UInt64 COMMENT 'Time in playing, repaired; ms',
    stalled_ms UInt64 COMMENT 'Time in stalled, repaired; ms',
    seeking_ms UInt64 COMMENT 'Time in seeking, buffering after the seek included, repaired; ms',
    paused_ms UInt64 COMMENT 'Time in paused, repaired; ms',
    ad_ms UInt64 COMMENT 'Time in ad breaks, repaired; ms',
    watch_ms UInt64 COMMENT 'CTA-2066 watched time: all of these but paused; ms; 0 when not started',
    background_ms UInt64 COMMENT 'Time with the application in the background; ms',
    media_ms UInt64 COMMENT 'Media played: playing time times the playback rate; ms',
    stall_count UInt32 COMMENT 'Stalls, repaired; count',
    longest_stall_ms UInt64 COMMENT 'The longest stall; ms; 0 = none',
    seek_count UInt32 COMMENT 'Seeks, repaired; count',
    bitrate_kbit UInt64 COMMENT 'Bits played where the bitrate is known; kbit',
    bitrate_known_ms UInt64 COMMENT 'Playing time with a known bitrate; ms',
    average_bitrate_kbps Nullable(Float64) COMMENT 'Time-weighted bitrate of what was played; kbit/s; NULL when not known',
    top_bitrate_kbps Nullable(UInt32) COMMENT 'Greatest bitrate played; kbit/s; NULL when not known',
    bitrate_switch_count UInt32 COMMENT 'Changes of bitrate; count',
    bitrate_upswitch_count UInt32 COMMENT 'Changes to a greater bitrate; count',
    top_height Nullable(UInt16) COMMENT 'Greatest picture height played; pixels; NULL when not known',
    average_height Nullable(Float64) COMMENT 'Time-weighted picture height of what was played; pixels; NULL when not known',
    error_count UInt32 COMMENT 'Errors, fatal ones included, repaired; count',
    fatal_error_count UInt32 COMMENT 'Fatal errors; count',
    last_error_code String COMMENT 'Code of the latest error, empty = none; beacon field error',
    ad_break_count UInt32 COMMENT 'Ad breaks begun; count',
    ad_start_count UInt32 COMMENT 'Ads begun; count',
    ad_first_quartile_count UInt32 COMMENT 'Ads played to a quarter; count',
    ad_midpoint_count UInt32 COMMENT 'Ads played to the half; count',
    ad_third_quartile_count UInt32 COMMENT 'Ads played to three quarters; count',
    ad_end_count UInt32 COMMENT 'Ads played to their end; count',
    ad_skip_count UInt32 COMMENT 'Ads skipped; count',
    ad_click_count UInt32 COMMENT 'Ads clicked; count',
    ad_error_count UInt32 COMMENT 'Ads failed; count',
    ad_impression_count UInt32 COMMENT 'Ads counted as seen; count',
    dropped_frames Nullable(UInt32) COMMENT 'Frames dropped since the session began; count; NULL when not told',
    first_position_ms Nullable(Int64) COMMENT 'Playhead at the first frame; ms; NULL when not told',
    last_position_ms Nullable(Int64) COMMENT 'Playhead of the latest beacon that tells one; ms; NULL when not told',
    furthest_position_ms Nullable(Int64) COMMENT 'Furthest playhead; ms; NULL when not told',
    quartile Nullable(UInt8) COMMENT 'Quarters of the title that were reached, 4 when finished; NULL when not known',
    beacons_received UInt64 COMMENT 'Distinct beacons of the session, on its first play; count',
    beacons_lost UInt64 COMMENT 'Gaps in the ordinals of the session, on its first play; count',
    beacons_duplicated UInt64 COMMENT 'Copies that were sent again, on its first play; count',
    counter_resets UInt64 COMMENT 'How often the client began to count anew, on its first play; count',
    cdn_switch_count UInt32 COMMENT 'Changes of CDN; count',
    repaired_ms UInt64 COMMENT 'Time that the client\'s totals have more than its timeline, taken from playing; ms (docs/sessions.md 7)',
    is_repaired Bool COMMENT 'Whether the client\'s totals changed any number',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told; beacon field content_id',
    cdn LowCardinality(String) COMMENT 'CDN that the session used last, empty = unknown; beacon field cdn',
    experiments Map(LowCardinality(String), LowCardinality(String)) COMMENT 'Experiment to variant; beacon field experiments',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model LowCardinality(String), os_name LowCardinality(String), os_version LowCardinality(String), app_version LowCardinality(String), player_name LowCardinality(String), player_version LowCardinality(String), sdk_version LowCardinality(String), source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language LowCardinality(String), subtitle_language LowCardinality(String), isp LowCardinality(String), asn Nullable(UInt32), country LowCardinality(String), region LowCardinality(String), connection_type LowCardinality(String), connection_quality LowCardinality(String)) COMMENT 'Device, application, content, network and ids: of each the greatest value that any beacon told (docs/sessions.md 6)',
    intervals Array(Tuple(state Enum8('preloading' = 1, 'starting' = 2, 'playing' = 3, 'stalled' = 4, 'seeking' = 5, 'paused' = 6, 'in_ad' = 7), from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC'))) COMMENT 'Timeline: state, from, to; event time',
    renditions Array(Tuple(from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC'), bitrate_kbps UInt32)) COMMENT 'Stretches of playing with a known bitrate: from, to, kbit/s; event time',
    watched Array(Tuple(from_ms Int64, to_ms Int64)) COMMENT 'Stretches of the title that were played: from, to; ms of the title',
    events Array(Tuple(at DateTime64(3, 'UTC'), code UInt8, quartile UInt8, error_code String, ad_id String, break_id String)) COMMENT 'Errors (30 to 32) and ad marks (40 to 48), docs/sessions.md 3; event time',
    last_mark Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String) COMMENT 'The greatest mark of the timeline (docs/sessions.md 3); client time',
    marks_digest UInt64 COMMENT 'Hash of all marks: with last_mark it tells whether a later timeline only goes on from here',
    facts_digest UInt64 COMMENT 'Hash of the clock offset and of what a rollup groups by: another one concerns every minute of the play',
    dirty_minutes Array(DateTime('UTC')) COMMENT 'Minutes that this row may change; event time',
    former_versions Array(DateTime64(3, 'UTC')) COMMENT 'Versions of the rows of the last minutes that this one knew of: minutes cut from any other are taken back',
    states_seen DateTime64(3, 'UTC') COMMENT 'The greatest `seen` of the states from which it was computed; server time',
    marks_seen DateTime64(3, 'UTC') COMMENT 'The same of the marks; server time',
    pass LowCardinality(String) COMMENT 'Which pass wrote the row: fast or slow',
    version DateTime64(3, 'UTC') COMMENT 'When the row was computed; the latest stays',
    INDEX version_minmax version TYPE minmax GRANULARITY 1,
    INDEX started_at_minmax started_at TYPE minmax GRANULARITY 1,
    INDEX last_seen_at_minmax last_seen_at TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree(version)
-- Why: a window of time reads few days, and an insert never spans two. A row may have a newer one in a later partition, so
-- whoever filters by version must not ask for the latest.
PARTITION BY toDate(version)
ORDER BY (tenant, session_key, play_no)
TTL toDateTime(version) + INTERVAL 400 DAY
-- Why: the passes ask for single sessions.
SETTINGS index_granularity = 512, ttl_only_drop_parts = 1
COMMENT 'One finalised row per play, with its timeline; the latest version counts'
