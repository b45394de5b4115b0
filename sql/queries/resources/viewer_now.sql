-- Purpose: what one viewer does now, by device.
-- Parameters: tenant; viewer_id: the viewer.
-- Cost: the live viewers of the tenant, and what they tell of themselves.
SELECT
    toString(v.session_key) AS session_key,
    v.session_id AS session_id,
    v.viewer_id AS viewer_id,
    v.device_class AS device_class,
    v.country AS country,
    v.content_id AS content_id,
    v.state AS state,
    v.in_ad AS in_ad,
    v.status AS status,
    v.position_ms AS position_ms,
    v.bitrate_kbps AS bitrate_kbps,
    v.buffer_ms AS buffer_ms,
    v.last_seen_at AS last_seen_at
FROM live_viewers_there_t(tenant = {tenant:String}) AS v
WHERE v.viewer_id = {viewer_id:String}
ORDER BY last_seen_at DESC, session_key
LIMIT 100
