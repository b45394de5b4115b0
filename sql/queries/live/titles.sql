-- Purpose: the titles with the most viewers now, then the most plays and attempts in the window, and their quality in it.
-- Parameters: tenant; from, to: the window; a minute that it touches counts whole; content_limit: titles.
-- Cost: the rollup's rows of the window by title, and the viewers there now.
SELECT
    key AS content_id,
    l.viewers AS viewers,
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
FROM
(
    SELECT
        toString(r.content_id) AS key,
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
    FROM quality_spans_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS r
    GROUP BY r.content_id
) AS q
FULL OUTER JOIN
(
    SELECT
        v.content_id AS key,
        count() AS viewers
    FROM live_viewers_there_t(tenant = {tenant:String}) AS v
    GROUP BY key
) AS l USING (key)
-- Rows of plays that turned out to be of another title hold nothing but zeros.
WHERE viewers + attempts + plays + ended_plays + exits_before_start + failures_before_start + starting_ms + playing_ms + stalled_ms + seeking_ms + paused_ms + ad_ms + error_count + ad_start_count > 0
ORDER BY viewers DESC, plays DESC, attempts DESC, key
LIMIT {content_limit:UInt32}
