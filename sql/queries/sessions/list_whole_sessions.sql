-- Purpose: the plays that touch a window, the latest started first, with every column but timelines.
-- Parameters: tenant; from, to: the window; viewer_id, content_id: only of these, or empty; limit: rows; after_started,
--             after_key, after_play: the last play of the page before. In place of ${plays}: which plays; ${filters}:
--             conditions; ${after}: what lies beyond that play.
-- Cost: begin and end of the sessions that touch the window, and whole rows of those shown. Hence the inner query: opening a
--       hundred columns of every session would take ten times as long. Of one viewer: the few stretches of plays that an index
--       says may hold some.
SELECT
    toString(s.session_key) AS session_key,
    s.play_no AS play_no,
    s.session_id AS session_id,
    s.started_at AS started_at,
    s.first_frame_at AS first_frame_at,
    s.last_seen_at AS last_seen_at,
    s.ended_at AS ended_at,
    s.end_reason AS end_reason,
    s.is_business_failure AS is_business_failure,
    s.current_state AS current_state,
    s.is_started AS is_started,
    s.clock_offset_ms AS clock_offset_ms,
    s.startup_ms AS startup_ms,
    s.player_startup_ms AS player_startup_ms,
    s.drm_startup_ms AS drm_startup_ms,
    s.manifest_startup_ms AS manifest_startup_ms,
    s.first_segment_startup_ms AS first_segment_startup_ms,
    s.preload_ms AS preload_ms,
    s.starting_ms AS starting_ms,
    s.playing_ms AS playing_ms,
    s.stalled_ms AS stalled_ms,
    s.seeking_ms AS seeking_ms,
    s.paused_ms AS paused_ms,
    s.ad_ms AS ad_ms,
    s.watch_ms AS watch_ms,
    s.background_ms AS background_ms,
    s.media_ms AS media_ms,
    s.stall_count AS stall_count,
    s.longest_stall_ms AS longest_stall_ms,
    s.seek_count AS seek_count,
    s.bitrate_kbit AS bitrate_kbit,
    s.bitrate_known_ms AS bitrate_known_ms,
    s.average_bitrate_kbps AS average_bitrate_kbps,
    s.top_bitrate_kbps AS top_bitrate_kbps,
    s.bitrate_switch_count AS bitrate_switch_count,
    s.bitrate_upswitch_count AS bitrate_upswitch_count,
    s.top_height AS top_height,
    s.average_height AS average_height,
    s.error_count AS error_count,
    s.fatal_error_count AS fatal_error_count,
    s.last_error_code AS last_error_code,
    s.ad_break_count AS ad_break_count,
    s.ad_start_count AS ad_start_count,
    s.ad_first_quartile_count AS ad_first_quartile_count,
    s.ad_midpoint_count AS ad_midpoint_count,
    s.ad_third_quartile_count AS ad_third_quartile_count,
    s.ad_end_count AS ad_end_count,
    s.ad_skip_count AS ad_skip_count,
    s.ad_click_count AS ad_click_count,
    s.ad_error_count AS ad_error_count,
    s.ad_impression_count AS ad_impression_count,
    s.dropped_frames AS dropped_frames,
    s.first_position_ms AS first_position_ms,
    s.last_position_ms AS last_position_ms,
    s.furthest_position_ms AS furthest_position_ms,
    s.quartile AS quartile,
    s.beacons_received AS beacons_received,
    s.beacons_sent AS beacons_sent,
    s.beacons_lost AS beacons_lost,
    s.beacons_duplicated AS beacons_duplicated,
    s.counter_resets AS counter_resets,
    s.cdn_switch_count AS cdn_switch_count,
    s.repaired_ms AS repaired_ms,
    s.is_repaired AS is_repaired,
    s.content_id AS content_id,
    s.cdn AS cdn,
    s.experiments AS experiments,
    s.content_title AS content_title,
    s.content_series AS content_series,
    s.content_season AS content_season,
    s.content_episode AS content_episode,
    s.content_channel AS content_channel,
    s.content_programme AS content_programme,
    s.visit_id AS visit_id,
    s.viewer_id AS viewer_id,
    s.account_id AS account_id,
    s.profile_id AS profile_id,
    s.device_id AS device_id,
    s.device_class AS device_class,
    s.device_model AS device_model,
    s.os_name AS os_name,
    s.os_version AS os_version,
    s.app_version AS app_version,
    s.player_name AS player_name,
    s.player_version AS player_version,
    s.stream_type AS stream_type,
    s.content_duration_ms AS content_duration_ms,
    s.audio_language AS audio_language,
    s.subtitle_language AS subtitle_language,
    s.isp AS isp,
    s.asn AS asn,
    s.country AS country,
    s.region AS region,
    s.connection_type AS connection_type,
    s.connection_quality AS connection_quality,
    s.sdk_version AS sdk_version,
    s.source AS source,
    s.version AS version
FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE (s.session_key, s.play_no) GLOBAL IN
(
    SELECT s.session_key, s.play_no
    FROM ${plays}_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
    WHERE ({viewer_id:String} = '' OR s.viewer_id = {viewer_id:String})
      AND ({content_id:String} = '' OR s.content_id = {content_id:String})
      AND ${filters}
      AND (${after})
    ORDER BY s.started_at DESC, toString(s.session_key), s.play_no
    LIMIT {limit:UInt32}
    SETTINGS use_skip_indexes = 1
)
ORDER BY started_at DESC, session_key, play_no
LIMIT {limit:UInt32}
-- Single plays are found by the key; with FINAL the skip indexes would only widen that. They are few and wide: without the two
-- bounds a single thread would read them.
SETTINGS use_skip_indexes = 0, merge_tree_min_rows_for_concurrent_read = 8192, merge_tree_min_bytes_for_concurrent_read = 1000000
