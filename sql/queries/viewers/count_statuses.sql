-- Purpose: how many sessions are in each status now; finished and gone ones of the last ten minutes included.
-- Parameters: tenant.
-- Cost: the latest beacon of the sessions of the last minutes.
SELECT
    status,
    count() AS viewers
FROM live_viewers_lately_t(tenant = {tenant:String})
GROUP BY status
ORDER BY status
-- The states lie in the order of the sessions.
SETTINGS optimize_aggregation_in_order = 1
