-- The former rows of a session and the minutes they were cut into are looked up by its key alone, as V0168 does with its states;
-- the joins ask for the tenant. Nothing else differs from V0154.
-- Cost: a fourth of V0154's for sessions here or there.
-- Undo: ALTER TABLE session_rows_to_sessions_mv_v1 MODIFY QUERY with the query of V0154
ALTER TABLE session_rows_to_sessions_mv_v1 MODIFY QUERY
WITH
    -- What is older was looked at by sessions_sweep_pass, and by a pass that came two minutes after the latest beacon.
    (
        SELECT least(if(count() = 3, min(newest), toDateTime64(0, 3, 'UTC')), now64(3) - INTERVAL 5 MINUTE)
        FROM (SELECT pass, max(version) AS newest FROM pass_runs WHERE startsWith(pass, 'sessions_sweep_') GROUP BY pass)
    ) AS swept,
    -- A timeline that only goes on changes no minute before the point from which it goes on; one that now ends earlier, because
    -- what came late began another play, none before its end.
    -- No list of minutes is longer than two weeks: a clock that jumps within a session must not fill the memory.
    toUInt32(toStartOfMinute(n.started_at)) AS n_start,
    toUInt32(toStartOfMinute(greatest(n.last_seen_at, ifNull(n.ended_at, n.last_seen_at)))) AS n_end,
    toUInt32(toStartOfMinute(least(n.last_seen_at, ifNull(n.ended_at, n.last_seen_at)))) AS n_last,
    toUInt32(toStartOfMinute(p.started_at)) AS p_start,
    toUInt32(toStartOfMinute(greatest(p.last_seen_at, ifNull(p.ended_at, p.last_seen_at)))) AS p_end,
    p.version != 0 AND (
        p.facts_digest != n.facts_digest
        OR p.started_at != n.started_at
        OR p.marks_digest != cityHash64(arrayFilter(m -> m <= p.last_mark, n.marks))) AS is_moved,
    arrayFirst(m -> m > p.last_mark, n.marks).1 AS next_mark_ms,
    multiIf(
        p.version = 0 OR is_moved, n_start,
        next_mark_ms = 0, least(n_last, toUInt32(toStartOfMinute(p.last_seen_at))),
        least(n_last, toUInt32(toStartOfMinute(p.last_seen_at)),
            toUInt32(toStartOfMinute(fromUnixTimestamp64Milli(next_mark_ms + n.clock_offset_ms, 'UTC'))))) AS changed_from
