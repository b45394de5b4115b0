-- Proves: no minute holds more time than its sessions: the time in all states of a minute is at most a minute for each
--         session that was there, running ones up to now.
-- When it fails: some session's intervals overlap, so that a moment of it counts twice. Find it: sessions_v of that minute whose
--         states add up to more than last_seen_at - started_at. A defect in session_plays .. session_intervals.
-- Cost: begin and end of the sessions that touch the window, the rollup's rows of its minutes.
SELECT
    q.tenant AS tenant,
    q.minute AS minute,
    q.time_ms AS time_ms,
    a.sessions AS sessions
FROM
(
    SELECT tenant, minute, sum(starting_ms + playing_ms + stalled_ms + seeking_ms + paused_ms + ad_ms) AS time_ms
    FROM quality_by_minute${all} AS r FINAL
    WHERE r.dimension_set = 'audience' AND r.minute >= {since:DateTime} AND r.minute < {until:DateTime}
    GROUP BY tenant, minute
) AS q
LEFT JOIN
(
    SELECT tenant, toDateTime(minute_number * 60, 'UTC') AS minute, uniqExact(session_key) AS sessions
    FROM
    (
        SELECT
            tenant,
            session_key,
            arrayJoin(range(
                greatest(toUnixTimestamp(s.started_at), toUnixTimestamp({since:DateTime})) DIV 60,
                least(toUnixTimestamp(greatest(s.last_seen_at, ifNull(s.ended_at, s.last_seen_at))), toUnixTimestamp({until:DateTime})) DIV 60 + 1)) AS minute_number
        FROM sessions${all} AS s FINAL
        WHERE s.started_at < {until:DateTime}
          AND greatest(s.last_seen_at, ifNull(s.ended_at, s.last_seen_at)) >= {since:DateTime}
    ) AS there
    GROUP BY tenant, minute_number
) AS a ON a.tenant = q.tenant AND a.minute = q.minute
WHERE q.time_ms > 60000 * a.sessions
ORDER BY tenant, minute
LIMIT 100
