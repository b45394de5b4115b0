-- Purpose: the window's quality of some titles.
-- Parameters: tenant; from, to: the window; hours_from, hours_to, parted_hour: its full hours; a minute that it touches counts whole; content_ids: the titles.
-- Cost: the rollups' rows of the window by title.
SELECT
    toString(r.content_id) AS content_id,
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
FROM quality_spans_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')},
    hours_from = {hours_from:DateTime64(3, 'UTC')}, hours_to = {hours_to:DateTime64(3, 'UTC')}, parted_hour = {parted_hour:DateTime64(3, 'UTC')}) AS r
WHERE r.content_id IN {content_ids:Array(String)}
GROUP BY r.content_id
