-- Purpose: the values of a dimension of the audience with the most of a metric; its formula is the second column.
-- Parameters: tenant; from, to: the window, whole minutes or hours; window_seconds: its length, up to now; dimension:
--             content_id, device_class, country or cdn; limit: rows.
-- Cost: the rollup's rows of the window.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    multiIf(
        {dimension:String} = 'content_id', toString(content_id),
        {dimension:String} = 'device_class', toString(device_class),
        {dimension:String} = 'country', toString(country),
        toString(cdn)) AS value,
    ${metrics}
FROM quality_by_${window}_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
GROUP BY value
ORDER BY value_0 DESC, value
LIMIT {limit:UInt32}
