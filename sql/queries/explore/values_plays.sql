-- Purpose: the values of a dimension that no rollup has, of the plays that touch a window.
-- Parameters: tenant; from, to: the window; search: a part of the value, in any case, or empty; limit: values.
--             The place marked by a dollar: the dimension's column.
-- Cost: one column of the sessions that touch the window.
SELECT
    toString(${dimension}) AS value,
    count() AS attempts
FROM play_measures_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
WHERE positionCaseInsensitiveUTF8(value, {search:String}) > 0
GROUP BY value
HAVING attempts > 0
ORDER BY attempts DESC, value
LIMIT {limit:UInt32}
