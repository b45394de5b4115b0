-- Purpose: viewers now and the window's quality, by device class.
-- Parameters: tenant; from, to: the window; a minute that it touches counts whole.
-- Cost: the rollup's rows of the window's minutes, and the live viewers.
SELECT
    device_class,
    sum(part.viewers) AS viewers,
    sum(part.attempts) AS attempts,
    sum(part.plays) AS plays,
    sum(part.startup_ms_sum) AS startup_ms_sum,
    sum(part.startup_count) AS startup_count,
    sum(part.ended_plays) AS ended_plays,
    sum(part.exits_before_start) AS exits_before_start,
    sum(part.failures_before_start) AS failures_before_start,
    sum(part.failures) AS failures,
    sum(part.timeouts) AS timeouts,
    sum(part.stall_count) AS stall_count,
    sum(part.starting_ms) AS starting_ms,
    sum(part.playing_ms) AS playing_ms,
    sum(part.stalled_ms) AS stalled_ms,
    sum(part.seeking_ms) AS seeking_ms,
    sum(part.paused_ms) AS paused_ms,
    sum(part.ad_ms) AS ad_ms,
    sum(part.bitrate_kbit_ms) AS bitrate_kbit_ms,
    sum(part.bitrate_known_ms) AS bitrate_known_ms,
    sum(part.error_count) AS error_count,
    sum(part.ad_start_count) AS ad_start_count,
    sum(part.ad_end_count) AS ad_end_count,
    sum(part.ad_skip_count) AS ad_skip_count,
    sum(part.ad_click_count) AS ad_click_count
FROM
(
    SELECT
        toString(q.device_class) AS device_class,
        toUInt64(0) AS viewers,
        q.attempts AS attempts,
        q.plays AS plays,
        q.startup_ms_sum AS startup_ms_sum,
        q.startup_count AS startup_count,
        q.ended_plays AS ended_plays,
        q.exits_before_start AS exits_before_start,
        q.failures_before_start AS failures_before_start,
        q.failures AS failures,
        q.timeouts AS timeouts,
        q.stall_count AS stall_count,
        q.starting_ms AS starting_ms,
        q.playing_ms AS playing_ms,
        q.stalled_ms AS stalled_ms,
        q.seeking_ms AS seeking_ms,
        q.paused_ms AS paused_ms,
        q.ad_ms AS ad_ms,
        q.bitrate_kbit_ms AS bitrate_kbit_ms,
        q.bitrate_known_ms AS bitrate_known_ms,
        q.error_count AS error_count,
        q.ad_start_count AS ad_start_count,
        q.ad_end_count AS ad_end_count,
        q.ad_skip_count AS ad_skip_count,
        q.ad_click_count AS ad_click_count
    FROM quality_by_minute_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
    UNION ALL
    SELECT
        toString(l.device_class) AS device_class,
        toUInt64(1) AS viewers,
        toUInt64(0) AS attempts,
        toUInt64(0) AS plays,
        toUInt64(0) AS startup_ms_sum,
        toUInt64(0) AS startup_count,
        toUInt64(0) AS ended_plays,
        toUInt64(0) AS exits_before_start,
        toUInt64(0) AS failures_before_start,
        toUInt64(0) AS failures,
        toUInt64(0) AS timeouts,
        toUInt64(0) AS stall_count,
        toUInt64(0) AS starting_ms,
        toUInt64(0) AS playing_ms,
        toUInt64(0) AS stalled_ms,
        toUInt64(0) AS seeking_ms,
        toUInt64(0) AS paused_ms,
        toUInt64(0) AS ad_ms,
        toUInt64(0) AS bitrate_kbit_ms,
        toUInt64(0) AS bitrate_known_ms,
        toUInt64(0) AS error_count,
        toUInt64(0) AS ad_start_count,
        toUInt64(0) AS ad_end_count,
        toUInt64(0) AS ad_skip_count,
        toUInt64(0) AS ad_click_count
    FROM live_viewers_t(tenant = {tenant:String}) AS l
    WHERE l.status NOT IN ('finished', 'gone')
) AS part
GROUP BY device_class
ORDER BY viewers DESC, plays DESC, device_class
