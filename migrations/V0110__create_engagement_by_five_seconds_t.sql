-- The engagement of the audience of one tenant in a window, for the API and for guarded SQL: the five seconds that begin in it.
-- Undo: DROP VIEW IF EXISTS engagement_by_five_seconds_t
CREATE VIEW IF NOT EXISTS engagement_by_five_seconds_t AS
SELECT
    tenant,
    content_id,
    toDateTime(shown_number * 5, 'UTC') AS five_seconds,
    toUInt64(plays) AS plays_present,
    -- In its first five seconds a change counts with the part that it concerns, later whole.
    toUInt64(5000 * present - if(shown_number = step.number, 5000 * step.present - step.present_added, 0)) AS present_ms,
    toUInt64(5000 * playing - if(shown_number = step.number, 5000 * step.playing - step.playing_added, 0)) AS playing_ms,
    toUInt64(5000 * stalled - if(shown_number = step.number, 5000 * step.stalled - step.stalled_added, 0)) AS stalled_ms,
    toUInt64(5000 * paused - if(shown_number = step.number, 5000 * step.paused - step.paused_added, 0)) AS paused_ms,
    toUInt64(5000 * in_ad - if(shown_number = step.number, 5000 * step.in_ad - step.in_ad_added, 0)) AS ad_ms,
    playing_ms / present_ms AS engagement
FROM
(
    -- Between two changes everything stays as it is.
    SELECT
        tenant,
        content_id,
        step,
        next_number,
        plays,
        present,
        playing,
        stalled,
        paused,
        in_ad
    FROM
    (
        -- Arrays and no window functions: a filter by title comes through to the sessions.
        SELECT
            tenant,
            content_id,
            arraySort(groupArray((number, plays_change, present_change, playing_change, stalled_change, paused_change, in_ad_change, present_added, playing_added, stalled_added, paused_added, in_ad_added)))::Array(Tuple(number UInt32, plays Int64, present Int64, playing Int64, stalled Int64, paused Int64, in_ad Int64, present_added Int64, playing_added Int64, stalled_added Int64, paused_added Int64, in_ad_added Int64)) AS steps
        FROM
        (
            SELECT
                tenant,
                content_id,
                number,
                sumIf(change, state_no = 0) AS plays_change,
                sumIf(change, state_no > 0) AS present_change,
                sumIf(change, state_no = 3) AS playing_change,
                sumIf(change, state_no = 4) AS stalled_change,
                sumIf(change, state_no = 6) AS paused_change,
                sumIf(change, state_no = 7) AS in_ad_change,
                sumIf(added, state_no > 0) AS present_added,
                sumIf(added, state_no = 3) AS playing_added,
                sumIf(added, state_no = 4) AS stalled_added,
                sumIf(added, state_no = 6) AS paused_added,
                sumIf(added, state_no = 7) AS in_ad_added
            FROM
            (
                SELECT
                    tenant,
                    content_id,
                    edge.1 AS state_no,
                    intDiv(edge.2, 5000)::UInt32 AS number,
                    edge.3 AS change,
                    -- How much of its five seconds the change concerns.
                    change * (5000 - edge.2 % 5000) AS added
                FROM
                (
                    SELECT
                        s.tenant AS tenant,
                        s.content_id AS content_id,
                        arrayMap(
                            i -> (toInt8(i.state), toUnixTimestamp64Milli(i.from), toUnixTimestamp64Milli(i.to)),
                            arrayFilter(i -> i.state != 'preloading', s.intervals)) AS states,
                        -- The play itself, by whole five seconds, each but once.
                        arrayMap(i -> intDiv(i.2, 5000) * 5000, states) AS firsts,
                        arrayMap(i -> intDiv(i.3 + 4999, 5000) * 5000, states) AS ends,
                        arrayMap(
                            (first, end, end_before) -> (toInt8(0), greatest(first, end_before), greatest(end, end_before)),
                            firsts,
                            ends,
                            arrayPopBack(arrayPushFront(ends, 0))) AS fives,
                        arrayFilter(i -> i.3 > i.2, arrayConcat(states, fives)) AS stretches
                    FROM sessions${all} AS s FINAL
                    WHERE s.tenant = {tenant:String} AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY AND s.started_at < {to_time:DateTime64(3, 'UTC')} AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
                ) AS play
                ARRAY JOIN arrayConcat(
                    arrayMap(i -> (i.1, i.2, 1), stretches),
                    arrayMap(i -> (i.1, i.3, -1), stretches)) AS edge
            ) AS changes
            GROUP BY tenant, content_id, number
        ) AS by_number
        GROUP BY tenant, content_id
    ) AS title
    ARRAY JOIN
        steps AS step,
        arrayPushBack(arrayPopFront(arrayMap(s -> s.number, steps)), (steps[-1]).number) AS next_number,
        arrayCumSum(s -> s.plays, steps) AS plays,
        arrayCumSum(s -> s.present, steps) AS present,
        arrayCumSum(s -> s.playing, steps) AS playing,
        arrayCumSum(s -> s.stalled, steps) AS stalled,
        arrayCumSum(s -> s.paused, steps) AS paused,
        arrayCumSum(s -> s.in_ad, steps) AS in_ad
) AS curve
ARRAY JOIN if(plays > 0, range(greatest(step.number, intDiv(toUnixTimestamp64Milli({from_time:DateTime64(3, 'UTC')}) + 4999, 5000)::UInt32), least(next_number, intDiv(toUnixTimestamp64Milli({to_time:DateTime64(3, 'UTC')}) + 4999, 5000)::UInt32)), []) AS shown_number
COMMENT 'Viewer engagement of a tenant in a window; parameters tenant, from_time, to_time'
