-- Stores the marks among a block's beacons (docs/sessions.md 3). Total: no expression here can throw.
-- Event numbers are those of the .proto: 1 play_state, 3 bitrate_change, 4 playback_rate_change, 5 content_change, 6 error,
-- 11 background_change, 13 host_change, 15 session_end, 16 to 24 the ad events.
-- Cost: the marks alone; `details` is opened for some of them.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_session_marks_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_session_marks_mv_v1 TO session_marks AS
SELECT
    tenant,
    session_key,
    client_time_ms AS t_ms,
    seq,
    multiIf(
        event = 1, state,
        event = 3, 20,
        event = 4, 21,
        event = 5, 60,
        event = 6, multiIf(JSONExtractString(b.details, 'error', 'fatal') != 'true', 30, JSONExtractString(b.details, 'error', 'business') = 'true', 32, 31),
        event = 11, if(JSONExtractBool(b.details, 'background'), 61, 62),
        event = 13, 63,
        event = 15, 50,
        event + 24)::UInt8 AS code,
    stream,
    NOT (is_test OR is_bot) AS is_published,
    multiIf(
        code <= 20, ifNull(bitrate_kbps, 0),
        code = 21, toUInt32(least(greatest(round(JSONExtractFloat(b.details, 'playback_rate') * 1000), 0), 4000000000)),
        code = 44, toUInt32OrZero(JSONExtractString(b.details, 'ad', 'quartile')),
        code = 50, exit_reason,
        0)::UInt32 AS value,
    ifNull(greatest(b.position_ms, -1), -1) AS position_ms,
    if(code <= 20 AND b.details != '', toUInt16(least(JSONExtractUInt(b.details, 'height'), 65535)), 0) AS height,
    cdn,
    content_id,
    if(code BETWEEN 30 AND 48, b.details, '') AS details,
    now64(3) AS seen
FROM beacons_in AS b
WHERE (event = 1 AND state BETWEEN 1 AND 10) OR event IN (3, 4, 5, 6, 11, 13, 15) OR event BETWEEN 16 AND 24
COMMENT 'Stores marks'
