-- A pause after an end is no new beginning: the element pauses itself when its title is over, and players report it just
-- before, or just after (docs/sessions.md 5). Nothing else differs from V0045.
-- Cost: as V0045.
-- Undo: ALTER TABLE session_plays_to_session_timelines_mv_v1 MODIFY QUERY with the query of V0045
ALTER TABLE session_plays_to_session_timelines_mv_v1 MODIFY QUERY
WITH
    -- Of several ends in a row the first counts, and pauses after an end are nobody's.
    reported AS
    (
        SELECT
            *,
            marks.t_ms AS times,
            arrayMap(
                (x, unpaused) -> if(x = 5 AND unpaused IN (6, 7, 8), unpaused, x),
                reports,
                arrayFill(x -> x != 5, reports)) AS told,
            arrayFill(
                (x, before) -> NOT (x IN (6, 7, 8) AND before IN (6, 7, 8)),
                told,
                arrayPopBack(arrayPushFront(told, 0))) AS r
        FROM session_plays
    ),
    before_waiting AS
    (
        SELECT
            *,
            arrayFill(x -> x NOT IN (4, 10), r) AS r_before_waiting,
            r[-1] IN (6, 7, 8) AS is_told_end
        FROM reported
    ),
    -- Effective state E, as it is after the first frame.
    after_start AS
    (
        SELECT
            *,
            arrayMap(
                (x, b, w) -> multiIf(
                    x IN (0, 6, 7, 8), 0,
                    x = 5, 6,
                    x = 9, 1,
                    b = 1, 7,
                    x = 2, 3,
                    x = 3, 5,
                    x IN (4, 10), if(w = 3, 5, 4),
                    2)::UInt8,
                r, breaks, r_before_waiting) AS e_after_start,
            multiIf(is_told_end, times[-1], is_silent, last_ms + heartbeat_ms, last_ms) AS open_end_ms
        FROM before_waiting
    ),
    first_frame AS
    (
        SELECT
            *,
            indexOf(e_after_start, 3) AS first_frame_index,
            -- More than a day from one mark to the next is a clock that jumped.
            arrayMap((t, n) -> least(n, t + 86400000), times, arrayPopFront(arrayPushBack(times, open_end_ms))) AS next_times
        FROM after_start
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    heartbeat_ms,
    offset_ms,
    is_silent,
    is_left,
    marks,
    times,
    next_times,
    r,
    -- Everything that waits before the first frame is start-up.
    arrayMap(
        (x, i) -> if(x IN (2, 4, 5) AND (first_frame_index = 0 OR i < first_frame_index), 2, x)::UInt8,
        e_after_start, arrayEnumerate(e_after_start)) AS e,
    first_frame_index,
    is_told_end,
    facts,
    attributes,
    pass
FROM first_frame AS first_frame
