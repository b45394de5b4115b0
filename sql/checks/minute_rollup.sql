-- Proves: rollups = sessions: each measure of quality_by_minute, in each minute of the window, for each set of dimensions and
--         each combination of these, is what the plays give when they are counted anew (viewers apart, which are an estimate).
--         For windows that are not frozen.
-- When it fails: the rollup's pass is late or stopped (system.view_refreshes), or rows were changed by hand. Insert the plays
--         of these minutes into `sessions` again with a newer version and their minutes in dirty_minutes: they are cut
--         into minutes again, and the pass computes what has newer parts.
-- Cost: the timelines of the sessions that touch the window, the rollup's rows of its minutes.
WITH
    toInt64(toUnixTimestamp({since:DateTime})) DIV 60 AS first_number,
    toInt64(toUnixTimestamp({until:DateTime})) DIV 60 AS end_number,
    -- The minutes that a stretch from a to b touches, inside of the window.
    (a, b) -> range(
        greatest(toUnixTimestamp64Milli(a) DIV 60000, first_number),
        least((toUnixTimestamp64Milli(b) - 1) DIV 60000 + 1, end_number)) AS minutes_of,
    -- How much of the stretch from a to b lies in minute number m; ms.
    (a, b, m) -> toUInt64(least(toUnixTimestamp64Milli(b), (m + 1) * 60000) - greatest(toUnixTimestamp64Milli(a), m * 60000)) AS part_ms,
    (t) -> toUnixTimestamp64Milli(t) DIV 60000 AS number_of,
    there AS
    (
        SELECT
            *,
            transform(attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '') AS class,
            transform(attributes.source, [1, 2, 3, 4, 5, 6, 7, 8], ['native_json', 'native_protobuf', 'pixel', 'cmcd_event', 'cmcd_request', 'epas', 'snowplow', 'firehose'], '') AS door
        FROM sessions${all} AS s FINAL
        WHERE s.started_at < {until:DateTime}
          AND greatest(s.last_seen_at, ifNull(s.ended_at, s.last_seen_at)) >= {since:DateTime}
    ),
    -- What each combination of all dimensions comes to, and the places at which it is counted: one in each set.
    measured AS
    (
        SELECT
            tenant,
            part.1 AS number,
            part.2 AS measure,
            [('audience', [content_id::String, class, attributes.country::String, cdn::String]),
             ('network', [cdn::String, attributes.country::String, attributes.region::String, attributes.isp::String]),
             ('application', [class, attributes.app_version::String, door])] AS everywhere,
            arrayMap(x -> ('experiment', [x.1, x.2, class]), CAST(experiments, 'Array(Tuple(String, String))')) AS asked,
            sum(part.3) AS value
        FROM there
        ARRAY JOIN arrayConcat(
            [(number_of(started_at), 'attempts', 1)],
            if(first_frame_at IS NULL, [], [(number_of(assumeNotNull(first_frame_at)), 'plays', 1)]),
            if(first_frame_at IS NULL OR startup_ms IS NULL, [], [
                (number_of(assumeNotNull(first_frame_at)), concat('startup_histogram ', toString(toUInt16(round(ln(assumeNotNull(startup_ms) + 1) * 20)))), 1),
                (number_of(assumeNotNull(first_frame_at)), 'startup_ms_sum', assumeNotNull(startup_ms)),
                (number_of(assumeNotNull(first_frame_at)), 'startup_count', 1)]),
            if(ended_at IS NULL, [], [
                (number_of(assumeNotNull(ended_at)), 'ended_plays', toUInt64(is_started)),
                (number_of(assumeNotNull(ended_at)), 'exits_before_start', toUInt64(end_reason = 'exited_before_start')),
                (number_of(assumeNotNull(ended_at)), 'failures_before_start', toUInt64(end_reason = 'failed_before_start')),
                (number_of(assumeNotNull(ended_at)), 'failures', toUInt64(end_reason = 'failed')),
                (number_of(assumeNotNull(ended_at)), 'finishes', toUInt64(end_reason = 'finished')),
                (number_of(assumeNotNull(ended_at)), 'business_failures_before_start', toUInt64(end_reason = 'failed_before_start' AND is_business_failure)),
                (number_of(assumeNotNull(ended_at)), 'business_failures', toUInt64(end_reason = 'failed' AND is_business_failure)),
                (number_of(assumeNotNull(ended_at)), 'timeouts', toUInt64(end_reason = 'timed_out')),
                (number_of(assumeNotNull(ended_at)), 'beacons_received', beacons_received),
                (number_of(assumeNotNull(ended_at)), 'beacons_lost', beacons_lost),
                (number_of(assumeNotNull(ended_at)), 'beacons_duplicated', beacons_duplicated),
                (number_of(assumeNotNull(ended_at)), 'counter_resets', counter_resets)]),
            arrayMap(i -> (number_of(i.from), if(i.state = 'stalled', 'stall_count', 'seek_count'), 1), arrayFilter(i -> i.state IN ('stalled', 'seeking'), intervals)),
            arrayFlatten(arrayMap(i -> arrayMap(m -> (m, if(i.state = 'in_ad', 'ad_ms', concat(i.state::String, '_ms')), part_ms(i.from, i.to, m)), minutes_of(i.from, i.to)),
                arrayFilter(i -> i.state != 'preloading', intervals))),
            arrayFlatten(arrayMap(r -> arrayMap(m -> (m, 'bitrate_known_ms', part_ms(r.from, r.to, m)), minutes_of(r.from, r.to)), renditions)),
            arrayFlatten(arrayMap(r -> arrayMap(m -> (m, 'bitrate_kbit_ms', part_ms(r.from, r.to, m) * r.bitrate_kbps), minutes_of(r.from, r.to)), renditions)),
            arrayMap(e -> (number_of(e.at), transform(e.code, [30, 31, 32, 40, 42, 43, 45, 46, 47, 48],
                ['error_count', 'error_count', 'error_count', 'ad_break_count', 'ad_start_count', 'ad_end_count', 'ad_skip_count', 'ad_click_count', 'ad_error_count', 'ad_impression_count'], ''), 1), events),
            arrayMap(e -> (number_of(e.at), 'fatal_error_count', 1), arrayFilter(e -> e.code IN (31, 32), events)),
            arrayMap(e -> (number_of(e.at), transform(e.quartile, [25, 50, 75],
                ['ad_first_quartile_count', 'ad_midpoint_count', 'ad_third_quartile_count'], ''), 1), arrayFilter(e -> e.code = 44, events))
        ) AS part
        WHERE part.1 >= first_number AND part.1 < end_number AND part.2 != '' AND part.3 > 0
        GROUP BY tenant, number, measure, everywhere, asked
    ),
    counted AS
    (
        SELECT tenant, number, measure, place.1 AS set_name, place.2 AS dimensions, value
        FROM measured
        ARRAY JOIN arrayConcat(everywhere, asked) AS place
    ),
    told AS
    (
        SELECT
            tenant,
            toInt64(toUnixTimestamp(r.minute)) DIV 60 AS number,
            part.1 AS measure,
            dimension_set::String AS set_name,
            multiIf(
                set_name = 'audience', [content_id::String, device_class::String, country::String, cdn::String],
                set_name = 'network', [cdn::String, country::String, region::String, isp::String],
                set_name = 'application', [device_class::String, app_version::String, source::String],
                [experiment::String, variant::String, device_class::String]) AS dimensions,
            part.2 AS value
        FROM quality_by_minute${all} AS r FINAL
        ARRAY JOIN arrayConcat([
            ('attempts', attempts), ('plays', plays), ('startup_ms_sum', startup_ms_sum), ('startup_count', startup_count),
            ('ended_plays', ended_plays), ('finishes', finishes), ('exits_before_start', exits_before_start), ('failures_before_start', failures_before_start),
            ('business_failures_before_start', business_failures_before_start), ('failures', failures), ('business_failures', business_failures),
            ('timeouts', timeouts), ('stall_count', stall_count), ('seek_count', seek_count),
            ('starting_ms', starting_ms), ('playing_ms', playing_ms), ('stalled_ms', stalled_ms), ('seeking_ms', seeking_ms),
            ('paused_ms', paused_ms), ('ad_ms', ad_ms), ('bitrate_kbit_ms', bitrate_kbit_ms), ('bitrate_known_ms', bitrate_known_ms),
            ('error_count', error_count), ('fatal_error_count', fatal_error_count), ('ad_break_count', ad_break_count),
            ('ad_impression_count', ad_impression_count), ('ad_start_count', ad_start_count), ('ad_first_quartile_count', ad_first_quartile_count),
            ('ad_midpoint_count', ad_midpoint_count), ('ad_third_quartile_count', ad_third_quartile_count), ('ad_end_count', ad_end_count),
            ('ad_skip_count', ad_skip_count), ('ad_click_count', ad_click_count), ('ad_error_count', ad_error_count),
            ('beacons_received', beacons_received), ('beacons_lost', beacons_lost), ('beacons_duplicated', beacons_duplicated),
            ('counter_resets', counter_resets)],
            arrayMap(x -> (concat('startup_histogram ', toString(x.1)), x.2), CAST(startup_histogram, 'Array(Tuple(UInt16, UInt64))'))) AS part
        WHERE r.minute >= {since:DateTime} AND r.minute < {until:DateTime} AND part.2 > 0
    )
SELECT
    tenant,
    toDateTime(number * 60, 'UTC') AS minute,
    set_name AS dimension_set,
    dimensions,
    measure,
    sum(from_sessions) AS value_from_sessions,
    sum(from_rollup) AS value_in_rollup
FROM
(
    SELECT tenant, number, set_name, dimensions, measure, toUInt64(value) AS from_sessions, 0::UInt64 AS from_rollup FROM counted
    UNION ALL
    SELECT tenant, number, set_name, dimensions, measure, 0::UInt64 AS from_sessions, toUInt64(value) AS from_rollup FROM told
) AS both
GROUP BY tenant, number, set_name, dimensions, measure
HAVING value_from_sessions != value_in_rollup
ORDER BY tenant, minute, dimension_set, dimensions, measure
LIMIT 100
