-- Purpose: the window's quality and the viewers now, grouped four times over in one pass: by `minute` (Unix s),
--          `content`, `device_class` and, viewers only, by `status`. Of titles only the first rows by viewers,
--          plays, attempts and name.
-- Parameters: tenant; from, to: the window; a minute that it touches counts whole; content_limit: titles.
-- Cost: the rollup's rows of the window's minutes, the live viewers, and the titles of the window's sessions; each
--       read once, which is why this is one query.
SELECT
    kind,
    key,
    t.title AS title,
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
        part.1 AS kind,
        part.2 AS key,
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
    FROM quality_by_minute_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS r
    ARRAY JOIN [('minute', toString(toUnixTimestamp(r.minute))), ('content', toString(r.content_id)), ('device_class', toString(r.device_class))] AS part
    GROUP BY kind, key
) AS q
FULL OUTER JOIN
(
    SELECT
        part.1 AS kind,
        part.2 AS key,
        count() AS viewers
    FROM live_viewers_t(tenant = {tenant:String}) AS v
    ARRAY JOIN if(
        v.status IN ('finished', 'gone'),
        [('status', toString(v.status))],
        [('status', toString(v.status)), ('content', v.content_id), ('device_class', toString(v.device_class))]) AS part
    GROUP BY kind, key
) AS l USING (kind, key)
LEFT JOIN
(
    SELECT
        'content' AS kind,
        toString(s.content_id) AS key,
        max(s.content_title) AS title
    FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
    GROUP BY key
) AS t USING (kind, key)
ORDER BY kind, viewers DESC, plays DESC, attempts DESC, key
LIMIT {content_limit:UInt32} BY if(kind = 'content', '', concat(kind, key))
