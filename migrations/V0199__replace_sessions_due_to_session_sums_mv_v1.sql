-- Counts the copies of a session from the lists of V0197.
-- Why: opening the bitmaps took nineteen twentieths of the time in which the states of sessions were read. Nothing that is published differs.
-- Cost: 0.5 ms of CPU for a session looked up here or there among 200,000, where V0168 took 15.
-- Undo: ALTER TABLE sessions_due_to_session_sums_mv_v1 MODIFY QUERY with the query of V0168
ALTER TABLE sessions_due_to_session_sums_mv_v1 MODIFY QUERY
WITH
    -- One row per counter: a gap is a gap in one counter.
    streams AS
    (
        SELECT
            tenant,
            session_key,
            stream,
            max(states.seen) AS seen,
            max(states.session_id) AS session_id,
            min(first_client_time_ms) AS first_client_time_ms,
            max(last_client_time_ms) AS last_client_time_ms,
            min(least_sent_delta_ms) AS least_sent_delta_ms,
            min(least_client_delta_ms) AS least_client_delta_ms,
            groupBitmapMergeState(ordinals) AS ordinals,
            length(groupUniqArrayArray(hashes)) AS hash_count,
            length(groupUniqArrayArray(copy_hashes)) AS copy_count,
            max(last_cdn) AS last_cdn,
            groupArray((
                if(content_id = '', 0, xxHash32(content_id)),
                content_id::String,
                states.first_client_time_ms,
                nullIf(dropped_frames, -1),
                nullIf(furthest_position_ms, -9223372036854775808),
                last_position,
                greatest.1,
                greatest.2
            )::Tuple(content_key UInt32, content_id String, first_ms Int64, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position Int128, greatest_keys Array(UInt8), greatest_values Array(UInt64))) AS contents,
            groupUniqArrayArray(arrayMap(x -> (if(content_id = '', 0, xxHash32(content_id)), x)::Tuple(UInt32, String), states.attributes)) AS attributes
        FROM session_states${all} AS states
        WHERE is_published AND session_key IN (SELECT session_key FROM sessions_due)
        GROUP BY tenant, session_key, stream
    ),
    marked AS
    (
        SELECT
            tenant,
            session_key,
            stream,
            max(session_marks.seen) AS seen,
            arraySort(groupUniqArray((
                t_ms,
                seq,
                code,
                value,
                position_ms,
                height,
                if(cdn = '', 0, xxHash32(cdn)),
                if(content_id = '', 0, xxHash32(content_id)),
                details)::Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32, position_ms Int64, height UInt16, cdn UInt32, content UInt32, details String))) AS marks
        FROM session_marks${all} AS session_marks
        WHERE is_published AND session_key IN (SELECT session_key FROM sessions_due)
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
            nullIf(min(least_sent_delta_ms), 9223372036854775807) AS sent_delta_ms,
            min(least_client_delta_ms) AS client_delta_ms,
            arraySort(groupArrayArray(marked.marks)) AS marks,
            (
                max(streams.seen),
                max(marked.seen),
                max(streams.session_id),
                sum(bitmapCardinality(ordinals) + hash_count),
                sum(if(bitmapCardinality(ordinals) = 0, 0, bitmapMax(ordinals) + 1 - bitmapCardinality(ordinals))),
                -- Two copies whose 32-bit hashes are equal count once; one in ten thousand sessions of a thousand beacons has such a pair.
                sum(greatest(copy_count, bitmapCardinality(ordinals) + hash_count) - bitmapCardinality(ordinals) - hash_count),
                sum(if(bitmapCardinality(ordinals) = 0, 0, arrayCount(
                    (m, n) -> n.1 > m.1 AND n.2 <= m.2,
                    arrayPopBack(marked.marks), arrayPopFront(marked.marks)))),
                substring(max(last_cdn), 9)
            )::Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String) AS facts,
            groupArrayArray(streams.contents) AS contents,
            arrayMap(
                x -> tupleConcat(tuple(x.1), JSONExtract(x.2, 'Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String, experiments Map(String, String), write_key String)')),
                groupUniqArrayArray(attributes))::Array(Tuple(content_key UInt32, visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String, experiments Map(String, String), write_key String)) AS attributes_told
        FROM streams
        LEFT JOIN marked ON marked.tenant = streams.tenant AND marked.session_key = streams.session_key AND marked.stream = streams.stream
        GROUP BY tenant, session_key
    )
SELECT
    merged.tenant AS tenant,
    merged.session_key AS session_key,
    first_ms,
    last_ms,
    sent_delta_ms,
    client_delta_ms,
    marks,
    facts,
    contents,
    attributes_told,
    due.pass AS pass
FROM (SELECT DISTINCT tenant, session_key, pass FROM sessions_due) AS due
INNER JOIN merged ON merged.tenant = due.tenant AND merged.session_key = due.session_key
