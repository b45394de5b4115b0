-- Purpose: metrics over minutes by steps of a second, by device class and CDN at most.
-- Parameters: tenant; from, to: the window; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the rollup's rows of the window; some a second.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM quality_by_second_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
WHERE ${filters}
GROUP BY ${keys}
