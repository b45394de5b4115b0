-- Cuts every play that is computed into the minutes that it changes (docs/sessions.md 9); frozen minutes are left alone.
-- Cost: the minutes that changed, a few us each.
-- Undo: DROP VIEW IF EXISTS sessions_to_session_minutes_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_to_session_minutes_mv_v1 TO session_minutes AS
WITH
    cut AS
    (
        SELECT
            tenant, session_key, play_no, content_id, cdn, experiments, attributes, started_at, first_frame_at, ended_at, startup_ms, is_started,
            end_reason, is_business_failure, beacons_received, beacons_lost, beacons_duplicated, counter_resets, version,
            arrayJoin(dirty_minutes) AS minute,
            toUnixTimestamp(minute)::Int64 * 1000 AS begin_ms,
            begin_ms + 60000 AS end_ms,
            arrayFilter(x -> x.1 != 'preloading' AND toUnixTimestamp64Milli(x.2) < end_ms AND toUnixTimestamp64Milli(x.3) > begin_ms, intervals) AS touching,
            arrayMap(
                x -> (x.1::Int8, greatest(toUnixTimestamp64Milli(x.2), begin_ms) - begin_ms, least(toUnixTimestamp64Milli(x.3), end_ms) - begin_ms),
                touching)::Array(Tuple(state UInt8, from_ms UInt16, to_ms UInt16)) AS here,
            arrayMap(
                x -> (greatest(toUnixTimestamp64Milli(x.1), begin_ms), least(toUnixTimestamp64Milli(x.2), end_ms), x.3),
                arrayFilter(x -> toUnixTimestamp64Milli(x.1) < end_ms AND toUnixTimestamp64Milli(x.2) > begin_ms, renditions)) AS encoded,
            arrayMap(
                x -> (toUInt16(toUnixTimestamp64Milli(x.1) - begin_ms), x.2, x.3),
                arrayFilter(x -> toUnixTimestamp64Milli(x.1) >= begin_ms AND toUnixTimestamp64Milli(x.1) < end_ms, events)) AS told,
            arrayMap(x -> (x.2, x.3), told) AS told_codes,
            arrayMap(
                x -> toUInt16(toUnixTimestamp64Milli(x.2) - begin_ms),
                arrayFilter(x -> x.1 = 'stalled' AND toUnixTimestamp64Milli(x.2) >= begin_ms, touching)) AS stalls,
            toUnixTimestamp64Milli(started_at) - begin_ms AS begun_ms,
            ifNull(toUnixTimestamp64Milli(first_frame_at) - begin_ms, -1) AS shown_ms,
            ifNull(toUnixTimestamp64Milli(ended_at) - begin_ms, -1) AS over_ms,
            begun_ms BETWEEN 0 AND 59999 AS is_begun,
            shown_ms BETWEEN 0 AND 59999 AS is_shown,
            over_ms BETWEEN 0 AND 59999 AS is_over
        FROM sessions
        WHERE minute >= now() - INTERVAL ${frozen_after_hours} HOUR
    )
SELECT
    tenant,
    minute,
    session_key,
    play_no,
    content_id,
    transform(attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
    attributes.country AS country,
    attributes.region AS region,
    attributes.isp AS isp,
    cdn,
    attributes.app_version AS app_version,
    transform(attributes.source, [1, 2, 3, 4, 5, 6, 7, 8], ['native_json', 'native_protobuf', 'pixel', 'cmcd_event', 'cmcd_request', 'epas', 'snowplow', 'firehose'], '')::LowCardinality(String) AS source,
    experiments,
    if(attributes.viewer_id = '', 0, cityHash64(attributes.viewer_id)) AS viewer_key,
    here,
    arrayConcat(
        if(is_begun, [(begun_ms, 1)], []),
        if(is_shown, [(shown_ms, 2)], []),
        if(is_over AND is_started, [(over_ms, 3)], []),
        if(is_over, arrayFilter(x -> x.2 > 0, [(over_ms, transform(end_reason::String, ['exited_before_start', 'failed_before_start', 'failed', 'timed_out'], [4, 5, 6, 7], 0))]), []),
        arrayMap(x -> (x, 8), stalls),
        arrayMap(x -> (x.1, 9), arrayFilter(x -> x.2 < 40, told)),
        arrayMap(x -> (x.1, 10), arrayFilter(x -> x.2 = 42, told)))::Array(Tuple(at_ms UInt16, measure UInt8)) AS moments,
    -- Why lists: the engine analyses each expression anew at every insert, and that costs more than to compute it.
    if(is_begun OR is_shown OR is_over OR notEmpty(told) OR hasAny(here.state, [4, 5]),
        arrayConcat(
            [is_begun, is_shown, if(is_shown, ifNull(startup_ms, 0), 0), is_shown AND startup_ms IS NOT NULL, is_over AND is_started]::Array(UInt64),
            arrayMap(x -> is_over AND end_reason = x.1 AND (is_business_failure OR NOT x.2), [
                ('finished', false), ('exited_before_start', false), ('failed_before_start', false), ('failed_before_start', true), ('failed', false), ('failed', true), ('timed_out', false)])::Array(UInt64),
            [
                length(stalls),
                arrayCount(x -> x.1 = 'seeking' AND toUnixTimestamp64Milli(x.2) >= begin_ms, touching),
                arrayCount(x -> x.2 < 40, told),
                arrayCount(x -> x.2 IN (31, 32), told)
            ]::Array(UInt64),
            arrayMap(x -> countEqual(told_codes, x), [(40, 0), (48, 0), (42, 0), (44, 25), (44, 50), (44, 75), (43, 0), (45, 0), (46, 0), (47, 0)]::Array(Tuple(UInt8, UInt8)))::Array(UInt64),
            if(is_over, [s.beacons_received, s.beacons_lost, s.beacons_duplicated, s.counter_resets], [0, 0, 0, 0])::Array(UInt64)),
        []) AS counts,
    toUInt16(arraySum(x -> if(x.1 = 2, x.3 - x.2, 0), here)) AS starting_ms,
    toUInt16(arraySum(x -> if(x.1 = 3, x.3 - x.2, 0), here)) AS playing_ms,
    toUInt16(arraySum(x -> if(x.1 = 4, x.3 - x.2, 0), here)) AS stalled_ms,
    toUInt16(arraySum(x -> if(x.1 = 5, x.3 - x.2, 0), here)) AS seeking_ms,
    toUInt16(arraySum(x -> if(x.1 = 6, x.3 - x.2, 0), here)) AS paused_ms,
    toUInt16(arraySum(x -> if(x.1 = 7, x.3 - x.2, 0), here)) AS ad_ms,
    arraySum(x -> toUInt64(x.2 - x.1) * x.3, encoded) AS bitrate_kbit_ms,
    toUInt16(arraySum(x -> x.2 - x.1, encoded)) AS bitrate_known_ms,
    version
FROM cut AS s
COMMENT 'Cuts plays into the minutes that they change'
