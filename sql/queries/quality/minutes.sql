-- Purpose: metrics over the minutes of a window; the registry's formulas (sql/metrics.toml) are its select list.
-- Parameters: tenant; from, to: the window, full minutes; window_seconds: its length, up to now.
-- Cost: some rows a minute of the window.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    ${metrics}
FROM quality_totals_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
