-- What every session of the last two days is doing now, or did last.
-- Why GROUP BY and not FINAL: a session has a row for each of its streams and titles.
-- Why last_seen_at is of any beacon: a client that tells its state only when it changes is there as long as it sends. It is
-- the greatest client time, put right by as much as the gateway put right the beacon that told the state.
-- Cost: the sessions of two days; 3 million take about half a second.
-- Undo: DROP VIEW IF EXISTS live_viewers_v
CREATE VIEW IF NOT EXISTS live_viewers_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id',
    viewer_id String COMMENT 'Person or household watching, empty = not told; beacon field viewer_id',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown; beacon field device_class',
    country String COMMENT 'Country, empty = unknown; beacon field country',
    content_id String COMMENT 'Title, empty = not told; beacon field content_id',
    state LowCardinality(String) COMMENT 'The play state last told; beacon field state',
    in_ad Bool COMMENT 'Inside an ad break; beacon field in_ad',
    status LowCardinality(String) COMMENT 'finished, gone, paused, in_ad, starting, buffering or watching (docs/sessions.md 10)',
    position_ms Nullable(Int64) COMMENT 'Playhead; ms; beacon field position_ms',
    bitrate_kbps Nullable(UInt32) COMMENT 'Bitrate; kbit/s; beacon field bitrate_kbps',
    buffer_ms Nullable(UInt32) COMMENT 'Media ahead of the playhead; ms; beacon field buffer_ms',
    last_seen_at DateTime64(3, 'UTC') COMMENT 'Latest beacon of any kind; event time, by the clock offset that the gateway estimated with the state; beacon fields client_time_ms, event_time_ms'
)
AS
WITH
    -- The bytes sort as the time does: highest first, the sign turned round.
    reinterpretAsInt64(bitXor(byteSwap(reinterpretAsUInt64(substring(l.latest, 1, 8))), 9223372036854775808)) AS told_client_time_ms,
    reinterpretAsInt64(substring(l.latest, 17, 8)) AS told_event_time_ms,
    reinterpretAsInt64(substring(l.latest, 25, 8)) AS told_position_ms,
    reinterpretAsUInt32(substring(l.latest, 33, 4)) AS told_bitrate_kbps,
    reinterpretAsUInt32(substring(l.latest, 37, 4)) AS told_buffer_ms
SELECT
    l.tenant AS tenant,
    l.session_key AS session_key,
    l.session_id AS session_id,
    arrayMax(arrayMap(x -> JSONExtractString(x, 'viewer_id'), l.attributes)) AS viewer_id,
    transform(arrayMax(arrayMap(x -> JSONExtractUInt(x, 'device_class'), l.attributes)), [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
    arrayMax(arrayMap(x -> JSONExtractString(x, 'country'), l.attributes)) AS country,
    l.content_id AS content_id,
    transform(l.state, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ['starting', 'playing', 'seeking', 'rebuffering', 'paused', 'ended', 'failed', 'quit', 'preloading', 'waiting'], '')::LowCardinality(String) AS state,
    (reinterpretAsUInt8(substring(l.latest, 42, 1)) = 1)::Bool AS in_ad,
    multiIf(
        state = 'ended', 'finished',
        state IN ('failed', 'quit'), 'gone',
        now64(3) - INTERVAL ${liveness_seconds} SECOND > last_seen_at, 'gone',
        state = 'paused', 'paused',
        in_ad, 'in_ad',
        state IN ('starting', 'preloading'), 'starting',
        state = 'playing', 'watching',
        'buffering')::LowCardinality(String) AS status,
    nullIf(told_position_ms, -9223372036854775808) AS position_ms,
    nullIf(told_bitrate_kbps, 4294967295) AS bitrate_kbps,
    nullIf(told_buffer_ms, 4294967295) AS buffer_ms,
    fromUnixTimestamp64Milli(told_event_time_ms + (l.last_client_time_ms - told_client_time_ms), 'UTC') AS last_seen_at
FROM
(
    SELECT
        tenant,
        session_key,
        max(s.session_id) AS session_id,
        groupUniqArrayArray(s.attributes) AS attributes,
        argMax(s.content_id, s.latest) AS content_id,
        max(s.latest) AS latest,
        max(s.last_client_time_ms) AS last_client_time_ms,
        reinterpretAsUInt8(substring(latest, 41, 1)) AS state
    FROM session_states${all} AS s
    WHERE is_published AND seen > now64(3) - INTERVAL 2 DAY
    GROUP BY tenant, session_key
    HAVING latest != ''
) AS l
COMMENT 'What every session of the last two days is doing now, or did last'
