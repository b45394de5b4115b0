-- Folds a block's beacons into session states: marks by docs/sessions.md 3, sets of seq, first and last times.
-- Test devices and robots are kept apart. Total: no expression here can throw.
-- Event numbers are those of the .proto: 1 play_state, 3 bitrate_change, 6 error, 15 session_end, 16 to 24 the ad events.
-- What is not told must lose every comparison: hence the greatest tuple where the least is kept.
-- Cost: the largest of the views, one hash table entry per session and block.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_session_states_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_session_states_mv_v1 TO session_states AS
WITH
    multiIf(
        event = 1 AND state BETWEEN 1 AND 10, state,
        event = 3, 20,
        event = 6, if(JSONExtractString(details, 'error', 'fatal') = 'true', 31, 30),
        event = 15, 50,
        event BETWEEN 16 AND 24, event + 24,
        0)::UInt8 AS code,
    multiIf(code BETWEEN 1 AND 20, ifNull(bitrate_kbps, 0), code = 50, exit_reason, 0)::UInt32 AS value
SELECT
    tenant,
    session_key,
    stream,
    NOT (is_test OR is_bot) AS is_published,
    groupUniqArray(session_id) AS session_ids,
    now64(3) AS seen,
    if(max(code IN (1, 6, 7, 8, 31, 50)), now64(3), toDateTime64(0, 3)) AS urgent_seen,
    min(client_time_ms) AS first_client_time_ms,
    max(client_time_ms) AS last_client_time_ms,
    min(received_time_ms - sent_time_ms) AS least_sent_delta_ms,
    min(received_time_ms - client_time_ms) AS least_client_delta_ms,
    groupBitmapStateIf(seq, seq_is_ordinal) AS ordinals,
    groupUniqArrayIf(seq, NOT seq_is_ordinal) AS hashes,
    groupUniqArrayIf((client_time_ms, seq, code, value)::Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32), code > 0) AS marks,
    max(if(event = 6, (client_time_ms, seq, JSONExtractString(details, 'error', 'code')), (toInt64(-9223372036854775808), toUInt64(0), ''))) AS last_error,
    max(beacons_in.dropped_frames) AS dropped_frames,
    max(position_ms) AS furthest_position_ms,
    min(if(content_id != '', (client_time_ms, seq, content_id::String), (9223372036854775807::Int64, 18446744073709551615::UInt64, ''))) AS first_content,
    max(if(cdn != '', (client_time_ms, seq, cdn::String), (toInt64(-9223372036854775808), toUInt64(0), ''))) AS last_cdn,
    groupUniqArrayIf(beacons_in.attributes, beacons_in.attributes != '') AS attributes
FROM beacons_in
GROUP BY tenant, session_key, stream, is_published
COMMENT 'Folds beacons into session states'
