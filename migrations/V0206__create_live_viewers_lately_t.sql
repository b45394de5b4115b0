-- What those sessions of one tenant are doing that were heard of lately: within the liveness window and ten minutes, so that who has
-- left is told for ten minutes at least.
-- Why: the numbers of who is finished and gone came from live_viewers_t, which opens every session of two days. The page of live
-- operations asks for them every few seconds: 280 ms and 0.5 s of CPU with 640,000 sessions, and in proportion with more.
-- Cost: the sessions of the last minutes; old parts hold none of them.
-- Undo: DROP VIEW IF EXISTS live_viewers_lately_t
CREATE VIEW IF NOT EXISTS live_viewers_lately_t AS
WITH
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
    fromUnixTimestamp64Milli(reinterpretAsInt64(substring(l.latest, 17, 8)), 'UTC') AS last_seen_at
FROM
(
    SELECT
        tenant,
        session_key,
        max(s.session_id) AS session_id,
        groupUniqArrayArray(s.attributes) AS attributes,
        argMax(s.content_id, s.latest) AS content_id,
        max(s.latest) AS latest,
        reinterpretAsUInt8(substring(latest, 41, 1)) AS state
    FROM session_states${all} AS s
    WHERE s.tenant = {tenant:String}
      AND session_key GLOBAL IN
      (
          SELECT c.session_key
          FROM session_states${all} AS c
          WHERE c.tenant = {tenant:String} AND c.is_published AND c.seen > now64(3) - toIntervalSecond(${liveness_seconds} + 600)
      )
      AND is_published AND seen > now64(3) - INTERVAL 2 DAY
    GROUP BY tenant, session_key
    HAVING latest != ''
) AS l
COMMENT 'Viewers of a tenant who were heard of within the liveness window and ten minutes; parameter tenant'
