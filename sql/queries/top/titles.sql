-- Purpose: the values of a dimension of the audience with the most of a metric; its formula is the second column.
-- Parameters: tenant; from, to: the window, whole minutes; hours_from, hours_to, parted_hour: its full hours; window_seconds: its length, up to now; limit: rows.
--             In place of ${dimension}: content_id, which stands in no smaller set of dimensions.
-- Cost: the rollups' rows of the window: minutes at its ends, hours and days between them.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    toString(${dimension}) AS value,
    ${metrics}
FROM quality_spans_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')},
    hours_from = {hours_from:DateTime64(3, 'UTC')}, hours_to = {hours_to:DateTime64(3, 'UTC')}, parted_hour = {parted_hour:DateTime64(3, 'UTC')}) AS q
GROUP BY ${dimension}
ORDER BY value_0 DESC, value
LIMIT {limit:UInt32}
