-- Purpose: the funnel by dimensions that only sessions know: from the attempt on.
-- Parameters: as in funnel.sql.
-- Cost: a few columns of the sessions that touch the window.
SELECT
    ${group} AS group_values,
    CAST(NULL, 'Nullable(UInt64)') AS impressions,
    count() AS attempts,
    countIf(s.is_started) AS first_frames,
    countIf(s.is_started AND s.quartile >= 1) AS reached_25,
    countIf(s.is_started AND s.quartile >= 2) AS reached_50,
    countIf(s.is_started AND s.quartile >= 3) AS reached_75,
    countIf(s.is_started AND s.quartile >= 4) AS reached_100
FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.started_at >= {from:DateTime64(3, 'UTC')}
  AND ${filters}
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
