-- Fifth step of docs/sessions.md in SQL (5): a session's numbers.
-- Cost: linear in intervals.
-- Undo: DROP VIEW IF EXISTS session_intervals_to_session_rows_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_intervals_to_session_rows_mv_v1 TO session_rows AS
WITH
    timed AS
    (
        SELECT
            *,
            marks.t_ms AS times,
            marks.code AS codes,
            arraySum(x -> if(x.1 = 2, x.3 - x.2, 0), joined)::UInt64 AS starting_ms,
            arraySum(x -> if(x.1 = 3, x.3 - x.2, 0), joined)::UInt64 AS playing_ms,
            arraySum(x -> if(x.1 = 4, x.3 - x.2, 0), joined)::UInt64 AS stalled_ms,
            arraySum(x -> if(x.1 = 5, x.3 - x.2, 0), joined)::UInt64 AS seeking_ms,
            arraySum(x -> if(x.1 = 6, x.3 - x.2, 0), joined)::UInt64 AS paused_ms,
            arraySum(x -> if(x.1 = 7, x.3 - x.2, 0), joined)::UInt64 AS ad_ms,
            intDiv(arraySum(x -> (x.2 - x.1) * x.3, played), 1000)::UInt64 AS bitrate_kbit,
            arraySum(x -> x.2 - x.1, played)::UInt64 AS bitrate_known_ms
        FROM session_intervals
    )
SELECT
    tenant,
    session_key,
    facts.session_id AS session_id,
    fromUnixTimestamp64Milli(first_ms + offset_ms, 'UTC') AS started_at,
    if(is_started, fromUnixTimestamp64Milli(times[first_frame_index] + offset_ms, 'UTC'), NULL) AS first_frame_at,
    fromUnixTimestamp64Milli(last_ms + offset_ms, 'UTC') AS last_seen_at,
    if(is_told_end OR is_silent, fromUnixTimestamp64Milli(end_ms + offset_ms, 'UTC'), NULL) AS ended_at,
    multiIf(
        NOT is_told_end AND NOT is_silent, 'running',
        NOT is_told_end, 'timed_out',
        r[-1] = 6, 'finished',
        r[-1] = 8, if(is_started, 'exited', 'exited_before_start'),
        if(is_started, 'failed', 'failed_before_start'))::LowCardinality(String) AS end_reason,
    if(is_told_end OR is_silent, '', ['preloading', 'starting', 'playing', 'stalled', 'seeking', 'paused', 'in_ad'][e[-1]])::LowCardinality(String) AS current_state,
    is_started::Bool AS is_started,
    offset_ms AS clock_offset_ms,
    if(is_started AND has(arraySlice(e, 1, first_frame_index - 1), 2),
        arraySum((e, t, n, i) -> if(e = 2 AND i < first_frame_index, n - t, 0), e, times, next_times, arrayEnumerate(e))::UInt64,
        NULL) AS startup_ms,
    arraySum((e, t, n, i) -> if(e = 1 AND (NOT is_started OR i < first_frame_index), n - t, 0), e, times, next_times, arrayEnumerate(e))::UInt64 AS preload_ms,
    starting_ms,
    playing_ms,
    stalled_ms,
    seeking_ms,
    paused_ms,
    ad_ms,
    if(is_started, starting_ms + playing_ms + stalled_ms + seeking_ms + ad_ms, 0)::UInt64 AS watch_ms,
    arrayCount(x -> x.1 = 4, joined)::UInt32 AS stall_count,
    arrayCount(x -> x.1 = 5, joined)::UInt32 AS seek_count,
    bitrate_kbit,
    bitrate_known_ms,
    if(bitrate_known_ms = 0, NULL, bitrate_kbit * 1000 / bitrate_known_ms) AS average_bitrate_kbps,
    arrayCount((k, before) -> k > 0 AND before > 0 AND k != before, kbps, arrayPopBack(arrayPushFront(kbps, 0)))::UInt32 AS bitrate_switch_count,
    countEqual(codes, 30)::UInt32 + countEqual(codes, 31)::UInt32 AS error_count,
    countEqual(codes, 31)::UInt32 AS fatal_error_count,
    facts.last_error_code AS last_error_code,
    countEqual(codes, 40)::UInt32 AS ad_break_count,
    countEqual(codes, 42)::UInt32 AS ad_start_count,
    countEqual(codes, 43)::UInt32 AS ad_end_count,
    countEqual(codes, 45)::UInt32 AS ad_skip_count,
    countEqual(codes, 46)::UInt32 AS ad_click_count,
    countEqual(codes, 47)::UInt32 AS ad_error_count,
    countEqual(codes, 48)::UInt32 AS ad_impression_count,
    facts.dropped_frames AS dropped_frames,
    facts.furthest_position_ms AS furthest_position_ms,
    facts.beacons_received AS beacons_received,
    facts.beacons_lost AS beacons_lost,
    facts.content_id AS content_id,
    facts.cdn AS cdn,
    attributes,
    arrayMap(
        x -> (x.1, fromUnixTimestamp64Milli(x.2 + offset_ms, 'UTC'), fromUnixTimestamp64Milli(x.3 + offset_ms, 'UTC')),
        joined)::Array(Tuple(state Enum8('preloading' = 1, 'starting' = 2, 'playing' = 3, 'stalled' = 4, 'seeking' = 5, 'paused' = 6, 'in_ad' = 7), from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC'))) AS intervals,
    arrayMap(
        x -> (fromUnixTimestamp64Milli(x.1 + offset_ms, 'UTC'), fromUnixTimestamp64Milli(x.2 + offset_ms, 'UTC'), x.3),
        played)::Array(Tuple(from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC'), bitrate_kbps UInt32)) AS renditions,
    arrayMap(
        (t, c) -> (fromUnixTimestamp64Milli(t + offset_ms, 'UTC'), c),
        arrayFilter((t, c) -> c BETWEEN 30 AND 48, times, codes),
        arrayFilter(c -> c BETWEEN 30 AND 48, codes))::Array(Tuple(at DateTime64(3, 'UTC'), code UInt8)) AS events,
    marks,
    facts.states_seen AS states_seen,
    pass,
    cityHash64(offset_ms, facts.content_id, facts.cdn, attributes) AS facts_digest
FROM timed AS timed
COMMENT 'Computes a session\'s numbers'
