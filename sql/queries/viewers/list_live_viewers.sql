-- Purpose: what each viewer is doing now, the latest seen first.
-- Parameters: tenant; status: only this one, or empty for everybody who is there; limit: rows.
--             In place of ${whom}: _there where the status is one of those who are there, else _lately.
-- Cost: the latest beacon of each live viewer of the tenant, and what the viewers shown have told of themselves: that is
--       JSON, and opening it for everybody would take ten times as long. Hence the inner query.
SELECT
    toString(session_key) AS session_key,
    session_id,
    viewer_id,
    device_class,
    country,
    content_id,
    state,
    in_ad,
    status,
    position_ms,
    bitrate_kbps,
    buffer_ms,
    last_seen_at
FROM live_viewers${whom}_t(tenant = {tenant:String}) AS v
WHERE v.session_key GLOBAL IN
(
    SELECT i.session_key
    FROM live_viewers${whom}_t(tenant = {tenant:String}) AS i
    WHERE if({status:String} = '', i.status NOT IN ('finished', 'gone'), i.status = {status:String})
    ORDER BY i.last_seen_at DESC, toString(i.session_key)
    LIMIT {limit:UInt32}
)
-- Once more: a viewer may have left since.
  AND if({status:String} = '', status NOT IN ('finished', 'gone'), status = {status:String})
ORDER BY last_seen_at DESC, session_key
LIMIT {limit:UInt32}
