-- Proves: of each beacon's copies one is read: among the beacons whose own clock lies in the window no identity
--         (tenant, session_key, stream, seq) comes twice.
-- When it fails: The client times lie apart: the client gave one seq to two beacons, so it counts anew within a session or sets its clock
--         back (player_name and app_version in sessions_v tell which release). Equal times: FINAL does not fold over partitions;
--         do_not_merge_across_partitions_select_final must be 0 for every reader.
-- Cost: the identities of the window's beacons, about 20 bytes of memory each. Under heavy load choose a short window.
SELECT
    tenant,
    session_key,
    count() - uniqExact(stream, seq) AS beacons_twice,
    min(client_time_ms) AS first_client_time_ms,
    max(client_time_ms) AS last_client_time_ms
FROM beacons_raw${all} AS b FINAL
WHERE intDiv(client_time_ms, 300000) >= intDiv(toUnixTimestamp({since:DateTime}), 300)
  AND client_time_ms >= toUnixTimestamp({since:DateTime}) * 1000
  AND intDiv(client_time_ms, 300000) <= intDiv(toUnixTimestamp({until:DateTime}), 300)
  AND client_time_ms < toUnixTimestamp({until:DateTime}) * 1000
GROUP BY tenant, session_key
HAVING beacons_twice > 0
ORDER BY tenant, session_key
LIMIT 100
