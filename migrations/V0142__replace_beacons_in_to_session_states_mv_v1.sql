-- The start-up as a whole, where a client tells it as a number (`total_ms`, msd of CMCD), becomes the fifth of a session's
-- greatest totals.
-- Why: Shaka's shipped builds tell no states, so it is all that is known of their start-up. Nothing else differs from V0028.
-- Read by: session_totals_to_session_rows_mv_v1, from the next file on. What came before this file stays as it is.
-- Cost: as V0028; one more number of the few beacons whose details hold totals.
-- Undo: ALTER TABLE beacons_in_to_session_states_mv_v1 MODIFY QUERY with the query of V0028
ALTER TABLE beacons_in_to_session_states_mv_v1 MODIFY QUERY
WITH
    -- Bytes that sort as the time does.
    reinterpretAsFixedString(byteSwap(toUInt64(client_time_ms) + 9223372036854775808)) AS time_bytes,
    if(details != '' AND (position(details, '"startup":') > 0 OR position(details, '"counters":') > 0),
        JSONExtract(details, 'Tuple(startup Tuple(player_ms Nullable(UInt64), drm_ms Nullable(UInt64), manifest_ms Nullable(UInt64), first_segment_ms Nullable(UInt64), total_ms Nullable(UInt64)), counters Tuple(stalled_ms Nullable(UInt64), paused_ms Nullable(UInt64), seeking_ms Nullable(UInt64), ad_ms Nullable(UInt64), stall_count Nullable(UInt64), seek_count Nullable(UInt64), error_count Nullable(UInt64)))'),
        tuple(tuple(NULL, NULL, NULL, NULL, NULL), tuple(NULL, NULL, NULL, NULL, NULL, NULL, NULL))) AS told,
    arrayFilter((x, y) -> y IS NOT NULL, [1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17], [told.1.1, told.1.2, told.1.3, told.1.4, told.1.5, told.2.1, told.2.2, told.2.3, told.2.4, told.2.5, told.2.6, told.2.7]) AS total_keys,
    arrayFilter(x -> x IS NOT NULL, [told.1.1, told.1.2, told.1.3, told.1.4, told.1.5, told.2.1, told.2.2, told.2.3, told.2.4, told.2.5, told.2.6, told.2.7]) AS total_values
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
    initializeAggregation('groupBitmapState', xxHash32(seq, received_time_ms)) AS copies,
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
    (total_keys, total_values)::Tuple(Array(UInt8), Array(UInt64)) AS greatest,
    if(b.attributes = '', [], [b.attributes])::Array(String) AS attributes
FROM beacons_in AS b
