-- Folds a block's beacons into session states: sets of seq, first and last times, the latest of each kind.
-- Test devices and robots are kept apart. Total: no expression here can throw.
-- What is not told must lose every comparison: hence the least value where the greatest is kept.
-- `details` is opened only where it holds totals: most beacons have none.
-- Cost: the largest of the views, one hash table entry per session and block.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_session_states_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_session_states_mv_v1 TO session_states AS
WITH
    -- Bytes that sort as the time does.
    reinterpretAsFixedString(byteSwap(toUInt64(client_time_ms) + 9223372036854775808)) AS time_bytes,
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
    max(b.session_id) AS session_id,
    min(b.session_id) AS least_session_id,
    now64(3) AS seen,
    min(client_time_ms) AS first_client_time_ms,
    max(client_time_ms) AS last_client_time_ms,
    min(ifNull(received_time_ms - sent_time_ms, 9223372036854775807)) AS least_sent_delta_ms,
    min(received_time_ms - client_time_ms) AS least_client_delta_ms,
    groupBitmapStateIf(seq, seq_is_ordinal) AS ordinals,
    groupUniqArrayIf(seq, NOT seq_is_ordinal) AS hashes,
    groupBitmapState(xxHash32(seq, received_time_ms)) AS copies,
    max(ifNull(toInt64(b.dropped_frames), -1)) AS dropped_frames,
    max(ifNull(position_ms, -9223372036854775808)) AS furthest_position_ms,
    max(bitShiftLeft(toInt128(if(position_ms IS NULL, -9223372036854775808, client_time_ms)), 64) + ifNull(position_ms, 0)) AS last_position,
    max(if(cdn = '', '', concat(time_bytes, cdn))) AS last_cdn,
    max(if(state BETWEEN 1 AND 10,
        concat(
            time_bytes,
            reinterpretAsFixedString(byteSwap(seq)),
            reinterpretAsFixedString(event_time_ms),
            reinterpretAsFixedString(ifNull(position_ms, -9223372036854775808)),
            reinterpretAsFixedString(ifNull(bitrate_kbps, 4294967295)::UInt32),
            reinterpretAsFixedString(ifNull(buffer_ms, 4294967295)::UInt32),
            char(state, ifNull(in_ad, false))),
        '')) AS latest,
    maxMap(totals.1, arrayMap(x -> assumeNotNull(x.2), totals)) AS greatest,
    groupUniqArrayIf(b.attributes, b.attributes != '') AS attributes
FROM beacons_in AS b
GROUP BY tenant, session_key, stream, content_id, is_published
COMMENT 'Folds beacons into session states'
