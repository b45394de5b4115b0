-- Purpose: the moment at which the newest session of the last hour was computed; NULL when there is none.
--          The API subtracts the liveness window and the pace of the passes from it (`complete_to`).
-- Parameters: tenant; from, to: the last hour.
-- Cost: one column of the sessions that touch the hour.
SELECT
    if(count() = 0, NULL, max(version)) AS newest_version
FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')})
