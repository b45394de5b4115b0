-- Plays with reported state R and effective state E after each mark (docs/sessions.md 5).
-- Stores nothing: a step of the chain that begins at sessions_due. Read by: session_timelines_to_session_stretches_mv_v1. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS session_timelines
CREATE TABLE IF NOT EXISTS session_timelines
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Where the play begins; Unix ms, client time',
    last_ms Int64 COMMENT 'Its greatest client time; Unix ms',
    heartbeat_ms Int64 COMMENT 'One heartbeat; ms',
    offset_ms Int64 COMMENT 'Added to client time to get event time; ms',
    is_silent Bool COMMENT 'Nothing was heard for the liveness window',
    is_left Bool COMMENT 'Another play follows',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String)) COMMENT 'Marks in order (docs/sessions.md 3): client time in ms, seq, code, value, position in ms, height, CDN and content as hashes, details of errors and ads as JSON',
    times Array(Int64) COMMENT 'Client time of each mark; Unix ms',
    next_times Array(Int64) COMMENT 'Where the stretch that each mark opens ends; Unix ms, client time',
    r Array(UInt8) COMMENT 'Reported state R after each mark; 0 = none',
    e Array(UInt8) COMMENT 'Effective state E after each mark: 1 preloading, 2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad, 0 none',
    first_frame_index UInt64 COMMENT 'Which mark is the first frame, from 1; 0 = none',
    is_told_end Bool COMMENT 'The last reported state is an end',
    facts Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String, experiments Map(String, String), play_no UInt16, content_id String, is_only_play Bool, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position_ms Nullable(Int64), greatest Map(UInt8, UInt64)) COMMENT 'What is only passed on, under the names that sessions gives them',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) COMMENT 'Device, application, content, network and ids',
    pass LowCardinality(String) COMMENT 'Which pass asked: fast or slow'
)
ENGINE = Null
COMMENT 'Plays as reported and effective states after each mark; stores nothing'
