-- Purpose: the values of a dimension with the most viewers there now.
-- Parameters: tenant; limit: rows. In place of ${dimension}: content_id, device_class, country or status.
-- Cost: the viewers of the tenant who are there.
SELECT
    toString(${dimension}) AS value,
    count() AS number
FROM live_viewers_there_t(tenant = {tenant:String})
GROUP BY ${dimension}
ORDER BY number DESC, value
LIMIT {limit:UInt32}
