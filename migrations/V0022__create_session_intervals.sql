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
    times Array(Int64) COMMENT 'Client time of each mark, in order; Unix ms',
    next_times Array(Int64) COMMENT 'Where the stretch that each mark opens ends; Unix ms, client time',
    codes Array(UInt8) COMMENT 'Code of each mark',
    kbps Array(UInt32) COMMENT 'Known bitrate at each mark; kbit/s; 0 = unknown',
    r Array(UInt8) COMMENT 'Reported state R after each mark; 0 = none',
    e Array(UInt8) COMMENT 'Effective state E after each mark: 1 preloading, 2 starting, 3 playing, 4 stalled, 5 seeking, 6 paused, 7 in_ad, 0 none',
    first_frame_index UInt64 COMMENT 'Which mark is the first frame, from 1; 0 = none',
    is_told_end Bool COMMENT 'The last reported state is an end',
    is_started Bool COMMENT 'There is a first frame',
    joined Array(Tuple(UInt8, Int64, Int64)) COMMENT 'Joined intervals: E, from, to; Unix ms, client time',
    played Array(Tuple(Int64, Int64, UInt32)) COMMENT 'Stretches of playing with a known bitrate: from, to, kbit/s; Unix ms, client time',
    facts Tuple(session_id String, beacons_received UInt64, beacons_lost UInt64, last_error_code String, dropped_frames Nullable(UInt32), furthest_position_ms Nullable(Int64), content_id String, cdn String, visit_id String, viewer_id String, account_id String, profile_id String, device_id String, device_class UInt8, device_model LowCardinality(String), os_name LowCardinality(String), os_version LowCardinality(String), app_version LowCardinality(String), player_name LowCardinality(String), player_version LowCardinality(String), stream_type UInt8, content_duration_ms Nullable(Int64), audio_language LowCardinality(String), subtitle_language LowCardinality(String), isp LowCardinality(String), asn Nullable(UInt32), country LowCardinality(String), region LowCardinality(String), connection_type LowCardinality(String), connection_quality LowCardinality(String), sdk_version LowCardinality(String), source UInt8, content_title String, content_series String, content_season String, content_episode String, content_channel String, content_programme String) COMMENT 'What is only passed on: counts and dimensions, under the names that sessions gives them'
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
    times,
    next_times,
    codes,
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
    facts
FROM bounded AS bounded
COMMENT 'Sessions as joined intervals'
