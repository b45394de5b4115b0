-- Computes the due minutes of the experiments: a play counts once for each experiment that it is in.
-- What a minute held before comes in with zeros, so that a combination that vanished is overwritten.
-- Cost: proportional to the plays in experiments in the due minutes.
-- Undo: DROP VIEW IF EXISTS minutes_due_to_experiment_minutes_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_due_to_experiment_minutes_mv_v1 TO quality_by_minute AS
WITH
    parts AS
    (
        SELECT
            tenant, minute, content_id, device_class, country, region, isp, cdn, app_version, source, asked.1 AS experiment, asked.2 AS variant,
            if(empty(here), 0, viewer_key) AS viewer_key,
            attempts, plays, startup_ms_sum, startup_count, ended_plays, finishes, exits_before_start, failures_before_start, business_failures_before_start, failures, business_failures, timeouts, stall_count, seek_count, starting_ms, playing_ms, stalled_ms, seeking_ms, paused_ms, ad_ms, bitrate_kbit_ms, bitrate_known_ms, error_count, fatal_error_count, ad_break_count, ad_impression_count, ad_start_count, ad_first_quartile_count, ad_midpoint_count, ad_third_quartile_count, ad_end_count, ad_skip_count, ad_click_count, ad_error_count, beacons_received, beacons_lost, beacons_duplicated, counter_resets
        FROM session_minutes${all} FINAL
        ARRAY JOIN CAST(experiments, 'Array(Tuple(String, String))') AS asked
        WHERE (tenant, minute) IN (SELECT tenant, minute FROM minutes_due)
        UNION ALL
        SELECT
            tenant, minute, content_id, device_class, country, region, isp, cdn, app_version, source, experiment, variant,
            0 AS viewer_key,
            0 AS attempts, 0 AS plays, 0 AS startup_ms_sum, 0 AS startup_count, 0 AS ended_plays, 0 AS finishes, 0 AS exits_before_start, 0 AS failures_before_start, 0 AS business_failures_before_start, 0 AS failures, 0 AS business_failures, 0 AS timeouts, 0 AS stall_count, 0 AS seek_count, 0 AS starting_ms, 0 AS playing_ms, 0 AS stalled_ms, 0 AS seeking_ms, 0 AS paused_ms, 0 AS ad_ms, 0 AS bitrate_kbit_ms, 0 AS bitrate_known_ms, 0 AS error_count, 0 AS fatal_error_count, 0 AS ad_break_count, 0 AS ad_impression_count, 0 AS ad_start_count, 0 AS ad_first_quartile_count, 0 AS ad_midpoint_count, 0 AS ad_third_quartile_count, 0 AS ad_end_count, 0 AS ad_skip_count, 0 AS ad_click_count, 0 AS ad_error_count, 0 AS beacons_received, 0 AS beacons_lost, 0 AS beacons_duplicated, 0 AS counter_resets
        FROM quality_by_minute${all} FINAL
        WHERE dimension_set = 'experiment' AND (tenant, minute) IN (SELECT tenant, minute FROM minutes_due)
    ),
    computed AS
    (
        SELECT
            p.tenant AS tenant,
            'experiment' AS dimension_set,
            p.minute AS minute,
            p.device_class AS device_class,
            p.experiment AS experiment,
            p.variant AS variant,
            sum(p.attempts) AS attempts,
            sum(p.plays) AS plays,
            sum(p.startup_ms_sum) AS startup_ms_sum,
            sum(p.startup_count) AS startup_count,
            sum(p.ended_plays) AS ended_plays,
            sum(p.finishes) AS finishes,
            sum(p.exits_before_start) AS exits_before_start,
            sum(p.failures_before_start) AS failures_before_start,
            sum(p.business_failures_before_start) AS business_failures_before_start,
            sum(p.failures) AS failures,
            sum(p.business_failures) AS business_failures,
            sum(p.timeouts) AS timeouts,
            sum(p.stall_count) AS stall_count,
            sum(p.seek_count) AS seek_count,
            sum(p.starting_ms) AS starting_ms,
            sum(p.playing_ms) AS playing_ms,
            sum(p.stalled_ms) AS stalled_ms,
            sum(p.seeking_ms) AS seeking_ms,
            sum(p.paused_ms) AS paused_ms,
            sum(p.ad_ms) AS ad_ms,
            sum(p.bitrate_kbit_ms) AS bitrate_kbit_ms,
            sum(p.bitrate_known_ms) AS bitrate_known_ms,
            sum(p.error_count) AS error_count,
            sum(p.fatal_error_count) AS fatal_error_count,
            sum(p.ad_break_count) AS ad_break_count,
            sum(p.ad_impression_count) AS ad_impression_count,
            sum(p.ad_start_count) AS ad_start_count,
            sum(p.ad_first_quartile_count) AS ad_first_quartile_count,
            sum(p.ad_midpoint_count) AS ad_midpoint_count,
            sum(p.ad_third_quartile_count) AS ad_third_quartile_count,
            sum(p.ad_end_count) AS ad_end_count,
            sum(p.ad_skip_count) AS ad_skip_count,
            sum(p.ad_click_count) AS ad_click_count,
            sum(p.ad_error_count) AS ad_error_count,
            sum(p.beacons_received) AS beacons_received,
            sum(p.beacons_lost) AS beacons_lost,
            sum(p.beacons_duplicated) AS beacons_duplicated,
            sum(p.counter_resets) AS counter_resets,
            sumMapIf(map(toUInt16(round(ln(p.startup_ms_sum + 1) * 20)), toUInt64(1)), p.startup_count > 0) AS startup_histogram,
            uniqCombined64IfState(17)(p.viewer_key, p.viewer_key != 0) AS viewers,
            now64(3) AS version
        FROM parts AS p
        GROUP BY p.tenant, p.minute, p.device_class, p.experiment, p.variant
    )
-- A view is triggered by the table that stands first.
SELECT computed.*
FROM (
    SELECT DISTINCT tenant AS due_tenant, minute AS due_minute FROM minutes_due
) AS due
INNER JOIN computed ON computed.tenant = due.due_tenant AND computed.minute = due.due_minute
COMMENT 'Computes due minutes by experiment and variant'
