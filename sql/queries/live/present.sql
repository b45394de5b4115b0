-- Purpose: how many sessions are in each `status` now, finished and gone ones of the last ten minutes included, and how many are
--          there on each `device_class`.
-- Parameters: tenant.
-- Cost: the latest beacon of the sessions of the last minutes, and what those there have told of themselves.
SELECT *
FROM
(
    SELECT
        'status' AS kind,
        toString(v.status) AS key,
        count() AS viewers
    FROM live_viewers_lately_t(tenant = {tenant:String}) AS v
    GROUP BY v.status
    UNION ALL
    SELECT
        'device_class' AS kind,
        toString(v.device_class) AS key,
        count() AS viewers
    FROM live_viewers_there_t(tenant = {tenant:String}) AS v
    GROUP BY v.device_class
) AS counts
-- The states lie in the order of the sessions.
SETTINGS optimize_aggregation_in_order = 1
