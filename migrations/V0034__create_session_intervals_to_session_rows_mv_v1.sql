-- Fifth step of docs/sessions.md in SQL (6, 7): a play's numbers, and what its client's totals repair.
-- Cost: linear in intervals.
-- Undo: DROP VIEW IF EXISTS session_intervals_to_session_rows_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_intervals_to_session_rows_mv_v1 TO session_rows AS
WITH
    timed AS
    (
        SELECT
            *,
            marks.code AS codes,
            first_frame_index > 0 AS is_started,
            arrayFilter(x -> x.e = 3, stretches) AS played,
            arraySum(x -> if(x.1 = 2, x.3 - x.2, 0), joined)::UInt64 AS starting_ms,
            arraySum(x -> if(x.1 = 3, x.3 - x.2, 0), joined)::UInt64 AS told_playing_ms,
            arraySum(x -> if(x.1 = 4, x.3 - x.2, 0), joined)::UInt64 AS told_stalled_ms,
            arraySum(x -> if(x.1 = 5, x.3 - x.2, 0), joined)::UInt64 AS told_seeking_ms,
            arraySum(x -> if(x.1 = 6, x.3 - x.2, 0), joined)::UInt64 AS told_paused_ms,
            arraySum(x -> if(x.1 = 7, x.3 - x.2, 0), joined)::UInt64 AS told_ad_ms,
            arrayCount(x -> x.1 = 4, joined)::UInt32 AS told_stall_count,
            arrayCount(x -> x.1 = 5, joined)::UInt32 AS told_seek_count,
            arrayCount(x -> x BETWEEN 30 AND 32, codes)::UInt32 AS told_error_count,
            intDiv(arraySum(x -> (x.to - x.from) * x.kbps, played), 1000)::UInt64 AS bitrate_kbit,
            arraySum(x -> if(x.kbps > 0, x.to - x.from, 0), played)::UInt64 AS bitrate_known_ms,
            arraySum(x -> if(x.height > 0, x.to - x.from, 0), played)::UInt64 AS height_known_ms,
            -- The client's totals count only where beacons were lost.
            if(facts.is_only_play AND facts.beacons_lost > 0, facts.greatest, map())::Map(UInt8, UInt64) AS totals
        FROM session_intervals
    ),
    repaired AS
    (
        SELECT
            *,
            greatest(told_stalled_ms, totals[11]) AS stalled_ms,
            greatest(told_paused_ms, totals[12]) AS paused_ms,
            greatest(told_seeking_ms, totals[13]) AS seeking_ms,
            greatest(told_ad_ms, totals[14]) AS ad_ms,
            greatest(told_stall_count, toUInt32(least(totals[15], 4294967295))) AS stall_count,
            greatest(told_seek_count, toUInt32(least(totals[16], 4294967295))) AS seek_count,
            greatest(told_error_count, toUInt32(least(totals[17], 4294967295))) AS error_count,
            (stalled_ms - told_stalled_ms + paused_ms - told_paused_ms + seeking_ms - told_seeking_ms + ad_ms - told_ad_ms)::UInt64 AS repaired_ms
        FROM timed
    )
