-- Purpose: metrics over the concurrency curve of a part of the audience, by step, device class and CDN at most.
-- Parameters: tenant; from, to: the window; those of the steps and of the filters.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: the rollup's rows of the window; some a second.
WITH
    ${window_seconds} AS window_seconds
SELECT
    ${bucket} AS bucket,
    ${columns}
    ${metrics}
FROM
(
    -- Who is there in a second on each device class and CDN adds up; a peak is one of their sums.
    SELECT
        q.second AS second,
        ${parts}
        sum(q.sessions) AS sessions,
        sum(q.starting) AS starting,
        sum(q.playing) AS playing,
        sum(q.stalled) AS stalled,
        sum(q.seeking) AS seeking,
        sum(q.paused) AS paused,
        sum(q.in_ad) AS in_ad
    FROM quality_by_second_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS q
    WHERE ${filters}
    GROUP BY ALL
) AS c
GROUP BY ${keys}
