-- First step of docs/sessions.md in SQL: a session's states from all its streams, its clock (2), its marks in order (3).
-- Why four views and not one query: planning a query takes time by its nodes times its depth, and each view is planned
-- by itself; as one query the passes would spend two seconds of CPU on planning alone.
-- A filter on (tenant, session_key) reaches the primary key of session_states. It does not when the setting
-- query_plan_merge_expressions is off: then everything is read, so leave it on.
-- Read by: session_timelines. Cost: the rows of the sessions asked for.
-- Undo: DROP VIEW IF EXISTS session_marks
CREATE VIEW IF NOT EXISTS session_marks
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Smallest client time; Unix ms',
    last_ms Int64 COMMENT 'Greatest client time; Unix ms',
    heartbeat_ms Int64 COMMENT 'One heartbeat; ms',
    offset_ms Int64 COMMENT 'Added to client time to get event time; ms',
    is_silent Bool COMMENT 'Nothing was heard for the liveness window',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32)) COMMENT 'Marks in order: client time in ms, seq, code, value',
    reports Array(UInt8) COMMENT 'State that each mark reports, carried on from the mark before where it reports none; 0 = none yet',
    breaks Array(UInt8) COMMENT '1 where the last break mark so far is a start, 2 where it is an end, 0 before any',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    facts Tuple(session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String) COMMENT 'What is only passed on: counts and dimensions, under the names that sessions gives them',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) COMMENT 'Of each attribute the greatest value that a beacon told; of the clock offset the least'
)
AS WITH
    -- One row per counter: a gap is a gap in one counter.
    streams AS
    (
        SELECT
            tenant,
            session_key,
            stream,
            groupUniqArrayArray(session_ids) AS session_ids,
            min(first_client_time_ms) AS first_client_time_ms,
            max(last_client_time_ms) AS last_client_time_ms,
            min(least_sent_delta_ms) AS least_sent_delta_ms,
            min(least_client_delta_ms) AS least_client_delta_ms,
            groupBitmapMergeState(ordinals) AS ordinals,
            length(groupUniqArrayArray(hashes)) AS hash_count,
            groupUniqArrayArray(marks) AS marks,
            max(last_error) AS last_error,
            max(dropped_frames) AS dropped_frames,
            max(furthest_position_ms) AS furthest_position_ms,
            min(first_content) AS first_content,
            max(last_cdn) AS last_cdn,
            groupUniqArrayArray(attributes) AS attributes
        FROM session_states${all}
        WHERE is_published
        GROUP BY tenant, session_key, stream
    ),
    -- One row per session, its marks in the client's order. What is only passed on travels as one tuple:
    -- planning takes time by columns times levels.
    merged AS
    (
        SELECT
            tenant,
            session_key,
            min(first_client_time_ms) AS first_ms,
            max(last_client_time_ms) AS last_ms,
            min(least_sent_delta_ms) AS sent_delta_ms,
            min(least_client_delta_ms) AS client_delta_ms,
            arraySort(groupArrayArray(marks)) AS marks,
            (
                arrayMax(groupArrayArray(session_ids)),
                sum(bitmapCardinality(ordinals)) + sum(hash_count),
                sum(if(bitmapCardinality(ordinals) = 0, 0, bitmapMax(ordinals) + 1 - bitmapCardinality(ordinals))),
                max(last_error).3,
                max(dropped_frames),
                max(furthest_position_ms),
                min(first_content).3,
                max(last_cdn).3
            )::Tuple(session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String) AS facts,
            arrayMap(
                x -> JSONExtract(x, 'Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String)'),
                groupUniqArrayArray(attributes))::Array(Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String)) AS attributes_told
        FROM streams
        GROUP BY tenant, session_key
    ),
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
        FROM merged
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
    attributes
FROM told AS told
COMMENT 'Sessions as their marks in order, with clock and facts'