SELECT
    tenant,
    session_key,
    facts.play_no AS play_no,
    facts.session_id AS session_id,
    fromUnixTimestamp64Milli(first_ms + offset_ms, 'UTC') AS started_at,
    if(is_started, fromUnixTimestamp64Milli(marks[first_frame_index].1 + offset_ms, 'UTC'), NULL) AS first_frame_at,
    fromUnixTimestamp64Milli(last_ms + offset_ms, 'UTC') AS last_seen_at,
    if(is_told_end OR is_left OR is_silent, fromUnixTimestamp64Milli(end_ms + offset_ms, 'UTC'), NULL) AS ended_at,
    multiIf(
        is_told_end AND r[-1] = 6, 'finished',
        is_told_end AND r[-1] = 7, if(is_started, 'failed', 'failed_before_start'),
        is_told_end OR is_left, if(is_started, 'exited', 'exited_before_start'),
        is_silent, 'timed_out',
        'running')::LowCardinality(String) AS end_reason,
    is_business AS is_business_failure,
    if(is_told_end OR is_left OR is_silent, '', ['preloading', 'starting', 'playing', 'stalled', 'seeking', 'paused', 'in_ad'][last_e])::LowCardinality(String) AS current_state,
    is_started::Bool AS is_started,
    offset_ms AS clock_offset_ms,
    startup_ms,
    if(mapContains(facts.greatest, 1), facts.greatest[1], NULL) AS player_startup_ms,
    if(mapContains(facts.greatest, 2), facts.greatest[2], NULL) AS drm_startup_ms,
    if(mapContains(facts.greatest, 3), facts.greatest[3], NULL) AS manifest_startup_ms,
    if(mapContains(facts.greatest, 4), facts.greatest[4], NULL) AS first_segment_startup_ms,
    preload_ms,
    starting_ms,
    (told_playing_ms - least(told_playing_ms, repaired_ms))::UInt64 AS playing_ms,
    stalled_ms,
    seeking_ms,
    paused_ms,
    ad_ms,
    if(is_started, starting_ms + playing_ms + stalled_ms + seeking_ms + ad_ms, 0)::UInt64 AS watch_ms,
    arraySum(x -> if(x.is_background AND x.e != 1, x.to - x.from, 0), stretches)::UInt64 AS background_ms,
    intDiv(arraySum(x -> (x.to - x.from) * x.rate, played), 1000)::UInt64 AS media_ms,
    stall_count,
    arrayMax(x -> if(x.1 = 4, x.3 - x.2, 0), arrayPushBack(joined, (0, 0, 0)))::UInt64 AS longest_stall_ms,
    seek_count,
    bitrate_kbit,
    bitrate_known_ms,
    if(bitrate_known_ms = 0, NULL, bitrate_kbit * 1000 / bitrate_known_ms) AS average_bitrate_kbps,
    nullIf(arrayMax(arrayPushBack(played.kbps, 0)), 0) AS top_bitrate_kbps,
    arrayCount((k, before) -> k > 0 AND before > 0 AND k != before, kbps, arrayPopBack(arrayPushFront(kbps, 0)))::UInt32 AS bitrate_switch_count,
    arrayCount((k, before) -> before > 0 AND k > before, kbps, arrayPopBack(arrayPushFront(kbps, 0)))::UInt32 AS bitrate_upswitch_count,
    nullIf(arrayMax(arrayPushBack(played.height, 0)), 0) AS top_height,
    if(height_known_ms = 0, NULL, arraySum(x -> (x.to - x.from) * x.height, played) / height_known_ms) AS average_height,
    error_count,
    (countEqual(codes, 31) + countEqual(codes, 32))::UInt32 AS fatal_error_count,
    JSONExtractString(arrayLast(m -> m.3 BETWEEN 30 AND 32, marks).details, 'error', 'code') AS last_error_code,
    countEqual(codes, 40)::UInt32 AS ad_break_count,
    countEqual(codes, 42)::UInt32 AS ad_start_count,
    arrayCount(m -> m.3 = 44 AND m.4 = 25, marks)::UInt32 AS ad_first_quartile_count,
    arrayCount(m -> m.3 = 44 AND m.4 = 50, marks)::UInt32 AS ad_midpoint_count,
    arrayCount(m -> m.3 = 44 AND m.4 = 75, marks)::UInt32 AS ad_third_quartile_count,
    countEqual(codes, 43)::UInt32 AS ad_end_count,
    countEqual(codes, 45)::UInt32 AS ad_skip_count,
    countEqual(codes, 46)::UInt32 AS ad_click_count,
    countEqual(codes, 47)::UInt32 AS ad_error_count,
    countEqual(codes, 48)::UInt32 AS ad_impression_count,
    facts.dropped_frames AS dropped_frames,
    if(is_started AND marks[first_frame_index].5 >= 0, marks[first_frame_index].5, NULL) AS first_position_ms,
    facts.last_position_ms AS last_position_ms,
    facts.furthest_position_ms AS furthest_position_ms,
    multiIf(
        is_told_end AND r[-1] = 6, 4,
        ifNull(attributes.content_duration_ms, 0) > 0 AND facts.furthest_position_ms IS NOT NULL,
        least(4, intDiv(4 * greatest(assumeNotNull(facts.furthest_position_ms), 0), greatest(ifNull(attributes.content_duration_ms, 0), 1))),
        NULL)::Nullable(UInt8) AS quartile,
    facts.beacons_received AS beacons_received,
    facts.beacons_lost AS beacons_lost,
    facts.beacons_duplicated AS beacons_duplicated,
    facts.counter_resets AS counter_resets,
    arrayCount((k, before) -> k > 0 AND before > 0 AND k != before, cdns, arrayPopBack(arrayPushFront(cdns, 0)))::UInt32 AS cdn_switch_count,
    repaired_ms,
    repaired_ms > 0 OR stall_count > told_stall_count OR seek_count > told_seek_count OR error_count > told_error_count AS is_repaired,
    facts.content_id AS content_id,
    facts.cdn AS cdn,
    facts.experiments AS experiments,
    attributes,
    arrayMap(
        x -> (x.1, fromUnixTimestamp64Milli(x.2 + offset_ms, 'UTC'), fromUnixTimestamp64Milli(x.3 + offset_ms, 'UTC')),
        joined)::Array(Tuple(state Enum8('preloading' = 1, 'starting' = 2, 'playing' = 3, 'stalled' = 4, 'seeking' = 5, 'paused' = 6, 'in_ad' = 7), from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC'))) AS intervals,
    arrayMap(
        x -> (fromUnixTimestamp64Milli(x.from + offset_ms, 'UTC'), fromUnixTimestamp64Milli(x.to + offset_ms, 'UTC'), x.kbps),
        arrayFilter(x -> x.kbps > 0, played))::Array(Tuple(from DateTime64(3, 'UTC'), to DateTime64(3, 'UTC'), bitrate_kbps UInt32)) AS renditions,
    arrayMap(
        x -> (x.position_ms, x.position_ms + intDiv((x.to - x.from) * x.rate, 1000)),
        arrayFilter(x -> x.position_ms >= 0, played))::Array(Tuple(from_ms Int64, to_ms Int64)) AS watched,
    arrayMap(
        m -> (
            fromUnixTimestamp64Milli(m.1 + offset_ms, 'UTC'),
            m.3,
            if(m.3 = 44, m.4, 0),
            if(m.3 < 40, JSONExtractString(m.details, 'error', 'code'), JSONExtractString(m.details, 'ad', 'error_code')),
            JSONExtractString(m.details, 'ad', 'ad_id'),
            JSONExtractString(m.details, 'ad', 'break_id')),
        arrayFilter(m -> m.3 BETWEEN 30 AND 48, marks))::Array(Tuple(at DateTime64(3, 'UTC'), code UInt8, quartile UInt8, error_code String, ad_id String, break_id String)) AS events,
    marks,
    cityHash64(offset_ms, facts.content_id, facts.cdn, facts.experiments, attributes) AS facts_digest,
    facts.states_seen AS states_seen,
    pass
FROM repaired AS repaired
COMMENT 'Computes a play\'s numbers'
