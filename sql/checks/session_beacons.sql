-- Proves: raw = states, session by session: a session's count of beacons is that of its distinct identities in raw, test devices
--         and robots apart. Of the sessions that lie in the window, were not seen since, and whose clock is off by an hour
--         at most; windows older than the retention of raw have nothing to compare with.
-- When it fails: fewer in raw: rows or a partition were deleted, or an insert reached session_states and not beacons_raw; more
--         in raw: the other way round. Insert the session's beacons into beacons_in again (from Kafka, or the archive): copies fold.
-- Cost: the identities of the window's beacons, about 20 bytes of memory each. Under heavy load choose a short window.
WITH
    settled AS
    (
        SELECT tenant, session_key, sum(beacons_received) AS counted
        FROM sessions${all} AS s FINAL
        WHERE s.started_at >= {since:DateTime}
          AND s.last_seen_at < {until:DateTime}
          AND abs(s.clock_offset_ms) <= 3600000
          AND (s.tenant, s.session_key) NOT IN (SELECT tenant, session_key FROM session_states${all} WHERE is_published AND seen >= {until:DateTime})
        GROUP BY tenant, session_key
    )
SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.counted AS beacons_counted,
    r.stored AS beacons_in_raw
FROM settled AS s
LEFT JOIN
(
    SELECT tenant, session_key, uniqExact(stream, seq) AS stored
    FROM beacons_raw${all}
    WHERE intDiv(client_time_ms, 300000) >= intDiv(toUnixTimestamp({since:DateTime}) - 3600, 300)
      AND intDiv(client_time_ms, 300000) <= intDiv(toUnixTimestamp({until:DateTime}) + 3600, 300)
      AND NOT is_test AND NOT is_bot
      AND (tenant, session_key) IN (SELECT tenant, session_key FROM settled)
    GROUP BY tenant, session_key
) AS r ON r.tenant = s.tenant AND r.session_key = s.session_key
WHERE s.counted != r.stored
ORDER BY tenant, session_key
LIMIT 100
