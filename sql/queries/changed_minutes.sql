-- Purpose: the minutes that were computed again since a moment, so that stored answers about them are dropped.
-- Parameters: tenant; since: the moment.
-- Cost: the newest parts of the minutes.
SELECT
    toInt64(toUnixTimestamp(c.minute)) AS minute,
    toUnixTimestamp64Milli(c.version) AS version_ms
FROM changed_minutes_t(tenant = {tenant:String}, since = {since:DateTime64(3, 'UTC')}) AS c
