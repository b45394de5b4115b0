-- Proves: every hour that the window touches and that is over at its end is the sum of its minutes, for each set of
--         dimensions and each combination of these, in every measure (viewers apart, which are an estimate).
-- When it fails: the pass that makes hours is late or stopped (exceptions in system.view_refreshes; SYSTEM REFRESH VIEW
--         quality_hours_pass), or rows were changed by hand: insert a minute of the hour into minutes_due, and it is made anew.
-- Cost: the rows of these hours in both rollups.
SELECT
    tenant,
    hour,
    dimension_set,
    -- content_id, device_class, country, region, isp, cdn, app_version, source, experiment, variant
    dimensions,
    measure,
    sum(in_finer) AS value_in_minutes,
    sum(in_row) AS value_in_hour
FROM
(
    SELECT tenant::String AS tenant, toStartOfHour(minute)::DateTime('UTC') AS hour, dimension_set::String AS dimension_set, [content_id::String, device_class::String, country::String, region::String, isp::String, cdn::String, app_version::String, source::String, experiment::String, variant::String] AS dimensions, part.1 AS measure, part.2 AS in_finer, 0::UInt64 AS in_row
    FROM quality_by_minute${all} AS f FINAL
    ARRAY JOIN arrayConcat([
            ('attempts', attempts), ('plays', plays), ('startup_ms_sum', startup_ms_sum), ('startup_count', startup_count),
            ('ended_plays', ended_plays), ('finishes', finishes), ('exits_before_start', exits_before_start),
            ('failures_before_start', failures_before_start),
            ('business_failures_before_start', business_failures_before_start), ('failures', failures),
            ('business_failures', business_failures), ('timeouts', timeouts), ('stall_count', stall_count),
            ('seek_count', seek_count), ('starting_ms', starting_ms), ('playing_ms', playing_ms), ('stalled_ms', stalled_ms),
            ('seeking_ms', seeking_ms), ('paused_ms', paused_ms), ('ad_ms', ad_ms), ('bitrate_kbit_ms', bitrate_kbit_ms),
            ('bitrate_known_ms', bitrate_known_ms), ('error_count', error_count), ('fatal_error_count', fatal_error_count),
            ('ad_break_count', ad_break_count), ('ad_impression_count', ad_impression_count),
            ('ad_start_count', ad_start_count), ('ad_first_quartile_count', ad_first_quartile_count),
            ('ad_midpoint_count', ad_midpoint_count), ('ad_third_quartile_count', ad_third_quartile_count),
            ('ad_end_count', ad_end_count), ('ad_skip_count', ad_skip_count), ('ad_click_count', ad_click_count),
            ('ad_error_count', ad_error_count), ('beacons_received', beacons_received), ('beacons_lost', beacons_lost),
            ('beacons_duplicated', beacons_duplicated), ('counter_resets', counter_resets)],
            arrayMap(x -> (concat('startup_histogram ', toString(x.1)), x.2), CAST(startup_histogram, 'Array(Tuple(UInt16, UInt64))'))) AS part
    WHERE f.minute >= toStartOfHour({since:DateTime}, 'UTC') AND f.minute < toStartOfHour({until:DateTime}, 'UTC') AND part.2 > 0
    UNION ALL
    SELECT tenant::String AS tenant, hour AS hour, dimension_set::String AS dimension_set, [content_id::String, device_class::String, country::String, region::String, isp::String, cdn::String, app_version::String, source::String, experiment::String, variant::String] AS dimensions, part.1 AS measure, 0::UInt64 AS in_finer, part.2 AS in_row
    FROM quality_by_hour${all} AS c FINAL
    ARRAY JOIN arrayConcat([
            ('attempts', attempts), ('plays', plays), ('startup_ms_sum', startup_ms_sum), ('startup_count', startup_count),
            ('ended_plays', ended_plays), ('finishes', finishes), ('exits_before_start', exits_before_start),
            ('failures_before_start', failures_before_start),
            ('business_failures_before_start', business_failures_before_start), ('failures', failures),
            ('business_failures', business_failures), ('timeouts', timeouts), ('stall_count', stall_count),
            ('seek_count', seek_count), ('starting_ms', starting_ms), ('playing_ms', playing_ms), ('stalled_ms', stalled_ms),
            ('seeking_ms', seeking_ms), ('paused_ms', paused_ms), ('ad_ms', ad_ms), ('bitrate_kbit_ms', bitrate_kbit_ms),
            ('bitrate_known_ms', bitrate_known_ms), ('error_count', error_count), ('fatal_error_count', fatal_error_count),
            ('ad_break_count', ad_break_count), ('ad_impression_count', ad_impression_count),
            ('ad_start_count', ad_start_count), ('ad_first_quartile_count', ad_first_quartile_count),
            ('ad_midpoint_count', ad_midpoint_count), ('ad_third_quartile_count', ad_third_quartile_count),
            ('ad_end_count', ad_end_count), ('ad_skip_count', ad_skip_count), ('ad_click_count', ad_click_count),
            ('ad_error_count', ad_error_count), ('beacons_received', beacons_received), ('beacons_lost', beacons_lost),
            ('beacons_duplicated', beacons_duplicated), ('counter_resets', counter_resets)],
            arrayMap(x -> (concat('startup_histogram ', toString(x.1)), x.2), CAST(startup_histogram, 'Array(Tuple(UInt16, UInt64))'))) AS part
    WHERE c.hour >= toStartOfHour({since:DateTime}, 'UTC') AND c.hour < toStartOfHour({until:DateTime}, 'UTC') AND part.2 > 0
) AS both
GROUP BY tenant, hour, dimension_set, dimensions, measure
HAVING value_in_minutes != value_in_hour
ORDER BY tenant, hour, dimension_set, dimensions, measure
LIMIT 100