SELECT
    n.tenant AS tenant,
    n.session_key AS session_key,
    n.play_no AS play_no,
    n.session_id AS session_id,
    n.started_at AS started_at,
    n.first_frame_at AS first_frame_at,
    n.last_seen_at AS last_seen_at,
    n.ended_at AS ended_at,
    n.end_reason AS end_reason,
    n.is_business_failure AS is_business_failure,
    n.current_state AS current_state,
    n.is_started AS is_started,
    n.clock_offset_ms AS clock_offset_ms,
    n.startup_ms AS startup_ms,
    n.player_startup_ms AS player_startup_ms,
    n.drm_startup_ms AS drm_startup_ms,
    n.manifest_startup_ms AS manifest_startup_ms,
    n.first_segment_startup_ms AS first_segment_startup_ms,
    n.preload_ms AS preload_ms,
    n.starting_ms AS starting_ms,
    n.playing_ms AS playing_ms,
    n.stalled_ms AS stalled_ms,
    n.seeking_ms AS seeking_ms,
    n.paused_ms AS paused_ms,
    n.ad_ms AS ad_ms,
    n.watch_ms AS watch_ms,
    n.background_ms AS background_ms,
    n.media_ms AS media_ms,
    n.stall_count AS stall_count,
    n.longest_stall_ms AS longest_stall_ms,
    n.seek_count AS seek_count,
    n.bitrate_kbit AS bitrate_kbit,
    n.bitrate_known_ms AS bitrate_known_ms,
    n.average_bitrate_kbps AS average_bitrate_kbps,
    n.top_bitrate_kbps AS top_bitrate_kbps,
    n.bitrate_switch_count AS bitrate_switch_count,
    n.bitrate_upswitch_count AS bitrate_upswitch_count,
    n.top_height AS top_height,
    n.average_height AS average_height,
    n.error_count AS error_count,
    n.fatal_error_count AS fatal_error_count,
    n.last_error_code AS last_error_code,
    n.ad_break_count AS ad_break_count,
    n.ad_start_count AS ad_start_count,
    n.ad_first_quartile_count AS ad_first_quartile_count,
    n.ad_midpoint_count AS ad_midpoint_count,
    n.ad_third_quartile_count AS ad_third_quartile_count,
    n.ad_end_count AS ad_end_count,
    n.ad_skip_count AS ad_skip_count,
    n.ad_click_count AS ad_click_count,
    n.ad_error_count AS ad_error_count,
    n.ad_impression_count AS ad_impression_count,
    n.dropped_frames AS dropped_frames,
    n.first_position_ms AS first_position_ms,
    n.last_position_ms AS last_position_ms,
    n.furthest_position_ms AS furthest_position_ms,
    n.quartile AS quartile,
    n.beacons_received AS beacons_received,
    n.beacons_lost AS beacons_lost,
    n.beacons_duplicated AS beacons_duplicated,
    n.counter_resets AS counter_resets,
    n.cdn_switch_count AS cdn_switch_count,
    n.repaired_ms AS repaired_ms,
    n.is_repaired AS is_repaired,
    n.content_id AS content_id,
    n.cdn AS cdn,
    n.experiments AS experiments,
    n.write_key AS write_key,
    n.attributes AS attributes,
    n.intervals AS intervals,
    n.renditions AS renditions,
    n.watched AS watched,
    n.events AS events,
    n.marks[-1] AS last_mark,
    cityHash64(n.marks) AS marks_digest,
    n.facts_digest AS facts_digest,
    arrayDistinct(arrayConcat(
        range(changed_from, least(greatest(n_end, if(is_moved, n_end, p_end)) + 60, changed_from + 1209600), 60)::Array(DateTime('UTC')),
        if(is_moved, range(p_start, least(p_end + 60, p_start + 1209600), 60), [])::Array(DateTime('UTC')),
        -- What the former row wanted cut and a dying server left out; this row takes its place, so no sweep would find it.
        if(p.version > swept AND NOT has(c.cuts.1, p.version), p.dirty_minutes, []),
        -- What was cut from a row that a dying server left out, or that another pass made at the same time from older states.
        arrayFilter((minute, version) -> version != p.version AND NOT has(p.former_versions, version), c.cuts.2, c.cuts.1),
        -- What its delivery came to is told where it ended, and any beacon changes it.
        arrayMap(x -> toStartOfMinute(x), arrayFilter(x -> x > 0, [ifNull(n.ended_at, toDateTime64(0, 3, 'UTC')), ifNull(p.ended_at, toDateTime64(0, 3, 'UTC'))]))::Array(DateTime('UTC')))) AS dirty_minutes,
    arrayFilter(version -> version > swept, arrayPushBack(p.former_versions, p.version)) AS former_versions,
    n.states_seen AS states_seen,
    n.marks_seen AS marks_seen,
    n.pass AS pass,
    now64(3) AS version
FROM session_rows AS n
LEFT JOIN
(
    SELECT tenant, session_key, play_no, started_at, last_seen_at, ended_at, last_mark, marks_digest, facts_digest, dirty_minutes, former_versions, version
    FROM sessions FINAL
    WHERE session_key IN (SELECT session_key FROM session_rows)
      -- No former row is older than the oldest beacon that is taken.
      AND version > now64(3) - INTERVAL ${frozen_after_hours} HOUR - INTERVAL 1 DAY
) AS p ON n.tenant = p.tenant AND n.session_key = p.session_key AND n.play_no = p.play_no
LEFT JOIN
(
    SELECT tenant, session_key, play_no, groupUniqArray((version, minute)) AS cuts
    FROM session_minutes
    WHERE version > swept AND session_key IN (SELECT session_key FROM session_rows)
    GROUP BY tenant, session_key, play_no
) AS c ON n.tenant = c.tenant AND n.session_key = c.session_key AND n.play_no = c.play_no
