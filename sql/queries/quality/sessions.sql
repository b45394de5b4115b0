-- Purpose: metrics over the sessions that began in a window; the registry's formulas are its select list.
-- Parameters: tenant; from, to: the window; window_seconds: its length, up to now.
-- Cost: the columns that the formulas need, of the sessions that touch the window.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    ${metrics}
FROM session_facts_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.started_at >= {from:DateTime64(3, 'UTC')}
