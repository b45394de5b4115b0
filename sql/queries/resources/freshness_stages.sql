-- Purpose: how far each stage of the warehouse is.
-- Parameters: tenant.
-- Cost: a row a pass, the states of the last minutes, the unreadable messages.
SELECT
    stage,
    newest_at,
    if(newest_at IS NULL, NULL, greatest(0, toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(assumeNotNull(newest_at)))) AS age_ms,
    items
FROM stages_t(tenant = {tenant:String}) AS s
ORDER BY place, stage
