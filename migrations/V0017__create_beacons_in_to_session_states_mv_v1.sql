-- Folds a block's beacons into session states: marks by docs/sessions.md 3, sets of seq, first and last times, dimensions.
-- Test devices and robots stay out. Total: no expression here can throw.
-- Event numbers are those of the .proto: 1 play_state, 3 bitrate_change, 6 error, 15 session_end, 16 to 24 the ad events.
-- Cost: the largest of the views, one hash table entry per session and block.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_session_states_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_session_states_mv_v1 TO session_states AS
WITH
    (client_time_ms, seq) AS place,
    multiIf(
        event = 1 AND state BETWEEN 1 AND 10, state,
        event = 3, 20,
        event = 6, if(error['fatal'] = 'true', 31, 30),
        event = 15, 50,
        event BETWEEN 16 AND 24, event + 24,
        0)::UInt8 AS code,
    multiIf(code BETWEEN 1 AND 20, ifNull(bitrate_kbps, 0), code = 50, exit_reason, 0)::UInt32 AS value
SELECT
    tenant,
    session_key,
    stream,
    max(session_id) AS session_id,
    min(client_time_ms) AS first_client_time_ms,
    max(client_time_ms) AS last_client_time_ms,
    argMinState(clock_offset_ms, place) AS clock_offset,
    min(received_time_ms - sent_time_ms) AS least_sent_delta_ms,
    min(received_time_ms - client_time_ms) AS least_client_delta_ms,
    max(beacons_in.heartbeat_interval_ms) AS heartbeat_interval_ms,
    groupBitmapStateIf(seq, seq_is_ordinal) AS ordinals,
    max(if(seq_is_ordinal, seq, NULL)) AS greatest_ordinal,
    uniqExactState(if(seq_is_ordinal, NULL, seq)) AS hashes,
    groupUniqArrayArray(if(code = 0, [], [(client_time_ms, seq, code, value)])::Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32))) AS marks,
    argMaxState(if(event = 6, error['code'], NULL), place) AS last_error,
    max(beacons_in.dropped_frames) AS dropped_frames,
    max(position_ms) AS furthest_position_ms,
    argMinState(nullIf(beacons_in.content_id::String, ''), place) AS content_id,
    argMaxState(nullIf(beacons_in.cdn::String, ''), place) AS cdn,
    max(beacons_in.visit_id) AS visit_id,
    max(beacons_in.viewer_id) AS viewer_id,
    max(beacons_in.account_id) AS account_id,
    max(beacons_in.profile_id) AS profile_id,
    max(beacons_in.device_id) AS device_id,
    max(beacons_in.device_class) AS device_class,
    max(beacons_in.device_model) AS device_model,
    max(beacons_in.os_name) AS os_name,
    max(beacons_in.os_version) AS os_version,
    max(beacons_in.app_version) AS app_version,
    max(beacons_in.player_name) AS player_name,
    max(beacons_in.player_version) AS player_version,
    max(beacons_in.stream_type) AS stream_type,
    max(beacons_in.content_duration_ms) AS content_duration_ms,
    max(beacons_in.audio_language) AS audio_language,
    max(beacons_in.subtitle_language) AS subtitle_language,
    max(beacons_in.isp) AS isp,
    max(beacons_in.asn) AS asn,
    max(beacons_in.country) AS country,
    max(beacons_in.region) AS region,
    max(beacons_in.connection_type) AS connection_type,
    max(beacons_in.connection_quality) AS connection_quality,
    max(beacons_in.sdk_version) AS sdk_version,
    max(beacons_in.source) AS source,
    max(content['title']) AS content_title,
    max(content['series']) AS content_series,
    max(content['season']) AS content_season,
    max(content['episode']) AS content_episode,
    max(content['channel']) AS content_channel,
    max(content['programme']) AS content_programme
FROM beacons_in
WHERE NOT is_test AND NOT is_bot
GROUP BY tenant, session_key, stream
COMMENT 'Folds beacons into session states'
