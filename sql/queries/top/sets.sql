-- Purpose: the same for dimensions of the network, of the application and of experiments.
-- Parameters: tenant; from, to: the window, whole minutes; hours_from, hours_to, parted_hour: its full hours; window_seconds: its length, up to now; dimension_set: the
--             set that the dimension is of; limit: rows.
--             In place of ${dimension}: cdn, country, region or isp (network), device_class, app_version or source
--             (application), the variant with its experiment (experiment).
-- Cost: the rollups' rows of the set and window: minutes at its ends, hours and days between them.
WITH
    {window_seconds:UInt32} AS window_seconds
SELECT
    toString(${dimension}) AS value,
    ${metrics}
FROM quality_spans_sets_t(tenant = {tenant:String}, dimension_set = {dimension_set:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')},
    hours_from = {hours_from:DateTime64(3, 'UTC')}, hours_to = {hours_to:DateTime64(3, 'UTC')}, parted_hour = {parted_hour:DateTime64(3, 'UTC')}) AS q
GROUP BY ${dimension}
ORDER BY value_0 DESC, value
LIMIT {limit:UInt32}
