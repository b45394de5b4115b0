-- Purpose: what each viewer is doing now, the latest seen first.
-- Parameters: tenant; status: only this one, or empty for everybody who is there; limit: rows.
-- Cost: the live viewers of the tenant.
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
FROM live_viewers_t(tenant = {tenant:String})
WHERE if({status:String} = '', status NOT IN ('finished', 'gone'), status = {status:String})
ORDER BY last_seen_at DESC, session_key
LIMIT {limit:UInt32}
