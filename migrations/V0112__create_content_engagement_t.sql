-- The same of one tenant's plays that began in a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS content_engagement_t
CREATE VIEW IF NOT EXISTS content_engagement_t AS
SELECT
    tenant,
    day,
    content_id,
    second,
    toUInt64(watching) AS plays_watched,
    toUInt64(times) AS times_watched,
    toUInt64(skipping) AS plays_skipped,
    toUInt64(ending) AS plays_ended
FROM
(
    -- Between two changes everything stays as it is.
    SELECT
        tenant,
        day,
        content_id,
        step,
        next_number,
        watching,
        times,
        skipping,
        ending
    FROM
    (
        -- Arrays and no window functions: a filter by title comes through to the sessions.
        SELECT
            tenant,
            day,
            content_id,
            arraySort(groupArray((number, watching_change, times_change, skipping_change, ending_change))) AS steps
        FROM
        (
            SELECT
                tenant,
                day,
                content_id,
                change.1::UInt32 AS number,
                sum(change.2) AS watching_change,
                sum(change.3) AS times_change,
                sum(change.4) AS skipping_change,
                sum(change.5) AS ending_change
            FROM
            (
                SELECT
                    tenant,
                    day,
                    content_id,
                    ended_in,
                    -- How many stretches and leaps of this play lie over the title, after each of their ends.
                    arraySort(arrayConcat(
                        arrayMap(w -> (w.1, 1, 0), watched),
                        arrayMap(w -> (w.2, -1, 0), watched),
                        arrayMap(l -> (l.1, 0, 1), leaps),
                        arrayMap(l -> (l.2, 0, -1), leaps))) AS edges,
                    arrayMap(over -> over > 0, arrayCumSum(edge -> edge.2, edges)) AS is_watched,
                    arrayMap((leapt, seen) -> leapt > 0 AND NOT seen, arrayCumSum(edge -> edge.3, edges), is_watched) AS is_skipped,
                    arrayConcat(
                        arrayMap(
                            (edge, now_watched, now_skipped, was_watched, was_skipped) -> (edge.1, now_watched - was_watched, toInt16(edge.2), now_skipped - was_skipped, 0),
                            edges,
                            is_watched,
                            is_skipped,
                            arrayPopBack(arrayPushFront(is_watched, 0)),
                            arrayPopBack(arrayPushFront(is_skipped, 0))),
                        arrayMap(at -> (at, 0, 0, 0, 1), ended_in),
                        arrayMap(at -> (at + 1, 0, 0, 0, -1), ended_in)) AS changes
                FROM
                (
                    SELECT
                        s.tenant AS tenant,
                        toDate(s.started_at) AS day,
                        s.content_id AS content_id,
                        arrayFilter(w -> w.from_ms >= 0 AND w.to_ms <= 86400000, s.watched) AS told,
                        arrayPopBack(arrayPushFront(arrayMap(w -> w.to_ms, told), -1000000)) AS ends_before,
                        -- Some tell positions in whole seconds: what begins where the stretch before it ended goes on from there.
                        arrayMap((w, end_before) -> if(abs(w.from_ms - end_before) <= 1000, end_before, w.from_ms), told, ends_before) AS begins,
                        arrayFilter(w -> w.2 > w.1, arrayMap(
                            (w, begin) -> (intDiv(begin + 999, 1000), intDiv(w.to_ms + 999, 1000)),
                            told,
                            begins)) AS watched,
                        if(s.seek_count = 0, [], arrayFilter(l -> l.1 >= 0 AND l.2 > l.1, arrayMap(
                            (begin, end_before) -> (if(end_before < 0, -1, intDiv(end_before + 999, 1000)), intDiv(begin + 999, 1000)),
                            begins,
                            ends_before))) AS leaps,
                        if(s.ended_at IS NULL OR empty(told), [], [intDiv(greatest((told[-1]).to_ms, 1) - 1, 1000)]) AS ended_in
                    FROM sessions${all} AS s FINAL
                    WHERE s.tenant = {tenant:String} AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY AND s.started_at >= {from_time:DateTime64(3, 'UTC')} AND s.started_at < {to_time:DateTime64(3, 'UTC')} AND notEmpty(s.watched)
                ) AS play
            ) AS plays
            ARRAY JOIN changes AS change
            GROUP BY tenant, day, content_id, number
        ) AS by_number
        GROUP BY tenant, day, content_id
    ) AS title
    ARRAY JOIN
        steps AS step,
        arrayPushBack(arrayPopFront(arrayMap(s -> s.1, steps)), (steps[-1]).1) AS next_number,
        arrayCumSum(s -> s.2, steps) AS watching,
        arrayCumSum(s -> s.3, steps) AS times,
        arrayCumSum(s -> s.4, steps) AS skipping,
        arrayCumSum(s -> s.5, steps) AS ending
) AS curve
ARRAY JOIN if(watching + times + skipping + ending > 0, range(step.1, next_number), []) AS second
COMMENT 'Seconds of the titles of plays of a tenant that began in a window; parameters tenant, from_time, to_time'
