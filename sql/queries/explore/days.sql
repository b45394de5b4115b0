-- Purpose: metrics over the days that a window touches, by day.
-- Parameters: tenant; from, to: the window; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the viewers and plays of the tenant, since an older play may be a viewer's first.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM viewer_days_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS d
WHERE ${filters}
GROUP BY ${keys}
