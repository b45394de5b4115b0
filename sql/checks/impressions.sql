-- Proves: impressions = raw, in five minutes of the clients' clocks each: as many distinct impressions in their own table as in raw,
--         test devices and robots apart. Windows older than the retention of raw have nothing to compare with.
-- When it fails: fewer in raw: rows or a partition were deleted there; fewer in `impressions`: an insert reached beacons_raw and not
--         impressions. Insert the beacons of the window into beacons_in again (from Kafka, or the archive): copies fold.
-- Cost: the kind of the window's beacons, and the identities of its impressions.
SELECT
    tenant,
    toDateTime(slot * 300, 'UTC') AS from_client_time,
    uniqExactIf((session_key, stream, seq), NOT is_raw) AS impressions_stored,
    uniqExactIf((session_key, stream, seq), is_raw) AS impressions_in_raw
FROM
(
    SELECT tenant, intDiv(client_time_ms, 300000) AS slot, session_key, stream, seq, false AS is_raw
    FROM impressions${all}
    WHERE slot >= intDiv(toUnixTimestamp({since:DateTime}), 300) AND slot < intDiv(toUnixTimestamp({until:DateTime}), 300)
    UNION ALL
    SELECT tenant, intDiv(client_time_ms, 300000) AS slot, session_key, stream, seq, true AS is_raw
    FROM beacons_raw${all}
    WHERE slot >= intDiv(toUnixTimestamp({since:DateTime}), 300) AND slot < intDiv(toUnixTimestamp({until:DateTime}), 300)
      AND event = 25 AND NOT is_test AND NOT is_bot
) AS told
GROUP BY tenant, slot
HAVING impressions_stored != impressions_in_raw
ORDER BY tenant, slot
LIMIT 100
