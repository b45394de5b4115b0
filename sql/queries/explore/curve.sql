-- Purpose: metrics over the concurrency curve, by step.
-- Parameters: tenant; from, to: the window; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: a row a second of the window, and the intervals of the sessions of its last minutes.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM concurrent_viewers_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS c
WHERE ${filters}
GROUP BY ${keys}
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
