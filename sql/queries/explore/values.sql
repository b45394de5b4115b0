-- Purpose: the values of a dimension that the plays of a window have, the most frequent first.
-- Parameters: tenant; from, to: the window; hours_from, hours_to, parted_hour: its full hours; search: a part of the value, in any case, or empty; limit: values.
--             The place marked by a dollar: the dimension's column.
-- Cost: one column and the attempts of the rollups' rows of the window.
SELECT
    toString(${dimension}) AS value,
    sum(q.attempts) AS attempts
FROM quality_spans_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')},
    hours_from = {hours_from:DateTime64(3, 'UTC')}, hours_to = {hours_to:DateTime64(3, 'UTC')}, parted_hour = {parted_hour:DateTime64(3, 'UTC')}) AS q
WHERE positionCaseInsensitiveUTF8(value, {search:String}) > 0
GROUP BY value
HAVING attempts > 0
ORDER BY attempts DESC, value
LIMIT {limit:UInt32}
