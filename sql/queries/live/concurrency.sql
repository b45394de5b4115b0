-- Purpose: the concurrency curve of a window, one row of numbers a step, and its peak to the second.
-- Parameters: tenant; from, to: the window, full seconds; step_seconds: distance of the steps.
-- Cost: a row a second of the window, and the intervals of the sessions of its last minutes.
SELECT
    arraySort(groupArrayIf((toUnixTimestamp(second), sessions, starting, playing, stalled, seeking, paused, in_ad), is_shown)) AS steps,
    max(sessions) AS peak_sessions,
    toUnixTimestamp(argMin(second, (-toInt64(sessions), second))) AS peak_second
FROM
(
    SELECT
        *,
        (toUnixTimestamp(second) - toUnixTimestamp({from:DateTime64(3, 'UTC')})) % {step_seconds:UInt32} = 0 AS is_shown
    FROM concurrent_viewers_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')})
) AS curve
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
