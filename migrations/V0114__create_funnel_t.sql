-- The funnel of one tenant, of what began in a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS funnel_t
CREATE VIEW IF NOT EXISTS funnel_t AS
SELECT
    tenant,
    day,
    content_id,
    device_class,
    country,
    cdn,
    app_version,
    source,
    sum(is_impression) AS impressions,
    sum(is_attempt) AS attempts,
    sum(is_first_frame) AS first_frames,
    sum(quarters >= 1) AS reached_25,
    sum(quarters >= 2) AS reached_50,
    sum(quarters >= 3) AS reached_75,
    sum(quarters >= 4) AS reached_100
FROM
(
    SELECT
        s.tenant AS tenant,
        toDate(s.started_at) AS day,
        s.content_id AS content_id,
        transform(s.attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
        s.attributes.country AS country,
        s.cdn AS cdn,
        s.attributes.app_version AS app_version,
        transform(s.attributes.source, [1, 2, 3, 4, 5, 6, 7, 8], ['native_json', 'native_protobuf', 'pixel', 'cmcd_event', 'cmcd_request', 'epas', 'snowplow', 'firehose'], '')::LowCardinality(String) AS source,
        0 AS is_impression,
        1 AS is_attempt,
        s.is_started AS is_first_frame,
        if(s.is_started, ifNull(s.quartile, 0), 0) AS quarters
    FROM sessions${all} AS s FINAL
    WHERE s.tenant = {tenant:String} AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY AND s.started_at >= {from_time:DateTime64(3, 'UTC')} AND s.started_at < {to_time:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT
        tenant,
        toDate(fromUnixTimestamp64Milli(event_time_ms, 'UTC')) AS day,
        content_id,
        transform(JSONExtractUInt(told, 'device_class'), [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
        JSONExtractString(told, 'country')::LowCardinality(String) AS country,
        cdn,
        JSONExtractString(told, 'app_version')::LowCardinality(String) AS app_version,
        transform(JSONExtractUInt(told, 'source'), [1, 2, 3, 4, 5, 6, 7, 8], ['native_json', 'native_protobuf', 'pixel', 'cmcd_event', 'cmcd_request', 'epas', 'snowplow', 'firehose'], '')::LowCardinality(String) AS source,
        1 AS is_impression,
        0 AS is_attempt,
        false AS is_first_frame,
        0 AS quarters
    FROM
    (
        -- The earliest copy of each, as FINAL would find it, which would read all beacons for that.
        SELECT
            b.tenant AS tenant,
            argMax(b.client_time_ms + b.event_offset_ms, b.copy_rank) AS event_time_ms,
            any(b.content_id) AS content_id,
            argMax(b.cdn, b.copy_rank) AS cdn,
            argMax(b.attributes, b.copy_rank) AS told
        FROM beacons_raw${all} AS b
        WHERE b.tenant = {tenant:String} AND toDate(fromUnixTimestamp64Milli(b.received_time_ms, 'UTC')) >= toDate({from_time:DateTime64(3, 'UTC')}) - 8 AND b.event = 25 AND NOT b.is_test AND NOT b.is_bot
        GROUP BY b.tenant, intDiv(b.client_time_ms, 300000), b.session_key, b.stream, b.seq
    ) AS impressions
    WHERE event_time_ms >= toUnixTimestamp64Milli({from_time:DateTime64(3, 'UTC')}) AND event_time_ms < toUnixTimestamp64Milli({to_time:DateTime64(3, 'UTC')})
) AS steps
GROUP BY tenant, day, content_id, device_class, country, cdn, app_version, source
COMMENT 'The funnel of a tenant in a window; parameters tenant, from_time, to_time'
