-- Purpose: the funnel from the impression to the end of the title, of what began in a window.
-- Parameters: tenant; from, to: the window; after_number, after_group: where the last page ended; limit: rows; filter_*: the
--             filters. In place of ${group}: what rows are told apart by, an array of texts; ${filters}: conditions; ${after},
--             ${order}: the page.
-- Cost: the sessions that began in the window, and the kind of every raw beacon received since.
SELECT
    ${group} AS group_values,
    sum(s.impressions) AS impressions,
    sum(s.attempts) AS attempts,
    sum(s.first_frames) AS first_frames,
    sum(s.reached_25) AS reached_25,
    sum(s.reached_50) AS reached_50,
    sum(s.reached_75) AS reached_75,
    sum(s.reached_100) AS reached_100
FROM funnel_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE ${filters}
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
