-- Proves: who was there at the first instant of a second, by device class, CDN and state, is what the intervals of the plays
--         say; asked of the first second of each minute of the window, in the last six days.
-- When it fails: the minute's seconds were computed from other plays than there are now: see second_rollup. If that holds and
--         this does not, the running sum in minutes_due_to_quality_by_second_mv_v1 is at fault.
-- Cost: the intervals of the plays that touch the window, and one second of each of its minutes.
WITH
    greatest(toInt64(toUnixTimestamp({since:DateTime})), toInt64(toUnixTimestamp(now() - INTERVAL 6 DAY))) AS first_s,
    toInt64(toUnixTimestamp({until:DateTime})) AS end_s,
    -- The full minutes that an interval covers: from <= minute < to.
    (a, b) -> range(
        greatest((toUnixTimestamp64Milli(a) + 59999) DIV 60000, (first_s + 59) DIV 60),
        least((toUnixTimestamp64Milli(b) + 59999) DIV 60000, (end_s + 59) DIV 60)) AS minutes_of
SELECT
    tenant,
    toDateTime(number * 60, 'UTC') AS second,
    device_class,
    cdn,
    state,
    sum(from_sessions) AS there_by_sessions,
    sum(from_rollup) AS there_in_rollup
FROM
(
    SELECT
        tenant::String AS tenant,
        arrayJoin(minutes_of(one.2, one.3)) AS number,
        transform(attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '') AS device_class,
        cdn::String AS cdn,
        one.1::String AS state,
        1::UInt64 AS from_sessions,
        0::UInt64 AS from_rollup
    FROM sessions${all} AS s FINAL
    ARRAY JOIN intervals AS one
    WHERE s.started_at < {until:DateTime}
      AND greatest(s.last_seen_at, ifNull(s.ended_at, s.last_seen_at)) >= {since:DateTime}
      AND one.1 != 'preloading'
    UNION ALL
    SELECT
        tenant::String AS tenant,
        toInt64(toUnixTimestamp(second)) DIV 60 AS number,
        device_class::String AS device_class,
        cdn::String AS cdn,
        part.1 AS state,
        0::UInt64 AS from_sessions,
        part.2 AS from_rollup
    FROM quality_by_second${all} AS q FINAL
    ARRAY JOIN [('starting', starting), ('playing', playing), ('stalled', stalled), ('seeking', seeking), ('paused', paused), ('in_ad', in_ad)] AS part
    WHERE q.second >= toDateTime(first_s, 'UTC') AND q.second < {until:DateTime} AND toSecond(q.second) = 0
) AS both
GROUP BY tenant, number, device_class, cdn, state
HAVING there_by_sessions != there_in_rollup
ORDER BY tenant, second, device_class, cdn, state
LIMIT 100
