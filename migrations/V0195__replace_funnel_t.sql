-- The funnel of one tenant, of what began in a window, for the API and for guarded SQL.
-- Since V0114: impressions from their own table (V0191). By their day of receipt a whole late horizon and a day are read, so that
-- no copy that counts is hidden from FINAL.
-- Undo: CREATE OR REPLACE VIEW funnel_t with the query of V0114
CREATE OR REPLACE VIEW funnel_t AS
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
    WHERE s.tenant = {tenant:String}
      AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
      AND s.started_at >= {from_time:DateTime64(3, 'UTC')}
      AND s.started_at < {to_time:DateTime64(3, 'UTC')}
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
    WHERE i.tenant = {tenant:String}
      AND toDate(fromUnixTimestamp64Milli(i.client_time_ms + (4611686018427387904 - toInt64(i.copy_rank)), 'UTC')) >= toDate({from_time:DateTime64(3, 'UTC')}) - 8
      AND i.event_time_ms >= toUnixTimestamp64Milli({from_time:DateTime64(3, 'UTC')})
      AND i.event_time_ms < toUnixTimestamp64Milli({to_time:DateTime64(3, 'UTC')})
) AS steps
GROUP BY tenant, day, content_id, device_class, country, cdn, app_version, source
COMMENT 'The funnel of a tenant in a window; parameters tenant, from_time, to_time'
