-- Purpose: metrics over the ad breaks that began in a window; the registry's formulas are its select list.
-- Parameters: tenant; from, to: the window; window_seconds: its length, up to now.
-- Cost: time and code of the events of the sessions of the days.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    ${metrics}
FROM ad_break_facts_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS b
