-- Third step of docs/sessions.md in SQL (4): stretches between marks, joined into intervals.
-- Read by: session_rows. Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_intervals
CREATE VIEW IF NOT EXISTS session_intervals
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    first_ms Int64 COMMENT 'Smallest client time; Unix ms',
    last_ms Int64 COMMENT 'Greatest client time; Unix ms',
    offset_ms Int64 COMMENT 'Added to client time to get event time; ms',
    end_ms Int64 COMMENT 'End, told or by silence; Unix ms, client time',
    is_silent Bool COMMENT 'Nothing was heard for the liveness window',
    marks Array(Tuple(t_ms Int64, seq UInt64, code UInt8, value UInt32)) COMMENT 'Marks in order: client time in ms, seq, code, value',
    next_times Array(Int64) COMMENT 'Where the stretch that each mark opens ends; Unix ms, client time',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    r Array(UInt8) COMMENT 'Reported state R after each mark; 0 = none',
    e Array(UInt8) COMMENT 'Effective state E after each mark: 1 preloading, 2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad, 0 none',
    first_frame_index UInt64 COMMENT 'Which mark is the first frame, from 1; 0 = none',
    is_told_end Bool COMMENT 'The last reported state is an end',
    is_started Bool COMMENT 'There is a first frame',
    joined Array(Tuple(UInt8, Int64, Int64)) COMMENT 'Joined intervals: E, from, to; Unix ms, client time',
    played Array(Tuple(Int64, Int64, UInt32)) COMMENT 'Stretches of playing with a known bitrate: from, to, kbit/s; Unix ms, client time',
    facts Tuple(session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String) COMMENT 'What is only passed on: counts and dimensions, under the names that sessions gives them',
    attributes Tuple(visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model String, os_name String, os_version String, app_version String, player_name String, player_version String, sdk_version String, source UInt8, heartbeat_interval_ms Nullable(UInt32), clock_offset_ms Nullable(Int64), stream_type UInt8, content_duration_ms Nullable(Int64), content Tuple(title String, series String, season String, episode String, channel String, programme String), audio_language String, subtitle_language String, isp String, asn Nullable(UInt32), country String, region String, connection_type String, connection_quality String) COMMENT 'What the beacons told of device, application, content, network and ids'
)
AS WITH
    -- Stretches between marks.
    stretched AS
    (
        SELECT
            *,
            arrayFilter(x -> x.1 > 0 AND x.3 > x.2, arrayZip(e, times, next_times)) AS stretches,
            arrayFilter(
                x -> x.2 > x.1 AND x.3 > 0,
                arrayMap((x, t, n, k) -> (t, if(x = 3, n, t), k), e, times, next_times, kbps)) AS played
        FROM session_timelines
    ),
    -- Where a new joined interval begins.
    bounded AS
    (
        SELECT
            *,
            arrayMap(
                (x, before) -> x.1 != before.1 OR x.2 != before.3,
                stretches,
                arrayPopBack(arrayPushFront(stretches, (0::UInt8, 0::Int64, 0::Int64)))) AS is_new
        FROM stretched
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    offset_ms,
    if(is_told_end,
        arrayMax(arrayMap(
            (x, before, t) -> if(x IN (6, 7, 8) AND before NOT IN (6, 7, 8), t, first_ms),
            r, arrayPopBack(arrayPushFront(r, 0)), times)),
        last_ms + heartbeat_ms) AS end_ms,
    is_silent,
    marks,
    next_times,
    kbps,
    r,
    e,
    first_frame_index,
    is_told_end,
    first_frame_index > 0 AS is_started,
    arrayMap(
        x -> (x[1].1, x[1].2, x[-1].3),
        arraySplit((x, begins) -> begins, stretches, is_new)) AS joined,
    played,
    facts,
    attributes
FROM bounded AS bounded
COMMENT 'Sessions as joined intervals'
