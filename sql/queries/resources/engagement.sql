-- Purpose: which part of a title was watched, watched again, skipped and left, by stretches of the title of equal length.
-- Parameters: tenant; from, to: the window in which the plays began; content_id: the title; step_seconds: length of a stretch.
-- Cost: the watched stretches of the sessions that began in the window.
SELECT
    intDiv(second, {step_seconds:UInt32}) AS step,
    sum(c.plays_watched) AS plays_watched,
    sum(c.times_watched) AS times_watched,
    sum(c.plays_skipped) AS plays_skipped,
    sum(c.plays_ended) AS plays_ended
FROM content_engagement_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS c
WHERE c.content_id = {content_id:String}
GROUP BY step
ORDER BY step
