-- From the impression to the end of the title, by the day that it began and what analysts group by; every column adds up.
-- Since V0113: impressions from their own table (V0191).
-- Cost: a few columns of the sessions, and the impressions; figures: docs/views.md.
-- Undo: CREATE OR REPLACE VIEW funnel_v with the columns and the query of V0113
CREATE OR REPLACE VIEW funnel_v
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
        i.tenant AS tenant,
        toDate(fromUnixTimestamp64Milli(i.event_time_ms, 'UTC')) AS day,
        i.content_id AS content_id,
        i.device_class AS device_class,
        i.country AS country,
        i.cdn AS cdn,
        i.app_version AS app_version,
        i.source AS source,
        1 AS is_impression,
        0 AS is_attempt,
        false AS is_first_frame,
        0 AS quarters
    FROM impressions${all} AS i FINAL
) AS steps
GROUP BY tenant, day, content_id, device_class, country, cdn, app_version, source
COMMENT 'The funnel from impression to completion, by day and dimensions'
