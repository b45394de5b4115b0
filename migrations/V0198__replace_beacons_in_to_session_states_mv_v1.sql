-- Writes the hash of a copy as a list of one.
-- Why: V0197. Nothing that is published differs.
-- Cost: less than V0165: no bitmap is made for every beacon.
-- Undo: ALTER TABLE beacons_in_to_session_states_mv_v1 MODIFY QUERY with the query of V0165
ALTER TABLE beacons_in_to_session_states_mv_v1 MODIFY QUERY
WITH
    -- Bytes that sort as the time does.
    reinterpretAsFixedString(byteSwap(toUInt64(client_time_ms) + 9223372036854775808)) AS time_bytes,
    -- Two lists of what is told, and no name is looked up alone: each mention of a value would be planned with the whole text that opens it.
    if(details != '' AND (position(details, '"startup":') > 0 OR position(details, '"counters":') > 0),
        JSONExtract(details, 'Tuple(startup Map(String, Nullable(UInt64)), counters Map(String, Nullable(UInt64)))'),
        (map(), map())) AS told,
    arrayFilter(
        x -> x.1 > 0 AND x.2 IS NOT NULL,
        arrayMap(
            x -> (
                transform(x.1,
                    ['player_ms', 'drm_ms', 'manifest_ms', 'first_segment_ms', 'total_ms', 'stalled_ms', 'paused_ms', 'seeking_ms', 'ad_ms', 'stall_count', 'seek_count', 'error_count'],
                    [1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17], 0),
                x.2),
            arrayConcat(told.1::Array(Tuple(String, Nullable(UInt64))), told.2::Array(Tuple(String, Nullable(UInt64)))))) AS totals
SELECT
    tenant,
    session_key,
    stream,
    content_id,
    NOT (is_test OR is_bot) AS is_published,
    b.session_id AS session_id,
    b.session_id AS least_session_id,
    now64(3) AS seen,
    client_time_ms AS first_client_time_ms,
    client_time_ms AS last_client_time_ms,
    ifNull(received_time_ms - sent_time_ms, 9223372036854775807) AS least_sent_delta_ms,
    received_time_ms - client_time_ms AS least_client_delta_ms,
    initializeAggregation('groupBitmapStateIf', seq, seq_is_ordinal) AS ordinals,
    if(seq_is_ordinal, []::Array(UInt64), [seq]) AS hashes,
    [xxHash32(seq, received_time_ms)] AS copy_hashes,
    ifNull(toInt64(b.dropped_frames), -1) AS dropped_frames,
    ifNull(position_ms, -9223372036854775808) AS furthest_position_ms,
    bitShiftLeft(toInt128(if(position_ms IS NULL, -9223372036854775808, client_time_ms)), 64) + ifNull(position_ms, 0) AS last_position,
    if(cdn = '', '', concat(time_bytes, cdn)) AS last_cdn,
    if(state BETWEEN 1 AND 10,
        concat(
            time_bytes,
            reinterpretAsFixedString(byteSwap(seq)),
            reinterpretAsFixedString(event_time_ms),
            reinterpretAsFixedString(ifNull(position_ms, -9223372036854775808)),
            reinterpretAsFixedString(ifNull(bitrate_kbps, 4294967295)::UInt32),
            reinterpretAsFixedString(ifNull(buffer_ms, 4294967295)::UInt32),
            char(state, ifNull(in_ad, false))),
        '') AS latest,
    (totals.1, arrayMap(x -> assumeNotNull(x), totals.2))::Tuple(Array(UInt8), Array(UInt64)) AS greatest,
    if(b.attributes = '', [], [b.attributes])::Array(String) AS attributes
FROM beacons_in AS b
