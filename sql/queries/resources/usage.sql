-- Purpose: what was taken in, by day or hour and door: sessions, time played, beacons.
-- Parameters: tenant; from, to: the window, whole days or hours; after_number, after_group: where the last page ended; limit: rows;
--             filter_*: the filters. In place of ${unit}: day or hour; ${group}: what rows are told apart by, an array of texts;
--             ${filters}: conditions; ${after}, ${order}: the page.
-- Cost: the rollup's rows of the window. Beacons are counted when their session ends.
SELECT
    ${group} AS group_values,
    sum(s.attempts) AS attempts,
    sum(s.plays) AS plays,
    sum(s.playing_ms) AS playing_ms,
    sum(s.beacons_received) AS beacons_received,
    sum(s.beacons_lost) AS beacons_lost,
    sum(s.beacons_duplicated) AS beacons_duplicated
FROM quality_by_${unit}_sets_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.dimension_set = 'application'
  AND ${filters}
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
