-- Second step of docs/sessions.md in SQL: a session's clock (2), its plays (4), what each of their marks says (3),
-- their attributes (6).
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_sums_to_session_plays_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_sums_to_session_plays_mv_v1 TO session_plays AS
WITH
    -- The content at each mark, and where another one begins.
    named AS
    (
        SELECT
            *,
            arrayReverseFill(x -> x != 0, arrayFill(x -> x != 0, marks.content)) AS mark_contents,
            arraySort(x -> (x.3, x.2), arrayFilter(x -> x.1 != 0, contents)) AS told_contents,
            -- Experiment to variant, the greatest variant first.
            arrayReverseSort(arrayDistinct(arrayFlatten(arrayMap(x -> CAST(x, 'Array(Tuple(String, String))'), attributes_told.experiments)))) AS variants
        FROM session_sums
    ),
    split AS
    (
        SELECT
            *,
            arraySplit(
                (m, c, before) -> c != before,
                marks, mark_contents, arrayPopBack(arrayPushFront(mark_contents, mark_contents[1]))) AS runs,
            arrayCompact(mark_contents) AS run_contents
        FROM named
    ),
    -- One row per play; a session without marks is one play, of the content told first by any beacon.
    -- Why so many steps: a name that a step uses twice is analysed twice, and all it is made of with it.
    numbered AS
    (
        SELECT
            *,
            arrayJoin(range(1, greatest(length(runs), 1) + 1))::UInt16 AS play_no,
            if(run_contents[1] != 0, run_contents, [told_contents[1].1]) AS play_contents
        FROM split
    ),
    named_play AS
    (
        SELECT *, play_contents[play_no] AS content_key
        FROM numbered
    ),
    play AS
    (
        SELECT
            *,
            play_no < length(runs) AS is_left,
            runs[play_no + 1][1].1 AS next_begins_ms,
            if(play_no = 1, first_ms, runs[play_no][1].1) AS begins_ms,
            -- Beacons that name no content count for the first play's.
            arrayFilter(x -> x.1 = content_key OR (x.1 = 0 AND content_key = play_contents[1]), contents) AS contents_of_it,
            arrayFilter(x -> x.1 = content_key OR (x.1 = 0 AND content_key = play_contents[1]), attributes_told) AS told_of_it,
            indexOf(play_contents, content_key) = play_no AS is_first_of_content
        FROM named_play
    ),
    described AS
    (
        SELECT
            * EXCEPT (contents_of_it, attributes_told, told_of_it, told_contents, mark_contents, play_contents, run_contents),
            if(is_first_of_content, contents_of_it, []) AS counted,
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
                arrayMax(told_of_it.stream_type),
                arrayMax(told_of_it.content_duration_ms),
                (arrayMax(told_of_it.content.title), arrayMax(told_of_it.content.series), arrayMax(told_of_it.content.season), arrayMax(told_of_it.content.episode), arrayMax(told_of_it.content.channel), arrayMax(told_of_it.content.programme)),
                arrayMax(attributes_told.audio_language),
                arrayMax(attributes_told.subtitle_language),
                arrayMax(attributes_told.isp),
                arrayMax(attributes_told.asn),
                arrayMax(attributes_told.country),
                arrayMax(attributes_told.region),
                arrayMax(attributes_told.connection_type),
                arrayMax(attributes_told.connection_quality)
            )::Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) AS attributes
        FROM play
    ),
    attributed AS
    (
        SELECT
            *,
            -- The clock of the session (docs/sessions.md 2).
            multiIf(
                attributes.clock_offset_ms IS NOT NULL, assumeNotNull(attributes.clock_offset_ms),
                sent_delta_ms IS NOT NULL, if(abs(sent_delta_ms) > 2000, assumeNotNull(sent_delta_ms), 0),
                client_delta_ms < -2000 OR client_delta_ms > 86400000, client_delta_ms,
                0)::Int64 AS offset_ms,
            runs[play_no] AS play_marks
        FROM described
    )
SELECT
    tenant,
    session_key,
    begins_ms AS first_ms,
    if(is_left, next_begins_ms, attributed.last_ms) AS last_ms,
    ifNull(attributes.heartbeat_interval_ms, ${heartbeat_ms})::Int64 AS heartbeat_ms,
    offset_ms,
    NOT is_left AND toUnixTimestamp64Milli(now64(3)) - attributed.last_ms - offset_ms > ${liveness_seconds} * 1000 AS is_silent,
    is_left,
    play_marks AS marks,
    arrayFill(x -> x != 0, arrayMap(
        m -> multiIf(m.3 <= 10, m.3, m.3 IN (31, 32), 7, m.3 = 50, multiIf(m.4 = 1, 6, m.4 = 3, 7, 8), 0)::UInt8,
        play_marks)) AS reports,
    arrayFill(x -> x != 0, arrayMap(m -> multiIf(m.3 = 40, 1, m.3 = 41, 2, 0)::UInt8, play_marks)) AS breaks,
    (
        attributed.facts.states_seen,
        attributed.facts.marks_seen,
        attributed.facts.session_id,
        if(play_no = 1, attributed.facts.beacons_received, 0),
        if(play_no = 1, attributed.facts.beacons_lost, 0),
        if(play_no = 1, attributed.facts.beacons_duplicated, 0),
        if(play_no = 1, attributed.facts.counter_resets, 0),
        attributed.facts.cdn,
        arrayReverse(arrayFilter((x, before) -> x.1 != before.1, variants, arrayPopBack(arrayPushFront(variants, ('', '')))))::Map(String, String),
        play_no,
        arrayMax(arrayFilter(x -> x.1 = content_key, contents).2),
        length(runs) <= 1,
        arrayMax(counted.dropped_frames),
        arrayMax(counted.furthest_position_ms),
        if(empty(counted) OR arrayMax(counted.last_position) = toInt128('-170141183460469231731687303715884105728'), NULL, toInt64(arrayMax(counted.last_position))),
        arrayReverseSort(arrayFlatten(arrayMap(x -> arrayZip(x.7, x.8), counted)))::Map(UInt8, UInt64)
    )::Tuple(states_seen DateTime64(3, 'UTC'), marks_seen DateTime64(3, 'UTC'), session_id String, beacons_received UInt64, beacons_lost UInt64, beacons_duplicated UInt64, counter_resets UInt64, cdn String, experiments Map(String, String), play_no UInt16, content_id String, is_only_play Bool, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), last_position_ms Nullable(Int64), greatest Map(UInt8, UInt64)) AS facts,
    attributes,
    pass
FROM attributed AS attributed
COMMENT 'Cuts sessions into plays, with clock, reports and attributes'
