-- Quality of one tenant in two windows that follow each other, in one of the dimension sets network, application, experiment, as rows that
-- add up: minutes at their ends, hours between them, so that each row is of one of the two.
-- Why: what changed was asked for twice, once for each window, since the hour in which they meet is of both. Of a question 30 of
-- 40 ms are planning.
-- Cost: the rollups' rows of these.
-- Undo: DROP VIEW IF EXISTS quality_halves_sets_t
CREATE VIEW IF NOT EXISTS quality_halves_sets_t AS
WITH
    -- The full hours of the window, up to a quarter of an hour ago: what is younger may not have been summed yet.
    toStartOfHour(addMilliseconds({from_time:DateTime64(3, 'UTC')}, 3599999)) AS hours_from,
    greatest(hours_from, toStartOfHour(least({to_time:DateTime64(3, 'UTC')}, now64(3) - INTERVAL 15 MINUTE))) AS hours_to,
    -- The hour in which the one window ends and the other begins is read by minutes; no hour where they meet at a full one.
    if({middle_time:DateTime64(3, 'UTC')} = toStartOfHour({middle_time:DateTime64(3, 'UTC')}), toDateTime(0, 'UTC'), toStartOfHour({middle_time:DateTime64(3, 'UTC')})) AS parted_hour
SELECT *
FROM
(
    SELECT
        q.tenant AS tenant,
        q.minute AS at,
        q.dimension_set AS dimension_set,
        q.device_class AS device_class,
        q.country AS country,
        q.region AS region,
        q.isp AS isp,
        q.cdn AS cdn,
        q.app_version AS app_version,
        q.source AS source,
        q.experiment AS experiment,
        q.variant AS variant,
        q.attempts AS attempts,
        q.plays AS plays,
        q.startup_ms_sum AS startup_ms_sum,
        q.startup_count AS startup_count,
        q.ended_plays AS ended_plays,
        q.finishes AS finishes,
        q.exits_before_start AS exits_before_start,
        q.failures_before_start AS failures_before_start,
        q.business_failures_before_start AS business_failures_before_start,
        q.failures AS failures,
        q.business_failures AS business_failures,
        q.timeouts AS timeouts,
        q.stall_count AS stall_count,
        q.seek_count AS seek_count,
        q.starting_ms AS starting_ms,
        q.playing_ms AS playing_ms,
        q.stalled_ms AS stalled_ms,
        q.seeking_ms AS seeking_ms,
        q.paused_ms AS paused_ms,
        q.ad_ms AS ad_ms,
        q.bitrate_kbit_ms AS bitrate_kbit_ms,
        q.bitrate_known_ms AS bitrate_known_ms,
        q.error_count AS error_count,
        q.fatal_error_count AS fatal_error_count,
        q.ad_break_count AS ad_break_count,
        q.ad_impression_count AS ad_impression_count,
        q.ad_start_count AS ad_start_count,
        q.ad_first_quartile_count AS ad_first_quartile_count,
        q.ad_midpoint_count AS ad_midpoint_count,
        q.ad_third_quartile_count AS ad_third_quartile_count,
        q.ad_end_count AS ad_end_count,
        q.ad_skip_count AS ad_skip_count,
        q.ad_click_count AS ad_click_count,
        q.ad_error_count AS ad_error_count,
        q.beacons_received AS beacons_received,
        q.beacons_lost AS beacons_lost,
        q.beacons_duplicated AS beacons_duplicated,
        q.counter_resets AS counter_resets
    FROM quality_by_minute${all} AS q FINAL
    WHERE q.tenant = {tenant:String}
      AND q.dimension_set IN ('network', 'application', 'experiment')
      AND q.minute >= toStartOfMinute({from_time:DateTime64(3, 'UTC')})
      AND q.minute < {to_time:DateTime64(3, 'UTC')}
      AND (q.minute < hours_from OR q.minute >= hours_to OR (q.minute >= parted_hour AND q.minute < parted_hour + INTERVAL 1 HOUR))
    UNION ALL
    SELECT
        q.tenant AS tenant,
        q.hour AS at,
        q.dimension_set AS dimension_set,
        q.device_class AS device_class,
        q.country AS country,
        q.region AS region,
        q.isp AS isp,
        q.cdn AS cdn,
        q.app_version AS app_version,
        q.source AS source,
        q.experiment AS experiment,
        q.variant AS variant,
        q.attempts AS attempts,
        q.plays AS plays,
        q.startup_ms_sum AS startup_ms_sum,
        q.startup_count AS startup_count,
        q.ended_plays AS ended_plays,
        q.finishes AS finishes,
        q.exits_before_start AS exits_before_start,
        q.failures_before_start AS failures_before_start,
        q.business_failures_before_start AS business_failures_before_start,
        q.failures AS failures,
        q.business_failures AS business_failures,
        q.timeouts AS timeouts,
        q.stall_count AS stall_count,
        q.seek_count AS seek_count,
        q.starting_ms AS starting_ms,
        q.playing_ms AS playing_ms,
        q.stalled_ms AS stalled_ms,
        q.seeking_ms AS seeking_ms,
        q.paused_ms AS paused_ms,
        q.ad_ms AS ad_ms,
        q.bitrate_kbit_ms AS bitrate_kbit_ms,
        q.bitrate_known_ms AS bitrate_known_ms,
        q.error_count AS error_count,
        q.fatal_error_count AS fatal_error_count,
        q.ad_break_count AS ad_break_count,
        q.ad_impression_count AS ad_impression_count,
        q.ad_start_count AS ad_start_count,
        q.ad_first_quartile_count AS ad_first_quartile_count,
        q.ad_midpoint_count AS ad_midpoint_count,
        q.ad_third_quartile_count AS ad_third_quartile_count,
        q.ad_end_count AS ad_end_count,
        q.ad_skip_count AS ad_skip_count,
        q.ad_click_count AS ad_click_count,
        q.ad_error_count AS ad_error_count,
        q.beacons_received AS beacons_received,
        q.beacons_lost AS beacons_lost,
        q.beacons_duplicated AS beacons_duplicated,
        q.counter_resets AS counter_resets
    FROM quality_by_hour${all} AS q FINAL
    WHERE q.tenant = {tenant:String}
      AND q.dimension_set IN ('network', 'application', 'experiment')
      AND q.hour >= hours_from
      AND q.hour < hours_to
      AND q.hour != parted_hour
) AS parts
COMMENT 'Quality of a tenant in two windows that follow each other, in one of the dimension sets network, application, experiment, as rows that add up; parameters tenant, from_time, middle_time, to_time'
