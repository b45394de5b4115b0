-- Quality of one tenant in a window by content, device class, country and CDN, as rows that add up: minutes at its ends, hours
-- between them, and minutes again in the hour in which two windows meet that are asked for together (parted_hour; 1970 = none).
-- Why: V0129 and V0207 computed the hours' ends from those of the window in each of their conditions, and selected a second time
-- what they had selected: with hours_from and hours_to told, and no subquery, the planning of such a question falls from 33 to 20 ms.
-- hours_to is at most a quarter of an hour ago: what is younger may not have been summed yet.
-- Rows of zeros are not left out, since looking for them would read every measure; sums do not mind.
-- Cost: the rollups' rows of these.
-- Undo: CREATE OR REPLACE VIEW with the text of V0129
CREATE OR REPLACE VIEW quality_spans_t AS
SELECT
    q.tenant AS tenant,
    q.minute AS at,
    q.content_id AS content_id,
    q.device_class AS device_class,
    q.country AS country,
    q.cdn AS cdn,
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
  AND q.dimension_set = 'audience'
  AND q.minute >= toStartOfMinute({from_time:DateTime64(3, 'UTC')})
  AND q.minute < {to_time:DateTime64(3, 'UTC')}
  AND (q.minute < {hours_from:DateTime64(3, 'UTC')} OR q.minute >= {hours_to:DateTime64(3, 'UTC')} OR (q.minute >= {parted_hour:DateTime64(3, 'UTC')} AND q.minute < {parted_hour:DateTime64(3, 'UTC')} + INTERVAL 1 HOUR))
UNION ALL
SELECT
    q.tenant AS tenant,
    q.hour AS at,
    q.content_id AS content_id,
    q.device_class AS device_class,
    q.country AS country,
    q.cdn AS cdn,
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
  AND q.dimension_set = 'audience'
  AND q.hour >= {hours_from:DateTime64(3, 'UTC')}
  AND q.hour < {hours_to:DateTime64(3, 'UTC')}
  AND q.hour != {parted_hour:DateTime64(3, 'UTC')}
COMMENT 'Quality of a tenant in a window by title, device class, country and CDN, as rows that add up; parameters tenant, from_time, to_time, hours_from, hours_to: the full hours that are told as such, parted_hour: an hour of them that is told in minutes'
