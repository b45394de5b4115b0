-- Purpose: what the players call some titles.
-- Parameters: tenant; from, to: the window whose sessions are asked; content_ids: the titles.
-- Cost: two columns of the sessions that touch the window.
SELECT
    toString(s.content_id) AS content_id,
    max(s.content_title) AS title
FROM session_facts_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.content_id IN {content_ids:Array(String)}
GROUP BY s.content_id
