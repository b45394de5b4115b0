-- Purpose: metrics over the plays that began in a window, by any dimension; metrics over minutes count whole plays here.
-- Parameters: tenant; from, to: the window; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the columns that the formulas need, of the sessions that touch the window.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM play_measures_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS p
WHERE p.started_at >= {from:DateTime64(3, 'UTC')} AND ${filters}
GROUP BY ${keys}
