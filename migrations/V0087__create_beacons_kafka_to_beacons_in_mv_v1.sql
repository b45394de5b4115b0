-- Opens the tap: from here on beacons flow. Everything that a beacon feeds was created before.
-- Undo: DROP VIEW IF EXISTS beacons_kafka_to_beacons_in_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_kafka_to_beacons_in_mv_v1 TO beacons_in AS
SELECT
    tenant,
    session_id,
    session_key,
    stream,
    seq,
    seq_is_ordinal,
    event,
    state,
    client_time_ms,
    sent_time_ms,
    received_time_ms,
    event_time_ms,
    content_id,
    cdn,
    position_ms,
    bitrate_kbps,
    buffer_ms,
    throughput_kbps,
    dropped_frames,
    in_ad,
    exit_reason,
    is_test,
    is_bot,
    attributes,
    details
FROM beacons_kafka
WHERE length(_error) = 0
COMMENT 'The tap: every parsed beacon goes to beacons_in'
