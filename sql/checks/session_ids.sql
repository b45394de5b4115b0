-- Proves: one session id behind each session key, of the sessions whose states were seen in the window. The key is a hash of
--         64 bits; two ids behind one key are two viewings counted as one.
-- When it fails: once in billions of sessions it is chance, and only these two are wrong. More often: a client writes its
--         session id differently within a session (another case, spaces); find its player_name and app_version in sessions_v.
-- Cost: the states of the sessions seen in the window.
SELECT
    tenant,
    session_key,
    arrayDistinct([min(least_session_id), max(session_id)]) AS ids
FROM session_states${all}
WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM session_states${all} WHERE seen >= {since:DateTime} AND seen < {until:DateTime})
GROUP BY tenant, session_key
HAVING length(ids) > 1
ORDER BY tenant, session_key
LIMIT 100
