-- Purpose: of the viewers first seen in a week, how many came again in the weeks after it.
-- Parameters: tenant; from, to: the window; whole weeks that it touches.
-- Cost: viewer and begin of every session that is kept, since an older play may be a viewer's first.
SELECT
    c.first_week AS first_week,
    c.week AS week,
    c.week_no AS week_no,
    c.viewers AS viewers,
    c.plays AS plays,
    c.playing_ms AS playing_ms
FROM viewers_by_first_week_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS c
WHERE c.first_week >= toMonday({from:DateTime64(3, 'UTC')})
ORDER BY first_week, week_no
