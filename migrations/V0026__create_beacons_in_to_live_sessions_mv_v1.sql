-- Keeps the latest state of every session (docs/sessions.md 10).
-- Undo: DROP VIEW IF EXISTS beacons_in_to_live_sessions_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_live_sessions_mv_v1 TO live_sessions AS
SELECT
    tenant,
    session_key,
    max(session_id) AS session_id,
    max((client_time_ms, seq, state, ifNull(in_ad, false), event_time_ms, position_ms, bitrate_kbps, buffer_ms, content_id::String)) AS latest,
    groupUniqArrayIf(beacons_in.attributes, beacons_in.attributes != '') AS attributes,
    max(toDateTime(fromUnixTimestamp64Milli(received_time_ms, 'UTC'))) AS received_at
FROM beacons_in
WHERE state BETWEEN 1 AND 10 AND NOT is_test AND NOT is_bot
GROUP BY tenant, session_key
COMMENT 'Keeps the latest state of every session'
