-- The concurrency curve of one tenant in a window, for the API and for guarded SQL.
-- Why two parts: what is some minutes old has been computed to the second; what is younger is read from the timelines of the
-- sessions, since those that run are taken to go on.
-- Why the bound on version: no session is heard of after it was computed; an hour is left for clients that are wrong about their
-- clock. With use_skip_indexes_if_final_exact_mode = 0 it leaves out all but the latest parts, so only older rows of a play,
-- provided that the other skip indexes are ignored (sql/queries/live/concurrency.sql).
-- Cost: a row for each second of the window, and the intervals of the sessions of the last minutes.
-- Undo: DROP VIEW IF EXISTS concurrent_viewers_t
CREATE VIEW IF NOT EXISTS concurrent_viewers_t AS
WITH
    -- The silence that closes a session, eight turns of its passes, the pass of the minutes, and those of the seconds.
    toDateTime64(toUnixTimestamp(now()) - (${liveness_seconds} + 8 * ${refresh_seconds} + 135), 3, 'UTC') AS settled_to
SELECT
    tenant,
    second,
    toUInt64(sessions) AS sessions,
    toUInt64(starting) AS starting,
    toUInt64(playing) AS playing,
    toUInt64(stalled) AS stalled,
    toUInt64(seeking) AS seeking,
    toUInt64(paused) AS paused,
    toUInt64(in_ad) AS in_ad
FROM
(
    SELECT
        c.tenant AS tenant,
        c.second AS second,
        toInt64(c.sessions) AS sessions,
        toInt64(c.starting) AS starting,
        toInt64(c.playing) AS playing,
        toInt64(c.stalled) AS stalled,
        toInt64(c.seeking) AS seeking,
        toInt64(c.paused) AS paused,
        toInt64(c.in_ad) AS in_ad
    FROM concurrent_viewers_by_second${all} AS c FINAL
    WHERE c.tenant = {tenant:String}
      AND c.second >= toDateTime(intDiv(toUnixTimestamp64Milli({from_time:DateTime64(3, 'UTC')}) + 999, 1000)::UInt32, 'UTC')
      AND c.second < toDateTime(intDiv(toUnixTimestamp64Milli(least({to_time:DateTime64(3, 'UTC')}, settled_to)) + 999, 1000)::UInt32, 'UTC')
      AND c.sessions > 0
    UNION ALL
    SELECT
        tenant,
        toDateTime(arrayJoin(if(
            sessions > 0,
            range(
                greatest(second_number, intDiv(toUnixTimestamp64Milli(greatest({from_time:DateTime64(3, 'UTC')}, settled_to)) + 999, 1000)::UInt32),
                least(next_second, intDiv(toUnixTimestamp64Milli({to_time:DateTime64(3, 'UTC')}) + 999, 1000)::UInt32)),
            [])), 'UTC') AS second,
        sessions,
        starting,
        playing,
        stalled,
        seeking,
        paused,
        in_ad
    FROM
    (
        -- Between two changes the counts stay as they are.
        SELECT
            tenant,
            second_number,
            leadInFrame(second_number, 1, second_number) OVER (PARTITION BY tenant ORDER BY second_number ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_second,
            sum(change) OVER w AS sessions,
            sum(starting_change) OVER w AS starting,
            sum(playing_change) OVER w AS playing,
            sum(stalled_change) OVER w AS stalled,
            sum(seeking_change) OVER w AS seeking,
            sum(paused_change) OVER w AS paused,
            sum(in_ad_change) OVER w AS in_ad
        FROM
        (
            -- +1 at the first full second inside an interval, -1 at the first one after it.
            SELECT
                tenant,
                change_at.1 AS second_number,
                sum(change_at.2) AS change,
                sumIf(change_at.2, state = 'starting') AS starting_change,
                sumIf(change_at.2, state = 'playing') AS playing_change,
                sumIf(change_at.2, state = 'stalled') AS stalled_change,
                sumIf(change_at.2, state = 'seeking') AS seeking_change,
                sumIf(change_at.2, state = 'paused') AS paused_change,
                sumIf(change_at.2, state = 'in_ad') AS in_ad_change
            FROM
            (
                SELECT
                    tenant,
                    interval.state AS state,
                    intDiv(toUnixTimestamp64Milli(interval.from) + 999, 1000)::UInt32 AS first_second,
                    intDiv(toUnixTimestamp64Milli(interval.to) + 999, 1000)::UInt32 AS end_second,
                    arrayJoin([(first_second, 1), (end_second, -1)]) AS change_at
                FROM
                (
                    SELECT
                        tenant,
                        -- A running session is taken as being there until now, one liveness window beyond its last beacon at most.
                        arrayJoin((if(current_state = '', intervals, arrayPushBack(intervals, (
                            current_state,
                            last_seen_at,
                            greatest(last_seen_at, least(now64(3), last_seen_at + INTERVAL ${liveness_seconds} SECOND))))))::Array(Tuple(state Enum8('preloading' = 1, 'starting' = 2, 'playing' = 3, 'stalled' = 4, 'seeking' = 5, 'paused' = 6, 'in_ad' = 7), from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC')))) AS interval
                    FROM sessions${all} FINAL
                    WHERE tenant = {tenant:String}
                      AND {to_time:DateTime64(3, 'UTC')} > settled_to
                      AND version >= greatest({from_time:DateTime64(3, 'UTC')}, settled_to) - INTERVAL 1 HOUR
                      AND started_at < {to_time:DateTime64(3, 'UTC')}
                      AND ifNull(ended_at, last_seen_at) >= greatest({from_time:DateTime64(3, 'UTC')}, settled_to)
                ) AS one
                WHERE state != 'preloading' AND end_second > first_second
            ) AS changes
            GROUP BY tenant, second_number
        ) AS by_second
        WINDOW w AS (PARTITION BY tenant ORDER BY second_number)
    ) AS curve
) AS parts
COMMENT 'Concurrency of a tenant in a window; parameters tenant, from_time, to_time'
