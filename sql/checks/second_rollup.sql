-- Proves: the seconds of each minute of the window add up to that minute, by device class and CDN, in every measure that both
--         have. For minutes of the last six days: seconds are kept for ten days unless configured, and the youngest setting is nine.
-- When it fails: the minute's seconds and the minute are computed by one insert into minutes_due, and a server died between the
--         two, or rows were changed by hand. INSERT INTO minutes_due (tenant, minute): both are computed anew.
-- Cost: the rows of the window in both rollups.
SELECT
    tenant,
    minute,
    device_class,
    cdn,
    measure,
    sum(in_minute) AS value_in_minute,
    sum(in_seconds) AS value_in_seconds
FROM
(
    SELECT tenant::String AS tenant, minute, device_class::String AS device_class, cdn::String AS cdn, part.1 AS measure, part.2 AS in_minute, 0::UInt64 AS in_seconds
    FROM quality_by_minute${all} AS m FINAL
    ARRAY JOIN [
            ('attempts', attempts), ('plays', plays), ('ended_plays', ended_plays),
            ('exits_before_start', exits_before_start), ('failures_before_start', failures_before_start),
            ('failures', failures), ('timeouts', timeouts), ('stall_count', stall_count), ('error_count', error_count),
            ('ad_start_count', ad_start_count), ('starting_ms', starting_ms), ('playing_ms', playing_ms),
            ('stalled_ms', stalled_ms), ('seeking_ms', seeking_ms), ('paused_ms', paused_ms), ('ad_ms', ad_ms)] AS part
    WHERE m.dimension_set = 'audience' AND m.minute >= greatest({since:DateTime}, toStartOfMinute(now() - INTERVAL 6 DAY)) AND m.minute < {until:DateTime}
    UNION ALL
    SELECT tenant::String AS tenant, toStartOfMinute(second)::DateTime('UTC') AS minute, device_class::String AS device_class, cdn::String AS cdn, part.1 AS measure, 0::UInt64 AS in_minute, part.2 AS in_seconds
    FROM quality_by_second${all} AS s FINAL
    ARRAY JOIN [
            ('attempts', attempts), ('plays', plays), ('ended_plays', ended_plays),
            ('exits_before_start', exits_before_start), ('failures_before_start', failures_before_start),
            ('failures', failures), ('timeouts', timeouts), ('stall_count', stall_count), ('error_count', error_count),
            ('ad_start_count', ad_start_count), ('starting_ms', starting_ms), ('playing_ms', playing_ms),
            ('stalled_ms', stalled_ms), ('seeking_ms', seeking_ms), ('paused_ms', paused_ms), ('ad_ms', ad_ms)] AS part
    WHERE s.second >= greatest({since:DateTime}, toStartOfMinute(now() - INTERVAL 6 DAY)) AND s.second < {until:DateTime}
) AS both
GROUP BY tenant, minute, device_class, cdn, measure
HAVING value_in_minute != value_in_seconds
ORDER BY tenant, minute, device_class, cdn, measure
LIMIT 100
