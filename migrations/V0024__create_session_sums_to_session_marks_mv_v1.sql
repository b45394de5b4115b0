-- Second step of docs/sessions.md in SQL: a session's clock (2), what each of its marks says (3), its attributes (5).
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_sums_to_session_marks_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_sums_to_session_marks_mv_v1 TO session_marks AS
WITH
    attributed AS
    (
        SELECT
            *,
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
                arrayMin(attributes_told.clock_offset_ms),
                arrayMax(attributes_told.stream_type),
                arrayMax(attributes_told.content_duration_ms),
                (arrayMax(attributes_told.content.title), arrayMax(attributes_told.content.series), arrayMax(attributes_told.content.season), arrayMax(attributes_told.content.episode), arrayMax(attributes_told.content.channel), arrayMax(attributes_told.content.programme)),
                arrayMax(attributes_told.audio_language),
                arrayMax(attributes_told.subtitle_language),
                arrayMax(attributes_told.isp),
                arrayMax(attributes_told.asn),
                arrayMax(attributes_told.country),
                arrayMax(attributes_told.region),
                arrayMax(attributes_told.connection_type),
                arrayMax(attributes_told.connection_quality)
            )::Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) AS attributes
        FROM session_sums
    ),
    -- What each mark reports, the break marks, the bitrates told.
    told AS
    (
        SELECT
            *,
            -- docs/sessions.md 2
            multiIf(
                attributes.clock_offset_ms IS NOT NULL, assumeNotNull(attributes.clock_offset_ms),
                sent_delta_ms IS NOT NULL, if(abs(sent_delta_ms) > 2000, assumeNotNull(sent_delta_ms), 0),
                client_delta_ms < -2000 OR client_delta_ms > 86400000, client_delta_ms,
                0)::Int64 AS offset_ms,
            arrayMap(
                m -> multiIf(m.3 <= 10, m.3, m.3 = 31, 7, m.3 = 50, multiIf(m.4 = 1, 6, m.4 = 3, 7, 8), 0)::UInt8,
                marks) AS told_reports,
            arrayMap(m -> multiIf(m.3 = 40, 1, m.3 = 41, 2, 0)::UInt8, marks) AS told_breaks,
            arrayMap(m -> if(m.3 <= 10 OR m.3 = 20, m.4, 0)::UInt32, marks) AS told_kbps
        FROM attributed
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    ifNull(attributes.heartbeat_interval_ms, ${heartbeat_ms})::Int64 AS heartbeat_ms,
    offset_ms,
    toUnixTimestamp64Milli(now64(3)) - last_ms - offset_ms > ${liveness_seconds} * 1000 AS is_silent,
    marks,
    arrayFill(x -> x != 0, told_reports) AS reports,
    arrayFill(x -> x != 0, told_breaks) AS breaks,
    arrayFill(x -> x != 0, told_kbps) AS kbps,
    facts,
    attributes,
    pass
FROM told AS told
COMMENT 'Computes clock and reports of sessions'
