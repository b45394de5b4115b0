-- Purpose: how far the plays of a title came.
-- Parameters: tenant; from, to: the window in which the plays began; content_id: the title.
-- Cost: a few columns of the sessions that began in the window.
SELECT
    sum(c.plays) AS plays,
    sum(c.measured_plays) AS measured_plays,
    sum(c.finishes) AS finishes,
    sum(c.reached_25) AS reached_25,
    sum(c.reached_50) AS reached_50,
    sum(c.reached_75) AS reached_75,
    sum(c.reached_100) AS reached_100,
    sum(c.playing_ms) AS playing_ms
FROM completion_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS c
WHERE c.content_id = {content_id:String}
