-- Purpose: where in a title it changes how many plays watch, watch again, skip and leave it, and by how many.
-- Parameters: tenant; from, to: the window in which the plays began; content_id: the title.
-- Cost: the watched stretches of the sessions that began in the window.
SELECT
    c.second AS second,
    c.watching AS watching,
    c.times AS times,
    c.skipping AS skipping,
    c.ending AS ending
FROM title_engagement_t(tenant = {tenant:String}, content_id = {content_id:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS c
ORDER BY second
