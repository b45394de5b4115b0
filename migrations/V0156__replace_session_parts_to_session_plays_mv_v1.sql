-- The greatest write key that any beacon of the session told becomes one of its facts. Nothing else differs from V0046.
-- Cost: as V0046.
-- Undo: ALTER TABLE session_parts_to_session_plays_mv_v1 MODIFY QUERY with the query of V0046
ALTER TABLE session_parts_to_session_plays_mv_v1 MODIFY QUERY
WITH
    clocked AS
    (
        SELECT
            *,
            arrayMin(attributes_told.clock_offset_ms) AS told_offset_ms,
            -- The clock of the session (docs/sessions.md 2).
            multiIf(
                told_offset_ms IS NOT NULL, assumeNotNull(told_offset_ms),
                sent_delta_ms IS NOT NULL, if(abs(sent_delta_ms) > 2000, assumeNotNull(sent_delta_ms), 0),
                client_delta_ms < -2000 OR client_delta_ms > 86400000, client_delta_ms,
                0)::Int64 AS offset_ms
        FROM session_parts
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    ifNull(arrayMax(attributes_told.heartbeat_interval_ms), ${heartbeat_ms})::Int64 AS heartbeat_ms,
    offset_ms,
    NOT is_left AND toUnixTimestamp64Milli(now64(3)) - last_ms - offset_ms > ${liveness_seconds} * 1000 AS is_silent,
    is_left,
    marks,
    arrayFill(x -> x != 0, arrayMap(
        m -> multiIf(m.3 <= 10, m.3, m.3 IN (31, 32), 7, m.3 = 50, multiIf(m.4 = 1, 6, m.4 = 3, 7, 8), 0)::UInt8,
        marks)) AS reports,
    arrayFill(x -> x != 0, arrayMap(m -> multiIf(m.3 = 40, 1, m.3 = 41, 2, 0)::UInt8, marks)) AS breaks,
    (
        facts.states_seen,
        facts.marks_seen,
        facts.session_id,
        if(play_no = 1, facts.beacons_received, 0),
        if(play_no = 1, facts.beacons_lost, 0),
        if(play_no = 1, facts.beacons_duplicated, 0),
        if(play_no = 1, facts.counter_resets, 0),
        facts.cdn,
        experiments,
        play_no,
        content_id,
        is_only_play,
        arrayMax(counted.dropped_frames),
        arrayMax(counted.furthest_position_ms),
        if(empty(counted) OR arrayMax(counted.last_position) = toInt128('-170141183460469231731687303715884105728'), NULL, toInt64(arrayMax(counted.last_position))),
        arrayReverseSort(arrayFlatten(arrayMap(x -> arrayZip(x.7, x.8), counted)))::Map(UInt8, UInt64),
        arrayMax(attributes_told.write_key)
    )::Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String, experiments Map(String, String), play_no UInt16, content_id String, is_only_play Bool, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position_ms Nullable(Int64), greatest Map(UInt8, UInt64), write_key String) AS facts,
    (
        arrayMax(attributes_told.visit_id),
        arrayMax(attributes_told.viewer_id),
        arrayMax(attributes_told.account_id),
        arrayMax(attributes_told.profile_id),
        arrayMax(attributes_told.device_id),
        arrayMax(attributes_told.device_class),
        arrayMax(attributes_told.device_model),
        arrayMax(attributes_told.os_name),
        arrayMax(attributes_told.os_version),
        arrayMax(attributes_told.app_version),
        arrayMax(attributes_told.player_name),
        arrayMax(attributes_told.player_version),
        arrayMax(attributes_told.sdk_version),
        arrayMax(attributes_told.source),
        arrayMax(attributes_told.heartbeat_interval_ms),
        told_offset_ms,
        arrayMax(content_told.stream_type),
        arrayMax(content_told.content_duration_ms),
        (arrayMax(content_told.content.title), arrayMax(content_told.content.series), arrayMax(content_told.content.season), arrayMax(content_told.content.episode), arrayMax(content_told.content.channel), arrayMax(content_told.content.programme)),
        arrayMax(attributes_told.audio_language),
        arrayMax(attributes_told.subtitle_language),
        arrayMax(attributes_told.isp),
        arrayMax(attributes_told.asn),
        arrayMax(attributes_told.country),
        arrayMax(attributes_told.region),
        arrayMax(attributes_told.connection_type),
        arrayMax(attributes_told.connection_quality)
    )::Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) AS attributes,
    pass
FROM clocked AS clocked
