-- Stores every beacon. Total: no expression here can throw.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_beacons_raw_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_beacons_raw_mv_v1 TO beacons_raw AS
SELECT
    tenant,
    session_key,
    stream,
    seq,
    seq_is_ordinal,
    event,
    state,
    client_time_ms,
    toUInt64(4611686018427387904 - (received_time_ms - client_time_ms)) AS copy_rank,
    sent_time_ms - client_time_ms AS sent_delay_ms,
    event_time_ms - client_time_ms AS event_offset_ms,
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
FROM beacons_in AS b
COMMENT 'Stores every beacon'
