-- Computes at nice 15, so that on busy cores it waits for the blocks of beacons and for sessions that just ended; see
-- V0170. Nothing else differs from V0058.
-- Undo: ALTER TABLE quality_hours_pass MODIFY QUERY with the query of V0058
ALTER TABLE quality_hours_pass MODIFY QUERY
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'quality_by_hour') AS computed_until,
    due AS
    (
        SELECT f.tenant AS tenant, f.hour AS hour
        FROM
        (
            SELECT tenant, toStartOfHour(minute)::DateTime('UTC') AS hour, max(version) AS newest
            FROM quality_by_minute
            WHERE version > least(computed_until, now64(3)) - INTERVAL 15 MINUTE
            GROUP BY tenant, hour
        ) AS f
        LEFT JOIN
        (
            SELECT tenant, hour, max(version) AS computed
            FROM quality_by_hour
            WHERE version > least(computed_until, now64(3)) - INTERVAL 15 MINUTE
            GROUP BY tenant, hour
        ) AS c ON c.tenant = f.tenant AND c.hour = f.hour
        WHERE f.newest > c.computed - INTERVAL 15 SECOND OR (c.computed < f.newest + INTERVAL 120 SECOND AND now64(3) >= f.newest + INTERVAL 120 SECOND)
    ),
    (SELECT min(hour) FROM due) AS first_due,
    (SELECT max(hour) FROM due) AS last_due
SELECT
    f.tenant AS tenant,
    f.dimension_set AS dimension_set,
    toStartOfHour(f.minute)::DateTime('UTC') AS hour,
    f.content_id AS content_id, f.device_class AS device_class, f.country AS country, f.region AS region, f.isp AS isp, f.cdn AS cdn, f.app_version AS app_version, f.source AS source, f.experiment AS experiment, f.variant AS variant,
    sum(f.attempts) AS attempts,
    sum(f.plays) AS plays,
    sum(f.startup_ms_sum) AS startup_ms_sum,
    sum(f.startup_count) AS startup_count,
    sum(f.ended_plays) AS ended_plays,
    sum(f.finishes) AS finishes,
    sum(f.exits_before_start) AS exits_before_start,
    sum(f.failures_before_start) AS failures_before_start,
    sum(f.business_failures_before_start) AS business_failures_before_start,
    sum(f.failures) AS failures,
    sum(f.business_failures) AS business_failures,
    sum(f.timeouts) AS timeouts,
    sum(f.stall_count) AS stall_count,
    sum(f.seek_count) AS seek_count,
    sum(f.starting_ms) AS starting_ms,
    sum(f.playing_ms) AS playing_ms,
    sum(f.stalled_ms) AS stalled_ms,
    sum(f.seeking_ms) AS seeking_ms,
    sum(f.paused_ms) AS paused_ms,
    sum(f.ad_ms) AS ad_ms,
    sum(f.bitrate_kbit_ms) AS bitrate_kbit_ms,
    sum(f.bitrate_known_ms) AS bitrate_known_ms,
    sum(f.error_count) AS error_count,
    sum(f.fatal_error_count) AS fatal_error_count,
    sum(f.ad_break_count) AS ad_break_count,
    sum(f.ad_impression_count) AS ad_impression_count,
    sum(f.ad_start_count) AS ad_start_count,
    sum(f.ad_first_quartile_count) AS ad_first_quartile_count,
    sum(f.ad_midpoint_count) AS ad_midpoint_count,
    sum(f.ad_third_quartile_count) AS ad_third_quartile_count,
    sum(f.ad_end_count) AS ad_end_count,
    sum(f.ad_skip_count) AS ad_skip_count,
    sum(f.ad_click_count) AS ad_click_count,
    sum(f.ad_error_count) AS ad_error_count,
    sum(f.beacons_received) AS beacons_received,
    sum(f.beacons_lost) AS beacons_lost,
    sum(f.beacons_duplicated) AS beacons_duplicated,
    sum(f.counter_resets) AS counter_resets,
    sumMap(f.startup_histogram) AS startup_histogram,
    uniqCombined64MergeState(17)(f.viewers) AS viewers,
    now64(3) AS version
FROM quality_by_minute${all} AS f FINAL
WHERE f.minute >= first_due AND toStartOfHour(f.minute)::DateTime('UTC') <= last_due
  AND (f.tenant, toStartOfHour(f.minute)::DateTime('UTC')) IN (SELECT tenant, hour FROM due)
GROUP BY tenant, dimension_set, hour, content_id, device_class, country, region, isp, cdn, app_version, source, experiment, variant
SETTINGS os_threads_nice_value_query = 15
