-- How many sessions were there at each second, by state (docs/sessions.md 8).
-- Cost: reads the intervals of every session; for a window use concurrent_viewers_t.
-- Undo: DROP VIEW IF EXISTS concurrent_viewers_v
CREATE VIEW IF NOT EXISTS concurrent_viewers_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    second DateTime('UTC') COMMENT 'The instant; event time',
    sessions UInt64 COMMENT 'Sessions there, every state but preloading; count',
    starting UInt64 COMMENT 'Of these in starting; count',
    playing UInt64 COMMENT 'Of these in playing; count',
    stalled UInt64 COMMENT 'Of these in stalled; count',
    seeking UInt64 COMMENT 'Of these in seeking; count',
    paused UInt64 COMMENT 'Of these in paused; count',
    in_ad UInt64 COMMENT 'Of these in an ad break; count'
)
AS SELECT
    tenant,
    toDateTime(arrayJoin(if(sessions > 0, range(second_number, next_second), [])), 'UTC') AS second,
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
                WHERE 1
            ) AS one
            WHERE state != 'preloading' AND end_second > first_second
        ) AS changes
        GROUP BY tenant, second_number
    ) AS by_second
    WINDOW w AS (PARTITION BY tenant ORDER BY second_number)
) AS curve
COMMENT 'Sessions there at each second, by state'
