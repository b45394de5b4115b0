-- Purpose: the values of a dimension with the most viewers there now.
-- Parameters: tenant; dimension: content_id, device_class, country or status; limit: rows.
-- Cost: the live viewers of the tenant.
SELECT
    multiIf(
        {dimension:String} = 'content_id', toString(content_id),
        {dimension:String} = 'device_class', toString(device_class),
        {dimension:String} = 'country', toString(country),
        toString(status)) AS value,
    count() AS number
FROM live_viewers_t(tenant = {tenant:String})
WHERE status NOT IN ('finished', 'gone')
GROUP BY value
ORDER BY number DESC, value
LIMIT {limit:UInt32}
