-- What a play adds to a minute: numbers from the pieces that it was cut into (docs/sessions.md 9).
-- Cost: the minutes that changed, a few us each.
-- Undo: DROP VIEW IF EXISTS session_pieces_to_session_minutes_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_pieces_to_session_minutes_mv_v1 TO session_minutes AS
SELECT
    tenant,
    minute,
    session_key,
    play_no,
    content_id,
    device_class,
    country,
    region,
    isp,
    cdn,
    app_version,
    source,
    experiments,
    viewer_key,
    here,
    arrayConcat(
        if(is_begun, [(begun_ms, 1)], []),
        if(is_shown, [(shown_ms, 2)], []),
        if(is_over AND is_started, [(over_ms, 3)], []),
        if(is_over, arrayFilter(x -> x.2 > 0, [(over_ms, transform(end_reason::String, ['exited_before_start', 'failed_before_start', 'failed', 'timed_out'], [4, 5, 6, 7], 0))]), []),
        arrayMap(x -> (x, 8), stalls),
        arrayMap(x -> (x.1, 9), arrayFilter(x -> x.2 < 40, told)),
        arrayMap(x -> (x.1, 10), arrayFilter(x -> x.2 = 42, told)))::Array(Tuple(at_ms UInt16, measure UInt8)) AS moments,
    -- Why lists: the engine analyses each expression anew at every insert, and that costs more than to compute it.
    if(is_begun OR is_shown OR is_over OR notEmpty(told) OR hasAny(here.state, [4, 5]),
        arrayConcat(
            [is_begun, is_shown, if(is_shown, ifNull(startup_ms, 0), 0), is_shown AND startup_ms IS NOT NULL, is_over AND is_started]::Array(UInt64),
            arrayMap(x -> is_over AND end_reason = x.1 AND (is_business_failure OR NOT x.2), [
                ('finished', false), ('exited_before_start', false), ('failed_before_start', false), ('failed_before_start', true), ('failed', false), ('failed', true), ('timed_out', false)])::Array(UInt64),
            [
                length(stalls),
                seek_count,
                arrayCount(x -> x.2 < 40, told),
                arrayCount(x -> x.2 IN (31, 32), told)
            ]::Array(UInt64),
            arrayMap(x -> arrayCount(t -> (t.2, t.3) = x, told), [(40, 0), (48, 0), (42, 0), (44, 25), (44, 50), (44, 75), (43, 0), (45, 0), (46, 0), (47, 0)]::Array(Tuple(UInt8, UInt8)))::Array(UInt64),
            if(is_over, delivery, [0, 0, 0, 0])),
        []) AS counts,
    toUInt16(arraySum(x -> if(x.1 = 2, x.3 - x.2, 0), here)) AS starting_ms,
    toUInt16(arraySum(x -> if(x.1 = 3, x.3 - x.2, 0), here)) AS playing_ms,
    toUInt16(arraySum(x -> if(x.1 = 4, x.3 - x.2, 0), here)) AS stalled_ms,
    toUInt16(arraySum(x -> if(x.1 = 5, x.3 - x.2, 0), here)) AS seeking_ms,
    toUInt16(arraySum(x -> if(x.1 = 6, x.3 - x.2, 0), here)) AS paused_ms,
    toUInt16(arraySum(x -> if(x.1 = 7, x.3 - x.2, 0), here)) AS ad_ms,
    arraySum(x -> toUInt64(x.2 - x.1) * x.3, encoded) AS bitrate_kbit_ms,
    toUInt16(arraySum(x -> x.2 - x.1, encoded)) AS bitrate_known_ms,
    version
FROM session_pieces AS session_pieces
COMMENT 'Computes what plays add to minutes'
