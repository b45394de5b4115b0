-- First step of docs/sessions.md in SQL: a session's states from all its streams, its clock (2), its marks in order (3).
-- Why four views and not one query: planning a query takes time by its nodes times its depth, and each view is planned
-- by itself; as one query the passes would spend two seconds of CPU on planning alone.
-- A filter on (tenant, session_key) reaches the primary key of session_states.
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
    times Array(Int64) COMMENT 'Client time of each mark, in order; Unix ms',
    codes Array(UInt8) COMMENT 'Code of each mark',
    reports Array(UInt8) COMMENT 'State that each mark reports, carried on from the mark before where it reports none; 0 = none yet',
    breaks Array(UInt8) COMMENT '1 where the last break mark so far is a start, 2 where it is an end, 0 before any',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    facts Tuple(session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String, visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model LowCardinality(String), os_name LowCardinality(String), os_version LowCardinality(String), app_version LowCardinality(String), player_name LowCardinality(String), player_version LowCardinality(String), stream_type UInt8, content_duration_ms Nullable(Int64), audio_language LowCardinality(String), subtitle_language LowCardinality(String), isp LowCardinality(String), asn Nullable(UInt32), country LowCardinality(String), region LowCardinality(String), connection_type LowCardinality(String), connection_quality LowCardinality(String), sdk_version LowCardinality(String), source UInt8, content_title String, content_series String, content_season String, content_episode String, content_channel String, content_programme String) COMMENT 'What is only passed on: counts and dimensions, under the names that sessions gives them'
)
AS WITH
    -- One row per counter: a gap is a gap in one counter.
    streams AS
    (
        SELECT
            tenant,
            session_key,
            stream,
            max(session_id) AS session_id,
            min(first_client_time_ms) AS first_client_time_ms,
            max(last_client_time_ms) AS last_client_time_ms,
            argMinMergeState(clock_offset) AS clock_offset,
            min(least_sent_delta_ms) AS least_sent_delta_ms,
            min(least_client_delta_ms) AS least_client_delta_ms,
            max(heartbeat_interval_ms) AS heartbeat_interval_ms,
            groupBitmapMerge(ordinals) AS ordinal_count,
            ifNull(max(greatest_ordinal) + 1, 0) AS ordinals_expected,
            uniqExactMerge(hashes) AS hash_count,
            groupUniqArrayArray(marks) AS marks,
            argMaxMergeState(last_error) AS last_error,
            max(dropped_frames) AS dropped_frames,
            max(furthest_position_ms) AS furthest_position_ms,
            argMinMergeState(content_id) AS content_id,
            argMaxMergeState(cdn) AS cdn,
            max(visit_id) AS visit_id,
            max(viewer_id) AS viewer_id,
            max(account_id) AS account_id,
            max(profile_id) AS profile_id,
            max(device_id) AS device_id,
            max(device_class) AS device_class,
            max(device_model) AS device_model,
            max(os_name) AS os_name,
            max(os_version) AS os_version,
            max(app_version) AS app_version,
            max(player_name) AS player_name,
            max(player_version) AS player_version,
            max(stream_type) AS stream_type,
            max(content_duration_ms) AS content_duration_ms,
            max(audio_language) AS audio_language,
            max(subtitle_language) AS subtitle_language,
            max(isp) AS isp,
            max(asn) AS asn,
            max(country) AS country,
            max(region) AS region,
            max(connection_type) AS connection_type,
            max(connection_quality) AS connection_quality,
            max(sdk_version) AS sdk_version,
            max(source) AS source,
            max(content_title) AS content_title,
            max(content_series) AS content_series,
            max(content_season) AS content_season,
            max(content_episode) AS content_episode,
            max(content_channel) AS content_channel,
            max(content_programme) AS content_programme
        FROM session_states${all}
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
            argMinMerge(clock_offset) AS told_offset_ms,
            min(least_sent_delta_ms) AS sent_delta_ms,
            min(least_client_delta_ms) AS client_delta_ms,
            ifNull(max(heartbeat_interval_ms), ${heartbeat_ms}) AS heartbeat_ms,
            arraySort(groupArrayArray(marks)) AS marks,
            (
                max(session_id),
                sum(ordinal_count) + sum(hash_count),
                sum(ordinals_expected - ordinal_count),
                ifNull(argMaxMerge(last_error), ''),
                max(dropped_frames),
                max(furthest_position_ms),
                ifNull(argMinMerge(content_id), ''),
                ifNull(argMaxMerge(cdn), ''),
                max(visit_id),
                max(viewer_id),
                max(account_id),
                max(profile_id),
                max(device_id),
                max(device_class),
                max(device_model),
                max(os_name),
                max(os_version),
                max(app_version),
                max(player_name),
                max(player_version),
                max(stream_type),
                max(content_duration_ms),
                max(audio_language),
                max(subtitle_language),
                max(isp),
                max(asn),
                max(country),
                max(region),
                max(connection_type),
                max(connection_quality),
                max(sdk_version),
                max(source),
                max(content_title),
                max(content_series),
                max(content_season),
                max(content_episode),
                max(content_channel),
                max(content_programme)
            )::Tuple(
                session_id String,
                beacons_received UInt64,
                beacons_lost UInt64,
                last_error_code String,
                dropped_frames Nullable(UInt32),
                furthest_position_ms Nullable(Int64),
                content_id String,
                cdn String,
                visit_id String,
                viewer_id String,
                account_id String,
                profile_id String,
                device_id String,
                device_class UInt8,
                device_model LowCardinality(String),
                os_name LowCardinality(String),
                os_version LowCardinality(String),
                app_version LowCardinality(String),
                player_name LowCardinality(String),
                player_version LowCardinality(String),
                stream_type UInt8,
                content_duration_ms Nullable(Int64),
                audio_language LowCardinality(String),
                subtitle_language LowCardinality(String),
                isp LowCardinality(String),
                asn Nullable(UInt32),
                country LowCardinality(String),
                region LowCardinality(String),
                connection_type LowCardinality(String),
                connection_quality LowCardinality(String),
                sdk_version LowCardinality(String),
                source UInt8,
                content_title String,
                content_series String,
                content_season String,
                content_episode String,
                content_channel String,
                content_programme String
            ) AS facts
        FROM streams
        GROUP BY tenant, session_key
    ),
    -- What each mark reports, the break marks, the bitrates told.
    told AS
    (
        SELECT
            *,
            -- docs/sessions.md 2
            multiIf(
                told_offset_ms IS NOT NULL, told_offset_ms,
                sent_delta_ms IS NOT NULL, if(abs(sent_delta_ms) > 2000, sent_delta_ms, 0),
                client_delta_ms < -2000 OR client_delta_ms > 86400000, client_delta_ms,
                0)::Int64 AS offset_ms,
            marks.t_ms AS times,
            marks.code AS codes,
            arrayMap(
                m -> multiIf(m.3 <= 10, m.3, m.3 = 31, 7, m.3 = 50, multiIf(m.4 = 1, 6, m.4 = 3, 7, 8), 0)::UInt8,
                marks) AS told_reports,
            arrayMap(m -> multiIf(m.3 = 40, 1, m.3 = 41, 2, 0)::UInt8, marks) AS told_breaks,
            arrayMap(m -> if(m.3 <= 10 OR m.3 = 20, m.4, 0)::UInt32, marks) AS told_kbps
        FROM merged
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    heartbeat_ms,
    offset_ms,
    toUnixTimestamp64Milli(now64(3)) - last_ms - offset_ms > ${liveness_seconds} * 1000 AS is_silent,
    times,
    codes,
    arrayFill(x -> x != 0, told_reports) AS reports,
    arrayFill(x -> x != 0, told_breaks) AS breaks,
    arrayFill(x -> x != 0, told_kbps) AS kbps,
    facts
FROM told AS told
COMMENT 'Sessions as their marks in order, with clock and facts'
