-- Purpose: metrics over the days that a window touches; the registry's formulas are its select list.
-- Parameters: tenant; from, to: the window; window_seconds: its length, up to now.
-- Cost: the viewers and plays of the tenant, since an older play may be a viewer's first.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    ${metrics}
FROM viewer_days_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS d
