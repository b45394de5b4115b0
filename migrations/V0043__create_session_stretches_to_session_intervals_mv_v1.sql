-- Seventh step of docs/sessions.md in SQL (5): stretches of one state joined into intervals.
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_stretches_to_session_intervals_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_stretches_to_session_intervals_mv_v1 TO session_intervals AS
WITH
    -- Where a new joined interval begins.
    bounded AS
    (
        SELECT
            *,
            arrayMap(
                (x, before) -> x.1 != before.1 OR x.2 != before.3,
                stretches,
                arrayPopBack(arrayPushFront(stretches, (0, 0, 0, 0, 0, 0, 0, false)::Tuple(e UInt8, from Int64, to Int64, kbps UInt32, height UInt16, rate UInt32, position_ms Int64, is_background Bool)))) AS is_new
        FROM session_stretches
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    offset_ms,
    end_ms,
    is_silent,
    is_left,
    marks,
    kbps,
    cdns,
    r,
    last_e,
    first_frame_index,
    startup_ms,
    preload_ms,
    is_told_end,
    is_business,
    stretches,
    arrayMap(
        x -> (x[1].1, x[1].2, x[-1].3),
        arraySplit((x, begins) -> begins, stretches, is_new)) AS joined,
    facts,
    attributes,
    pass
FROM bounded AS bounded
COMMENT 'Joins stretches into intervals'
