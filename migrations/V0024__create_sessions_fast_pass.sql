-- Every two seconds: computes the sessions whose timeline may have changed since this pass last wrote.
-- Why an overlap of 10 s below the watermark: views of one Kafka block become visible at different moments.
-- A mark that becomes visible later still is taken by the slow pass, which looks at every mark a second time.
-- Expressions are not merged because merging them takes a quarter of the planning time, which is most of an idle pass.
-- Cost: 0.25 s of CPU for planning; beyond that, proportional to the sessions with transitions in the last seconds.
-- Undo: DROP VIEW IF EXISTS sessions_fast_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_fast_pass
REFRESH EVERY 2 SECOND APPEND TO sessions AS
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'sessions_fast') AS watermark,
    due AS
    (
        SELECT DISTINCT tenant, session_key
        FROM dirty_sessions
        WHERE has_mark AND seen > watermark - INTERVAL 10 SECOND
    )
SELECT
    n.tenant AS tenant,
    n.session_key AS session_key,
    n.session_id AS session_id,
    n.started_at AS started_at,
    n.first_frame_at AS first_frame_at,
    n.last_seen_at AS last_seen_at,
    n.ended_at AS ended_at,
    n.end_reason AS end_reason,
    n.is_started AS is_started,
    n.clock_offset_ms AS clock_offset_ms,
    n.startup_ms AS startup_ms,
    n.preload_ms AS preload_ms,
    n.starting_ms AS starting_ms,
    n.playing_ms AS playing_ms,
    n.stalled_ms AS stalled_ms,
    n.seeking_ms AS seeking_ms,
    n.paused_ms AS paused_ms,
    n.ad_ms AS ad_ms,
    n.watch_ms AS watch_ms,
    n.stall_count AS stall_count,
    n.seek_count AS seek_count,
    n.bitrate_kbit AS bitrate_kbit,
    n.bitrate_known_ms AS bitrate_known_ms,
    n.average_bitrate_kbps AS average_bitrate_kbps,
    n.bitrate_switch_count AS bitrate_switch_count,
    n.error_count AS error_count,
    n.fatal_error_count AS fatal_error_count,
    n.last_error_code AS last_error_code,
    n.ad_break_count AS ad_break_count,
    n.ad_start_count AS ad_start_count,
    n.ad_end_count AS ad_end_count,
    n.ad_skip_count AS ad_skip_count,
    n.ad_click_count AS ad_click_count,
    n.ad_error_count AS ad_error_count,
    n.ad_impression_count AS ad_impression_count,
    n.dropped_frames AS dropped_frames,
    n.furthest_position_ms AS furthest_position_ms,
    n.beacons_received AS beacons_received,
    n.beacons_lost AS beacons_lost,
    n.content_id AS content_id,
    n.content_title AS content_title,
    n.content_series AS content_series,
    n.content_season AS content_season,
    n.content_episode AS content_episode,
    n.content_channel AS content_channel,
    n.content_programme AS content_programme,
    n.cdn AS cdn,
    n.visit_id AS visit_id,
    n.viewer_id AS viewer_id,
    n.account_id AS account_id,
    n.profile_id AS profile_id,
    n.device_id AS device_id,
    n.device_class AS device_class,
    n.device_model AS device_model,
    n.os_name AS os_name,
    n.os_version AS os_version,
    n.app_version AS app_version,
    n.player_name AS player_name,
    n.player_version AS player_version,
    n.stream_type AS stream_type,
    n.content_duration_ms AS content_duration_ms,
    n.audio_language AS audio_language,
    n.subtitle_language AS subtitle_language,
    n.isp AS isp,
    n.asn AS asn,
    n.country AS country,
    n.region AS region,
    n.connection_type AS connection_type,
    n.connection_quality AS connection_quality,
    n.sdk_version AS sdk_version,
    n.source AS source,
    n.intervals AS intervals,
    n.renditions AS renditions,
    n.events AS events,
    'fast' AS pass,
    toStartOfMinute(least(n.started_at, if(p.version > 0, p.started_at, n.started_at)))::DateTime('UTC') AS dirty_from,
    toStartOfMinute(greatest(
        ifNull(n.ended_at, n.last_seen_at), n.last_seen_at,
        ifNull(p.ended_at, p.last_seen_at), p.last_seen_at))::DateTime('UTC') AS dirty_to,
    now64(3) AS version
FROM (SELECT * FROM session_rows WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM due)) AS n
LEFT JOIN
(
    SELECT tenant, session_key, started_at, last_seen_at, ended_at, version
    FROM sessions FINAL
    WHERE (tenant, session_key) IN (SELECT tenant, session_key FROM due)
) AS p ON n.tenant = p.tenant AND n.session_key = p.session_key
WHERE 1
SETTINGS query_plan_merge_expressions = 0
COMMENT 'Computes sessions whose timeline changed, every two seconds'
