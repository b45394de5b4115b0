-- Purpose: what one viewer's plays in a window add up to.
-- Parameters: tenant; from, to: the window; viewer_id: the viewer.
-- Cost: the stretches of plays that an index says may hold some of the viewer's.
SELECT
    count() AS plays,
    countIf(s.is_started) AS started_plays,
    countIf(s.end_reason IN ('failed', 'failed_before_start')) AS failures,
    sum(s.playing_ms) AS playing_ms,
    sum(s.stalled_ms) AS stalled_ms,
    sum(s.watch_ms) AS watch_ms,
    sum(s.stall_count) AS stall_count,
    sum(s.beacons_received) AS beacons_received,
    sum(s.beacons_lost) AS beacons_lost,
    if(plays = 0, NULL, min(s.started_at)) AS first_seen_at,
    if(plays = 0, NULL, max(s.last_seen_at)) AS last_seen_at,
    arraySort(groupUniqArray(100)(toString(s.content_id))) AS content_ids
FROM session_facts_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')}) AS s
WHERE s.viewer_id = {viewer_id:String}
SETTINGS use_skip_indexes = 1
