-- Stores impressions, test devices and robots left out. Total: no expression here can throw.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_impressions_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_impressions_mv_v1 TO impressions AS
SELECT
    b.tenant AS tenant,
    b.session_key AS session_key,
    b.stream AS stream,
    b.seq AS seq,
    b.client_time_ms AS client_time_ms,
    toUInt64(4611686018427387904 - (b.received_time_ms - b.client_time_ms)) AS copy_rank,
    b.event_time_ms AS event_time_ms,
    b.content_id AS content_id,
    b.cdn AS cdn,
    transform(JSONExtractUInt(b.attributes, 'device_class'), [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '') AS device_class,
    JSONExtractString(b.attributes, 'country') AS country,
    JSONExtractString(b.attributes, 'app_version') AS app_version,
    transform(JSONExtractUInt(b.attributes, 'source'), [1, 2, 3, 4, 5, 6, 7, 8], ['native_json', 'native_protobuf', 'pixel', 'cmcd_event', 'cmcd_request', 'epas', 'snowplow', 'firehose'], '') AS source
FROM beacons_in AS b
WHERE b.event = 25 AND NOT b.is_test AND NOT b.is_bot
COMMENT 'Stores impressions'
