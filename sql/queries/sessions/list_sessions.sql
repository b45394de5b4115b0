-- Purpose: what a list shows of the plays that touch a window, the latest started first.
-- Parameters: tenant; from, to: the window; viewer_id, content_id: only of these, or empty; limit: rows; after_started,
--             after_key, after_play: the last play of the page before. In place of ${plays}: which plays; ${filters}:
--             conditions; ${after}: what lies beyond that play.
-- Cost: begin and end of the sessions that touch the window, and 26 columns of those shown, each of which opens a stretch of its
--       own for nearly every play: all hundred (list_whole_sessions.sql) cost four times as much. Hence the inner query as well.
--       Of one viewer: the few stretches of plays that an index says may hold some.
SELECT
    toString(s.session_key) AS session_key,
    s.play_no AS play_no,
    s.session_id AS session_id,
    s.started_at AS started_at,
    s.first_frame_at AS first_frame_at,
    s.last_seen_at AS last_seen_at,
    s.ended_at AS ended_at,
    s.end_reason AS end_reason,
    s.current_state AS current_state,
    s.startup_ms AS startup_ms,
    s.playing_ms AS playing_ms,
    s.stalled_ms AS stalled_ms,
    s.watch_ms AS watch_ms,
    s.stall_count AS stall_count,
    s.average_bitrate_kbps AS average_bitrate_kbps,
    s.error_count AS error_count,
    s.fatal_error_count AS fatal_error_count,
    s.last_error_code AS last_error_code,
    s.content_id AS content_id,
    s.cdn AS cdn,
    s.content_title AS content_title,
    s.viewer_id AS viewer_id,
    s.device_class AS device_class,
    s.os_name AS os_name,
    s.app_version AS app_version,
    s.country AS country
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
