-- Folds a block's beacons into session states: marks by docs/sessions.md 3, sets of seq, first and last times.
-- Test devices and robots are kept apart. Total: no expression here can throw.
-- Event numbers are those of the .proto: 1 play_state, 3 bitrate_change, 4 playback_rate_change, 5 content_change, 6 error,
-- 11 background_change, 13 host_change, 15 session_end, 16 to 24 the ad events.
-- What is not told must lose every comparison: hence the least tuple where the greatest is kept.
-- `details` is opened only for marks and where it holds totals: most beacons have none, or none of these.
-- Cost: the largest of the views, one hash table entry per session and block.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_session_states_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_session_states_mv_v1 TO session_states AS
WITH
    multiIf(
        event = 1 AND state BETWEEN 1 AND 10, state,
        event = 2, 0,
        event = 3, 20,
        event = 4, 21,
        event = 5, 60,
        event = 6, multiIf(JSONExtractString(details, 'error', 'fatal') != 'true', 30, JSONExtractString(details, 'error', 'business') = 'true', 32, 31),
        event = 11, if(JSONExtractBool(details, 'background'), 61, 62),
        event = 13, 63,
        event = 15, 50,
        event BETWEEN 16 AND 24, event + 24,
        0)::UInt8 AS code,
    multiIf(
        code = 0, 0,
        code <= 20, ifNull(bitrate_kbps, 0),
        code = 21, toUInt32(least(greatest(round(JSONExtractFloat(details, 'playback_rate') * 1000), 0), 4000000000)),
        code = 44, toUInt32OrZero(JSONExtractString(details, 'ad', 'quartile')),
        code = 50, exit_reason,
        0)::UInt32 AS value,
    if(details != '' AND (position(details, '"startup":') > 0 OR position(details, '"counters":') > 0),
        arrayFilter(x -> x.2 IS NOT NULL, arrayZip(
            [1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17],
            [
                JSONExtract(details, 'startup', 'player_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'startup', 'drm_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'startup', 'manifest_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'startup', 'first_segment_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'stalled_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'paused_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'seeking_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'ad_ms', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'stall_count', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'seek_count', 'Nullable(UInt64)'),
                JSONExtract(details, 'counters', 'error_count', 'Nullable(UInt64)')
            ])),
        [])::Array(Tuple(UInt8, Nullable(UInt64))) AS totals
SELECT
    tenant,
    session_key,
    stream,
    content_id,
    NOT (is_test OR is_bot) AS is_published,
    groupUniqArray(session_id) AS session_ids,
    now64(3) AS seen,
    if(max(code > 0), now64(3), toDateTime64(0, 3)) AS mark_seen,
    if(max(code IN (1, 6, 7, 8, 31, 32, 50)), now64(3), toDateTime64(0, 3)) AS urgent_seen,
    min(client_time_ms) AS first_client_time_ms,
    max(client_time_ms) AS last_client_time_ms,
    min(received_time_ms - sent_time_ms) AS least_sent_delta_ms,
    min(received_time_ms - client_time_ms) AS least_client_delta_ms,
    groupBitmapStateIf(seq, seq_is_ordinal) AS ordinals,
    groupUniqArrayIf(seq, NOT seq_is_ordinal) AS hashes,
    groupBitmapState(xxHash32(seq, received_time_ms)) AS copies,
    groupUniqArrayIf(
        (
            client_time_ms,
            seq,
            code,
            value,
            ifNull(greatest(position_ms, -1), -1),
            if(code BETWEEN 1 AND 20 AND details != '', toUInt16(least(JSONExtractUInt(details, 'height'), 65535)), 0),
            if(cdn = '', 0, xxHash32(cdn)),
            if(content_id = '', 0, xxHash32(content_id)),
            if(code BETWEEN 30 AND 48, details, '')
        )::Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String),
        code > 0) AS marks,
    max(beacons_in.dropped_frames) AS dropped_frames,
    max(position_ms) AS furthest_position_ms,
    max(if(position_ms IS NOT NULL, (client_time_ms, seq, assumeNotNull(position_ms)), (toInt64(-9223372036854775808), toUInt64(0), toInt64(0)))) AS last_position,
    max(if(cdn != '', (client_time_ms, seq, cdn::String), (toInt64(-9223372036854775808), toUInt64(0), ''))) AS last_cdn,
    maxMap(totals.1, arrayMap(x -> assumeNotNull(x.2), totals)) AS greatest,
    groupUniqArrayIf(beacons_in.attributes, beacons_in.attributes != '') AS attributes
FROM beacons_in
GROUP BY tenant, session_key, stream, content_id, is_published
COMMENT 'Folds beacons into session states'
