-- Purpose: metrics over minutes by content, device class, country and CDN at most, in two steps of more than an hour.
-- Parameters: tenant; from, middle, to: the steps' ends; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the rollups' rows of the steps: hours, and minutes at their ends.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM quality_halves_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, middle_time = {middle:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
WHERE ${filters}
GROUP BY ${keys}
-- Rows of plays that turned out to be of another value hold nothing but zeros.
HAVING ${is_told}
