-- What funnel_t sums up, of one tenant and a window: each impression and each play with how far it came.
-- Why beside funnel_t: that one groups by every dimension first, which takes longer than all the rest where many plays are
-- summed up by few or by none.
-- Read by: the API. Cost: a few columns of the sessions of the days, and their impressions.
-- Undo: DROP VIEW IF EXISTS funnel_steps_t
CREATE VIEW IF NOT EXISTS funnel_steps_t AS
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
COMMENT 'Impressions and plays of a tenant that began in a window, and how far they came; parameters tenant, from_time, to_time'
