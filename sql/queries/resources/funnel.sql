-- Purpose: the funnel from the impression to the end of the title, of what began in a window.
-- Parameters: tenant; from, to: the window; after_number, after_group: where the last page ended; limit: rows; filter_*: the
--             filters. In place of ${group}: what rows are told apart by, an array of texts; ${filters}: conditions; ${after},
--             ${order}: the page.
-- Cost: a few columns of the sessions of the days, and their impressions.
SELECT
    ${group} AS group_values,
    sum(s.is_impression) AS impressions,
    sum(s.is_attempt) AS attempts,
    sum(s.is_first_frame) AS first_frames,
    sum(s.quarters >= 1) AS reached_25,
    sum(s.quarters >= 2) AS reached_50,
    sum(s.quarters >= 3) AS reached_75,
    sum(s.quarters >= 4) AS reached_100
FROM funnel_steps_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE ${filters}
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
