-- What all the states of a session add up to.
-- Stores nothing: a step of the chain that begins at sessions_due. Read by: session_sums_to_session_cuts_mv_v1. Cost: none, engine Null.
-- Undo: DROP TABLE IF EXISTS session_sums
CREATE TABLE IF NOT EXISTS session_sums
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Smallest client time; Unix ms',
    last_ms Int64 COMMENT 'Greatest client time; Unix ms',
    sent_delta_ms Nullable(Int64) COMMENT 'Smallest received minus sent; ms',
    client_delta_ms Int64 COMMENT 'Smallest received minus client time; ms',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String)) COMMENT 'Marks in order (docs/sessions.md 3): client time in ms, seq, code, value, position in ms, height, CDN and content as hashes, details of errors and ads as JSON',
    facts Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String) COMMENT 'What is only passed on, under the names that sessions gives them',
    contents Array(Tuple(content_key UInt32, content_id String, first_ms Int64, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position Int128, greatest_keys Array(UInt8), greatest_values Array(UInt64))) COMMENT 'What the beacons of each content add up to, by stream; the content as hash, 0 = beacons that name none',
    attributes_told Array(Tuple(content_key UInt32, visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String, experiments Map(String, String))) COMMENT 'The different attributes that the beacons told, and of which content',
    pass LowCardinality(String) COMMENT 'Which pass asked: fast or slow'
)
ENGINE = Null
COMMENT 'Sessions as what their states add up to; stores nothing'
