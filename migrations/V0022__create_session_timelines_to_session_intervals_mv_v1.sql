-- Fourth step of docs/sessions.md in SQL (4): stretches between marks, joined into intervals.
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_timelines_to_session_intervals_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_timelines_to_session_intervals_mv_v1 TO session_intervals AS
WITH
    -- Stretches between marks.
    stretched AS
    (
        SELECT
            *,
            arrayFilter(x -> x.1 > 0 AND x.3 > x.2, arrayZip(e, times, next_times)) AS stretches,
            arrayFilter(
                x -> x.2 > x.1 AND x.3 > 0,
                arrayMap((x, t, n, k) -> (t, if(x = 3, n, t), k), e, times, next_times, kbps)) AS played
        FROM session_timelines
    ),
    -- Where a new joined interval begins.
    bounded AS
    (
        SELECT
            *,
            arrayMap(
                (x, before) -> x.1 != before.1 OR x.2 != before.3,
                stretches,
                arrayPopBack(arrayPushFront(stretches, (0::UInt8, 0::Int64, 0::Int64)))) AS is_new
        FROM stretched
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    offset_ms,
    if(is_told_end,
        arrayMax(arrayMap(
            (x, before, t) -> if(x IN (6, 7, 8) AND before NOT IN (6, 7, 8), t, first_ms),
            r, arrayPopBack(arrayPushFront(r, 0)), times)),
        last_ms + heartbeat_ms) AS end_ms,
    is_silent,
    marks,
    next_times,
    kbps,
    r,
    e,
    first_frame_index,
    is_told_end,
    first_frame_index > 0 AS is_started,
    arrayMap(
        x -> (x[1].1, x[1].2, x[-1].3),
        arraySplit((x, begins) -> begins, stretches, is_new)) AS joined,
    played,
    facts,
    attributes,
    pass
FROM bounded AS bounded
COMMENT 'Joins stretches into intervals'
