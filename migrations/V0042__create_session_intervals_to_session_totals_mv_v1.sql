-- Eighth step of docs/sessions.md in SQL (6, 7): a play's times and counts, and what its client's totals repair.
-- Cost: linear in intervals.
-- Undo: DROP VIEW IF EXISTS session_intervals_to_session_totals_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_intervals_to_session_totals_mv_v1 TO session_totals AS
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
    first_ms,
    last_ms,
    offset_ms,
    end_ms,
    is_silent,
    is_left,
    marks,
    kbps,
    cdns,
    r,
    last_e,
    first_frame_index,
    startup_ms,
    preload_ms,
    is_told_end,
    is_business,
    stretches,
    joined,
    codes,
    is_started,
    played,
    starting_ms,
    (told_playing_ms - least(told_playing_ms, repaired_ms))::UInt64 AS playing_ms,
    stalled_ms,
    seeking_ms,
    paused_ms,
    ad_ms,
    stall_count,
    seek_count,
    bitrate_kbit,
    bitrate_known_ms,
    height_known_ms,
    error_count,
    repaired_ms,
    repaired_ms > 0 OR stall_count > told_stall_count OR seek_count > told_seek_count OR error_count > told_error_count AS is_repaired,
    facts,
    attributes,
    pass
FROM repaired AS repaired
COMMENT 'Sums up plays, and repairs the sums'
