-- Purpose: what became of the ads that were first heard of in a window, and how many of its ad breaks were filled.
-- Parameters: tenant; from, to: the window; ad_id, break_id: only of these, or empty; with_breaks: 0 leaves the breaks out, since
--             a break is of no single ad; after_number, after_group: where the last page ended; limit: rows; filter_*: the filters.
--             In place of ${group}: what rows are told apart by, an array of texts; ${group_of_breaks}: the same without ads;
--             ${filters}, ${of_break}: conditions; ${after}, ${order}: the page; ${ads}, ${breaks}: what is read.
-- Cost: the lists of ads and breaks of the sessions of the window.
SELECT
    group_values,
    sum(impressions) AS impression_count,
    sum(starts) AS start_count,
    sum(firsts) AS first_quartile_count,
    sum(midpoints) AS midpoint_count,
    sum(thirds) AS third_quartile_count,
    sum(completes) AS complete_count,
    sum(skips) AS skip_count,
    sum(clicks) AS click_count,
    sum(errors) AS error_count,
    sum(shown_ms) AS ad_ms,
    sum(breaks) AS break_count,
    sum(filled) AS filled_break_count
FROM
(
    SELECT
        ${group} AS group_values,
        s.impression_count AS impressions,
        s.start_count AS starts,
        s.first_quartile_count AS firsts,
        s.midpoint_count AS midpoints,
        s.third_quartile_count AS thirds,
        s.complete_count AS completes,
        s.skip_count AS skips,
        s.click_count AS clicks,
        s.error_count AS errors,
        s.ad_ms AS shown_ms,
        toUInt64(0) AS breaks,
        toUInt64(0) AS filled
    FROM ${ads}_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
    WHERE ({ad_id:String} = '' OR s.ad_id = {ad_id:String})
      AND ${of_break}
      AND ${filters}
    UNION ALL
    SELECT
        ${group_of_breaks} AS group_values,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1,
        toUInt64(s.is_filled)
    FROM ${breaks}_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
    WHERE {with_breaks:UInt32} = 1
      AND ${of_break}
      AND ${filters}
) AS told
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
