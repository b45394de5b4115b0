-- Proves: sessions = states. Every published session whose states were last seen in the window has a row, computed from
--         states as new as its own; every row computed in the window has states.
-- When it fails: a row older than its states: the passes are late or stopped (SYSTEM REFRESH VIEW sessions_slow_pass; exceptions
--         in system.view_refreshes). A row without states: somebody wrote to sessions or deleted from session_states;
--         send the session's beacons again from the archive.
-- Cost: two columns of the states seen since the window began, one of the sessions computed since.
SELECT
    d.tenant AS tenant,
    d.session_key AS session_key,
    'the row is missing or older than its states' AS problem,
    d.newest AS states_seen_at,
    s.computed_from AS row_computed_from
FROM
(
    SELECT tenant, session_key, max(seen) AS newest
    FROM session_states${all}
    WHERE is_published AND seen >= {since:DateTime}
    GROUP BY tenant, session_key
    HAVING newest < {until:DateTime}
) AS d
LEFT JOIN
(
    SELECT tenant, session_key, max(states_seen) AS computed_from
    FROM sessions${all}
    WHERE version >= {since:DateTime}
    GROUP BY tenant, session_key
) AS s ON s.tenant = d.tenant AND s.session_key = d.session_key
WHERE s.computed_from < d.newest
ORDER BY tenant, session_key
LIMIT 100
UNION ALL
SELECT
    tenant,
    session_key,
    'the row has no states' AS problem,
    toDateTime64(0, 3, 'UTC') AS states_seen_at,
    max(states_seen) AS row_computed_from
FROM sessions${all}
WHERE version >= {since:DateTime} AND version < {until:DateTime}
  AND (tenant, session_key) NOT IN
  (
      SELECT tenant, session_key
      FROM session_states${all}
      WHERE is_published
        AND (tenant, session_key) IN (SELECT tenant, session_key FROM sessions${all} WHERE version >= {since:DateTime} AND version < {until:DateTime})
  )
GROUP BY tenant, session_key
ORDER BY tenant, session_key
LIMIT 100
