-- Cuts every play that is computed into the minutes that it changes (docs/sessions.md 9); frozen minutes are left alone.
-- Cost: the minutes that changed, a few us each.
-- Undo: DROP VIEW IF EXISTS sessions_to_session_pieces_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_to_session_pieces_mv_v1 TO session_pieces AS
WITH
    cut AS
    (
        SELECT
            tenant, session_key, play_no, content_id, cdn, experiments, attributes, started_at, first_frame_at, ended_at, startup_ms, is_started,
            end_reason, is_business_failure, beacons_received, beacons_lost, beacons_duplicated, counter_resets, renditions, events, version,
            arrayJoin(dirty_minutes) AS minute,
            toUnixTimestamp(minute)::Int64 * 1000 AS begin_ms,
            begin_ms + 60000 AS end_ms,
            arrayFilter(x -> x.1 != 'preloading' AND toUnixTimestamp64Milli(x.2) < end_ms AND toUnixTimestamp64Milli(x.3) > begin_ms, intervals) AS touching,
            toUnixTimestamp64Milli(started_at) - begin_ms AS begun_ms,
            ifNull(toUnixTimestamp64Milli(first_frame_at) - begin_ms, -1) AS shown_ms,
            ifNull(toUnixTimestamp64Milli(ended_at) - begin_ms, -1) AS over_ms
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
    startup_ms,
    is_started,
    end_reason,
    is_business_failure,
    [cut.beacons_received, cut.beacons_lost, cut.beacons_duplicated, cut.counter_resets] AS delivery,
    arrayMap(
        x -> (x.1::Int8, greatest(toUnixTimestamp64Milli(x.2), begin_ms) - begin_ms, least(toUnixTimestamp64Milli(x.3), end_ms) - begin_ms),
        touching)::Array(Tuple(state UInt8, from_ms UInt16, to_ms UInt16)) AS here,
    arrayMap(
        x -> toUInt16(toUnixTimestamp64Milli(x.2) - begin_ms),
        arrayFilter(x -> x.1 = 'stalled' AND toUnixTimestamp64Milli(x.2) >= begin_ms, touching)) AS stalls,
    arrayCount(x -> x.1 = 'seeking' AND toUnixTimestamp64Milli(x.2) >= begin_ms, touching) AS seek_count,
    arrayMap(
        x -> (greatest(toUnixTimestamp64Milli(x.1), begin_ms), least(toUnixTimestamp64Milli(x.2), end_ms), x.3),
        arrayFilter(x -> toUnixTimestamp64Milli(x.1) < end_ms AND toUnixTimestamp64Milli(x.2) > begin_ms, renditions)) AS encoded,
    arrayMap(
        x -> (toUInt16(toUnixTimestamp64Milli(x.1) - begin_ms), x.2, x.3),
        arrayFilter(x -> toUnixTimestamp64Milli(x.1) >= begin_ms AND toUnixTimestamp64Milli(x.1) < end_ms, events)) AS told,
    begun_ms,
    shown_ms,
    over_ms,
    begun_ms BETWEEN 0 AND 59999 AS is_begun,
    shown_ms BETWEEN 0 AND 59999 AS is_shown,
    over_ms BETWEEN 0 AND 59999 AS is_over,
    version
FROM cut AS cut
COMMENT 'Cuts plays into the minutes that they change'
