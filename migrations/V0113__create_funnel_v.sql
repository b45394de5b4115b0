-- From the impression to the end of the title, by the day that it began and what analysts group by; every column adds up.
-- Cost: the sessions, and the kind of every raw beacon; figures: docs/views.md. Impressions are kept as long as raw.
-- Undo: DROP VIEW IF EXISTS funnel_v
CREATE VIEW IF NOT EXISTS funnel_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    day Date COMMENT 'Day on which it began, or was offered; event time',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    country LowCardinality(String) COMMENT 'Country, ISO 3166-1 alpha-2, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN that the session used last, of an impression the one it names; empty = unknown',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown',
    source LowCardinality(String) COMMENT 'Door by which the beacons came',
    impressions UInt64 COMMENT 'Times that the title was offered; count',
    attempts UInt64 COMMENT 'Plays that were asked for; count',
    first_frames UInt64 COMMENT 'Of these, with a first frame; count',
    reached_25 UInt64 COMMENT 'Of these, that reached a quarter of the title; count',
    reached_50 UInt64 COMMENT 'Of these, the half; count',
    reached_75 UInt64 COMMENT 'Of these, three quarters; count',
    reached_100 UInt64 COMMENT 'Of these, the end; count'
)
AS SELECT
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
        WHERE b.event = 25 AND NOT b.is_test AND NOT b.is_bot
        GROUP BY b.tenant, intDiv(b.client_time_ms, 300000), b.session_key, b.stream, b.seq
    ) AS impressions
) AS steps
GROUP BY tenant, day, content_id, device_class, country, cdn, app_version, source
COMMENT 'The funnel from impression to completion, by day and dimensions'
