-- Purpose: metrics over minutes by content, device class, country and CDN at most, where no step is shorter than an hour.
-- Parameters: tenant; from, to: the window; hours_from, hours_to, parted_hour: its full hours; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the rollups' rows of the window: hours, and minutes at its ends.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM quality_spans_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')},
    hours_from = {hours_from:DateTime64(3, 'UTC')}, hours_to = {hours_to:DateTime64(3, 'UTC')}, parted_hour = {parted_hour:DateTime64(3, 'UTC')}) AS q
WHERE ${filters}
GROUP BY ${keys}
-- Rows of plays that turned out to be of another value hold nothing but zeros.
HAVING ${is_told}
