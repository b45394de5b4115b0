-- Proves: each row of quality_by_ten_seconds in the window is the sum of its seconds, and its peak the greatest of theirs. For
--         the last six days: seconds are kept for ten days unless configured, and the youngest setting is nine.
-- When it fails: the pass that makes tens of seconds is late or stopped (exceptions in system.view_refreshes;
--         SYSTEM REFRESH VIEW quality_ten_seconds_pass), or rows were changed by hand: insert the minute into minutes_due.
-- Cost: the rows of the window in both rollups.
SELECT
    tenant,
    ten_seconds,
    device_class,
    cdn,
    measure,
    if(measure = 'peak_sessions', max(in_seconds), sum(in_seconds)) AS value_in_seconds,
    sum(in_row) AS value_in_row
FROM
(
    SELECT tenant::String AS tenant, ten_seconds, device_class::String AS device_class, cdn::String AS cdn, part.1 AS measure, 0::UInt64 AS in_seconds, part.2 AS in_row
    FROM quality_by_ten_seconds${all} AS t FINAL
    ARRAY JOIN [
            ('peak_sessions', peak_sessions), ('attempts', attempts), ('plays', plays), ('ended_plays', ended_plays),
            ('exits_before_start', exits_before_start), ('failures_before_start', failures_before_start),
            ('failures', failures), ('timeouts', timeouts), ('stall_count', stall_count), ('error_count', error_count),
            ('ad_start_count', ad_start_count), ('starting_ms', starting_ms), ('playing_ms', playing_ms),
            ('stalled_ms', stalled_ms), ('seeking_ms', seeking_ms), ('paused_ms', paused_ms), ('ad_ms', ad_ms)] AS part
    WHERE t.ten_seconds >= greatest({since:DateTime}, toStartOfMinute(now() - INTERVAL 6 DAY)) AND t.ten_seconds < {until:DateTime}
    UNION ALL
    SELECT tenant::String AS tenant, toStartOfInterval(second, INTERVAL 10 SECOND)::DateTime('UTC') AS ten_seconds, device_class::String AS device_class, cdn::String AS cdn, part.1 AS measure, part.2 AS in_seconds, 0::UInt64 AS in_row
    FROM quality_by_second${all} AS s FINAL
    ARRAY JOIN [
            ('peak_sessions', sessions), ('attempts', attempts), ('plays', plays), ('ended_plays', ended_plays),
            ('exits_before_start', exits_before_start), ('failures_before_start', failures_before_start),
            ('failures', failures), ('timeouts', timeouts), ('stall_count', stall_count), ('error_count', error_count),
            ('ad_start_count', ad_start_count), ('starting_ms', starting_ms), ('playing_ms', playing_ms),
            ('stalled_ms', stalled_ms), ('seeking_ms', seeking_ms), ('paused_ms', paused_ms), ('ad_ms', ad_ms)] AS part
    WHERE s.second >= greatest({since:DateTime}, toStartOfMinute(now() - INTERVAL 6 DAY)) AND s.second < {until:DateTime}
) AS both
GROUP BY tenant, ten_seconds, device_class, cdn, measure
HAVING value_in_seconds != value_in_row
ORDER BY tenant, ten_seconds, device_class, cdn, measure
LIMIT 100
