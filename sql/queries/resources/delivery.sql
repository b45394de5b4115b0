-- Purpose: beacons sent, received, lost and sent again, of the sessions that touch a window, running ones included.
-- Parameters: tenant; from, to: the window; after_number, after_group: where the last page ended; limit: rows; filter_*: the
--             filters. In place of ${group}: what rows are told apart by, an array of texts; ${filters}: conditions; ${after},
--             ${order}: the page.
-- Cost: a few columns of the sessions that touch the window.
SELECT
    ${group} AS group_values,
    uniqExact(s.session_key) AS sessions,
    sum(s.beacons_sent) AS beacons_sent,
    sum(s.beacons_received) AS beacons_received,
    sum(s.beacons_lost) AS beacons_lost,
    sum(s.beacons_duplicated) AS beacons_duplicated,
    sum(s.counter_resets) AS counter_resets
FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE ${filters}
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
