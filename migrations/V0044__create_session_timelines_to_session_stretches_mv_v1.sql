-- Sixth step of docs/sessions.md in SQL (5): stretches between marks, what is known in each, and where the play begins and ends.
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_timelines_to_session_stretches_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_timelines_to_session_stretches_mv_v1 TO session_stretches AS
WITH
    known AS
    (
        SELECT
            *,
            arrayFill(x -> x != 0, arrayMap(m -> if(m.3 <= 20, m.4, 0)::UInt32, marks)) AS kbps,
            arrayFill(x -> x != 0, marks.height) AS heights,
            arrayFill(x -> x != 0, arrayMap(m -> if(m.3 = 21, m.4, 0)::UInt32, marks)) AS rates,
            arrayFill(x -> x != 0, marks.cdn) AS cdns,
            arrayFill(x -> x != 0, arrayMap(m -> if(m.3 IN (61, 62), m.3, 0)::UInt8, marks)) AS grounds,
            -- Which mark told the end: the first of the last run of ends.
            arrayLastIndex(
                (x, before) -> x IN (6, 7, 8) AND before NOT IN (6, 7, 8),
                r, arrayPopBack(arrayPushFront(r, 0))) AS end_index
        FROM session_timelines
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    offset_ms,
    multiIf(is_told_end, times[end_index], is_left, last_ms, last_ms + heartbeat_ms) AS end_ms,
    is_silent,
    is_left,
    marks,
    kbps,
    cdns,
    r,
    e[-1] AS last_e,
    first_frame_index,
    if(first_frame_index > 0 AND has(arraySlice(e, 1, first_frame_index - 1), 2),
        arraySum((e, t, n, i) -> if(e = 2 AND i < first_frame_index, n - t, 0), e, times, next_times, arrayEnumerate(e))::UInt64,
        NULL) AS startup_ms,
    arraySum((e, t, n, i) -> if(e = 1 AND (first_frame_index = 0 OR i < first_frame_index), n - t, 0), e, times, next_times, arrayEnumerate(e))::UInt64 AS preload_ms,
    is_told_end,
    is_told_end AND marks[end_index].3 = 32 AS is_business,
    arrayFilter(x -> x.1 > 0 AND x.3 > x.2, arrayMap(
        (x, t, n, k, h, s, m, g) -> (x, t, n, k, h, if(s = 0, 1000, s), m.5, g = 61)::Tuple(e UInt8, from Int64, to Int64, kbps UInt32, height UInt16, rate UInt32, position_ms Int64, is_background Bool),
        e, times, next_times, kbps, heights, rates, marks, grounds)) AS stretches,
    facts,
    attributes,
    pass
FROM known AS known
COMMENT 'Computes stretches between marks'
