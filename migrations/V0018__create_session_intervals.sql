-- Sessions as stretches between marks, joined into intervals (docs/sessions.md 4).
-- Stores nothing: a step of the chain that begins at sessions_due. Read by: session_intervals_to_sessions_mv_v1. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS session_intervals
CREATE TABLE IF NOT EXISTS session_intervals
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Smallest client time; Unix ms',
    last_ms Int64 COMMENT 'Greatest client time; Unix ms',
    offset_ms Int64 COMMENT 'Added to client time to get event time; ms',
    end_ms Int64 COMMENT 'End, told or by silence; Unix ms, client time',
    is_silent Bool COMMENT 'Nothing was heard for the liveness window',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32)) COMMENT 'Marks in order: client time in ms, seq, code, value',
    next_times Array(Int64) COMMENT 'Where the stretch that each mark opens ends; Unix ms, client time',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    r Array(UInt8) COMMENT 'Reported state R after each mark; 0 = none',
    e Array(UInt8) COMMENT 'Effective state E after each mark: 1 preloading, 2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad, 0 none',
    first_frame_index UInt64 COMMENT 'Which mark is the first frame, from 1; 0 = none',
    is_told_end Bool COMMENT 'The last reported state is an end',
    is_started Bool COMMENT 'There is a first frame',
    joined Array(Tuple(UInt8, Int64, Int64)) COMMENT 'Joined intervals: E, from, to; Unix ms, client time',
    played Array(Tuple(Int64, Int64, UInt32)) COMMENT 'Stretches of playing with a known bitrate: from, to, kbit/s; Unix ms, client time',
    facts Tuple(states_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String) COMMENT 'What is only passed on: counts and dimensions, under the names that sessions gives them',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) COMMENT 'What the beacons told of device, application, content, network and ids',
    pass LowCardinality(String) COMMENT 'Which pass asked: fast or slow'
)
ENGINE = Null
COMMENT 'Sessions as joined intervals; stores nothing'
