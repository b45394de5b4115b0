-- Purpose: the titles with the most viewers now, then the most plays and attempts in the window.
-- Parameters: tenant; from, to: the window; hours_from, hours_to, parted_hour: its full hours; a minute that it touches counts whole; content_limit: titles.
-- Cost: some columns of the rollups' rows of the window by title, and the viewers there now.
SELECT
    key AS content_id,
    l.viewers AS viewers
FROM
(
    SELECT
        toString(r.content_id) AS key,
        sum(r.attempts) AS attempts,
        sum(r.plays) AS plays,
        sum(r.starting_ms + r.playing_ms + r.stalled_ms + r.seeking_ms + r.paused_ms + r.ad_ms) AS there_ms
    FROM quality_spans_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')},
        hours_from = {hours_from:DateTime64(3, 'UTC')}, hours_to = {hours_to:DateTime64(3, 'UTC')}, parted_hour = {parted_hour:DateTime64(3, 'UTC')}) AS r
    GROUP BY r.content_id
    -- Rows of plays that turned out to be of another title hold nothing but zeros.
    HAVING attempts + plays + there_ms > 0
) AS q
FULL OUTER JOIN
(
    SELECT
        v.content_id AS key,
        count() AS viewers
    FROM live_viewers_there_t(tenant = {tenant:String}) AS v
    GROUP BY key
) AS l USING (key)
ORDER BY viewers DESC, plays DESC, attempts DESC, key
LIMIT {content_limit:UInt32}
