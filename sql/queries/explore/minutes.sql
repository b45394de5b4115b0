-- Purpose: metrics over minutes, by step, content, device class, country and CDN at most.
-- Parameters: tenant; from, to: the window; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the measures that the formulas need, of the rollup's rows of the window.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM quality_minutes_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
WHERE ${filters}
GROUP BY ${keys}
-- Rows of plays that turned out to be of another value hold nothing but zeros.
HAVING ${is_told}
