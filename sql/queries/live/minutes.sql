-- Purpose: quality by minute, summed over all dimensions.
-- Parameters: tenant; from, to: the window; a minute that it touches counts whole.
-- Cost: the rollup's rows of the window's minutes.
SELECT
    toUnixTimestamp(q.minute) AS minute,
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
FROM quality_by_minute_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
GROUP BY minute
ORDER BY minute
