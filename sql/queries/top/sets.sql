-- Purpose: the same for dimensions of the network, of the application and of experiments.
-- Parameters: tenant; from, to: the window, whole minutes or hours; window_seconds: its length, up to now; dimension: region
--             or isp (dimension_set network), app_version or source (application), variant (experiment; told with its
--             experiment); limit: rows.
-- Cost: the rollup's rows of the set and window.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    multiIf(
        {dimension:String} = 'region', toString(region),
        {dimension:String} = 'isp', toString(isp),
        {dimension:String} = 'app_version', toString(app_version),
        {dimension:String} = 'source', toString(source),
        concat(experiment, ': ', variant)) AS value,
    ${metrics}
FROM quality_by_${window}_sets_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
WHERE dimension_set = {dimension_set:String}
GROUP BY value
ORDER BY value_0 DESC, value
LIMIT {limit:UInt32}
