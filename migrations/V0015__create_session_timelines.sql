-- Second step of docs/sessions.md in SQL (4): reported state R and effective state E after each mark.
-- States of R are those of the .proto (4 rebuffering, 6 ended, 7 failed, 8 quit, 10 waiting).
-- Read by: session_intervals. Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_timelines
CREATE VIEW IF NOT EXISTS session_timelines
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Smallest client time; Unix ms',
    last_ms Int64 COMMENT 'Greatest client time; Unix ms',
    heartbeat_ms Int64 COMMENT 'One heartbeat; ms',
    offset_ms Int64 COMMENT 'Added to client time to get event time; ms',
    is_silent Bool COMMENT 'Nothing was heard for the liveness window',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32)) COMMENT 'Marks in order: client time in ms, seq, code, value',
    times Array(Int64) COMMENT 'Client time of each mark; Unix ms',
    next_times Array(Int64) COMMENT 'Where the stretch that each mark opens ends; Unix ms, client time',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    r Array(UInt8) COMMENT 'Reported state R after each mark; 0 = none',
    e Array(UInt8) COMMENT 'Effective state E after each mark: 1 preloading, 2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad, 0 none',
    first_frame_index UInt64 COMMENT 'Which mark is the first frame, from 1; 0 = none',
    is_told_end Bool COMMENT 'The last reported state is an end',
    facts Tuple(session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String) COMMENT 'What is only passed on: counts and dimensions, under the names that sessions gives them',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) COMMENT 'What the beacons told of device, application, content, network and ids'
)
AS WITH
    -- Of several ends in a row the first counts.
    reported AS
    (
        SELECT
            *,
            marks.t_ms AS times,
            arrayFill(
                (x, before) -> NOT (x IN (6, 7, 8) AND before IN (6, 7, 8)),
                reports,
                arrayPopBack(arrayPushFront(reports, 0))) AS r
        FROM session_marks
    ),
    before_waiting AS
    (
        SELECT
            *,
            arrayFill(x -> x NOT IN (4, 10), r) AS r_before_waiting,
            r[-1] IN (6, 7, 8) AS is_told_end
        FROM reported
    ),
    -- Effective state E, as it is after the first frame.
    after_start AS
    (
        SELECT
            *,
            arrayMap(
                (x, b, w) -> multiIf(
                    x IN (0, 6, 7, 8), 0,
                    x = 5, 6,
                    x = 9, 1,
                    b = 1, 7,
                    x = 2, 3,
                    x = 3, 5,
                    x IN (4, 10), if(w = 3, 5, 4),
                    2)::UInt8,
                r, breaks, r_before_waiting) AS e_after_start,
            multiIf(is_told_end, times[-1], is_silent, last_ms + heartbeat_ms, last_ms) AS open_end_ms
        FROM before_waiting
    ),
    first_frame AS
    (
        SELECT
            *,
            indexOf(e_after_start, 3) AS first_frame_index,
            arrayPopFront(arrayPushBack(times, open_end_ms)) AS next_times
        FROM after_start
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    heartbeat_ms,
    offset_ms,
    is_silent,
    marks,
    times,
    next_times,
    kbps,
    r,
    -- Everything that waits before the first frame is start-up.
    arrayMap(
        (x, i) -> if(x IN (2, 4, 5) AND (first_frame_index = 0 OR i < first_frame_index), 2, x)::UInt8,
        e_after_start, arrayEnumerate(e_after_start)) AS e,
    first_frame_index,
    is_told_end,
    facts,
    attributes
FROM first_frame AS first_frame
COMMENT 'Sessions as reported and effective states after each mark'
