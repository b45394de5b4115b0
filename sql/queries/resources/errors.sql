-- Purpose: what went wrong in a window, how often, for whom, and sessions in which to look.
-- Parameters: tenant; from, to: the window; error_code: only this one, or empty; codes: kinds of errors, 30 not fatal, 31 fatal,
--             32 refused by rule; after_number, after_group: where the last page ended; limit: rows; filter_*: the filters.
--             In place of ${group}: what rows are told apart by, an array of texts; ${filters}: conditions; ${after},
--             ${order}: the page.
-- Cost: the errors of the sessions of the days. The examples are the three sessions that had it last.
SELECT
    group_values,
    sum(errors) AS error_count,
    sum(fatal) AS fatal_error_count,
    sum(refused) AS refusal_count,
    count() AS sessions,
    uniqExactIf(viewer, viewer != '') AS viewers,
    min(first_at) AS first_seen_at,
    max(last_at) AS last_seen_at,
    CAST(
        arrayMap(
            e -> (e.2, e.3, e.4, e.5),
            groupArraySorted(3)((-toUnixTimestamp64Milli(last_at), session, viewer, title, last_at))),
        'Array(Tuple(session_id String, viewer_id String, content_id String, at DateTime64(3, \'UTC\')))') AS examples
FROM
(
    SELECT
        ${group} AS group_values,
        s.session_key AS key,
        any(s.session_id) AS session,
        any(s.viewer_id) AS viewer,
        any(toString(s.content_id)) AS title,
        count() AS errors,
        countIf(happened.code = 31) AS fatal,
        countIf(happened.code = 32) AS refused,
        min(happened.at) AS first_at,
        max(happened.at) AS last_at
    FROM play_measures_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
    ARRAY JOIN s.errors AS happened
    WHERE s.error_count > 0
      AND toString(happened.code) IN {codes:Array(String)}
      AND happened.at >= {from:DateTime64(3, 'UTC')}
      AND happened.at < {to:DateTime64(3, 'UTC')}
      AND ({error_code:String} = '' OR happened.error_code = {error_code:String})
      AND ${filters}
    GROUP BY group_values, key
) AS told
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
