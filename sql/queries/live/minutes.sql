-- Purpose: the window's quality, once by `minute` (Unix s) and once by `device_class`.
-- Parameters: tenant; from, to: the window; a minute that it touches counts whole.
-- Cost: the rows of the rollup by device class and version of the window's minutes.
SELECT
    part.1 AS kind,
    part.2 AS key,
    sum(q.attempts) AS attempts,
    sum(q.plays) AS plays,
    sum(q.startup_ms_sum) AS startup_ms_sum,
    sum(q.startup_count) AS startup_count,
    sum(q.ended_plays) AS ended_plays,
    sum(q.exits_before_start) AS exits_before_start,
    sum(q.failures_before_start) AS failures_before_start,
    sum(q.failures) AS failures,
    sum(q.timeouts) AS timeouts,
    sum(q.stall_count) AS stall_count,
    sum(q.starting_ms) AS starting_ms,
    sum(q.playing_ms) AS playing_ms,
    sum(q.stalled_ms) AS stalled_ms,
    sum(q.seeking_ms) AS seeking_ms,
    sum(q.paused_ms) AS paused_ms,
    sum(q.ad_ms) AS ad_ms,
    sum(q.bitrate_kbit_ms) AS bitrate_kbit_ms,
    sum(q.bitrate_known_ms) AS bitrate_known_ms,
    sum(q.error_count) AS error_count,
    sum(q.ad_start_count) AS ad_start_count,
    sum(q.ad_end_count) AS ad_end_count,
    sum(q.ad_skip_count) AS ad_skip_count,
    sum(q.ad_click_count) AS ad_click_count
FROM
(
    SELECT
        r.minute AS minute,
        r.device_class AS device_class,
        sum(r.attempts) AS attempts,
        sum(r.plays) AS plays,
        sum(r.startup_ms_sum) AS startup_ms_sum,
        sum(r.startup_count) AS startup_count,
        sum(r.ended_plays) AS ended_plays,
        sum(r.exits_before_start) AS exits_before_start,
        sum(r.failures_before_start) AS failures_before_start,
        sum(r.failures) AS failures,
        sum(r.timeouts) AS timeouts,
        sum(r.stall_count) AS stall_count,
        sum(r.starting_ms) AS starting_ms,
        sum(r.playing_ms) AS playing_ms,
        sum(r.stalled_ms) AS stalled_ms,
        sum(r.seeking_ms) AS seeking_ms,
        sum(r.paused_ms) AS paused_ms,
        sum(r.ad_ms) AS ad_ms,
        sum(r.bitrate_kbit_ms) AS bitrate_kbit_ms,
        sum(r.bitrate_known_ms) AS bitrate_known_ms,
        sum(r.error_count) AS error_count,
        sum(r.ad_start_count) AS ad_start_count,
        sum(r.ad_end_count) AS ad_end_count,
        sum(r.ad_skip_count) AS ad_skip_count,
        sum(r.ad_click_count) AS ad_click_count
    FROM quality_by_minute_sets_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS r
    WHERE r.dimension_set = 'application'
    GROUP BY minute, device_class
) AS q
ARRAY JOIN [('minute', toString(toUnixTimestamp(q.minute))), ('device_class', toString(q.device_class))] AS part
GROUP BY kind, key
