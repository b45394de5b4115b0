-- What metrics and lists ask of the sessions of one tenant that touch a window: the columns of sessions_t that they need.
-- Why beside it: planning a hundred columns takes longer than reading these. A formula that needs a further column adds it here.
-- Cost: the columns asked for, of the sessions of the days.
-- Undo: DROP VIEW IF EXISTS session_facts_t
CREATE VIEW IF NOT EXISTS session_facts_t AS
SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.play_no AS play_no,
    s.started_at AS started_at,
    s.first_frame_at AS first_frame_at,
    s.last_seen_at AS last_seen_at,
    s.ended_at AS ended_at,
    s.end_reason AS end_reason,
    s.is_business_failure AS is_business_failure,
    s.is_started AS is_started,
    s.startup_ms AS startup_ms,
    s.preload_ms AS preload_ms,
    s.playing_ms AS playing_ms,
    s.stalled_ms AS stalled_ms,
    s.watch_ms AS watch_ms,
    s.stall_count AS stall_count,
    s.bitrate_switch_count AS bitrate_switch_count,
    s.quartile AS quartile,
    s.beacons_received AS beacons_received,
    s.beacons_lost AS beacons_lost,
    s.beacons_duplicated AS beacons_duplicated,
    s.content_id AS content_id,
    s.attributes.content.title AS content_title,
    s.attributes.viewer_id AS viewer_id,
    s.version AS version
FROM sessions${all} AS s FINAL
WHERE s.tenant = {tenant:String}
  AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
  AND s.started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
COMMENT 'What metrics need of the sessions of a tenant that touch a window; parameters tenant, from_time, to_time'
