-- The impressions that were received before their table was there.
-- Why after its view: nothing falls between, and what comes twice is folded. Each server of a cluster fills its own from its own.
-- Cost: the kind of every raw beacon, and the texts of those days; some seconds for 100 million.
-- Undo: TRUNCATE TABLE impressions
INSERT INTO impressions
SELECT
    b.tenant AS tenant,
    b.session_key AS session_key,
    b.stream AS stream,
    b.seq AS seq,
    b.client_time_ms AS client_time_ms,
    b.copy_rank AS copy_rank,
    b.client_time_ms + b.event_offset_ms AS event_time_ms,
    b.content_id AS content_id,
    b.cdn AS cdn,
    transform(JSONExtractUInt(b.attributes, 'device_class'), [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '') AS device_class,
    JSONExtractString(b.attributes, 'country') AS country,
    JSONExtractString(b.attributes, 'app_version') AS app_version,
    transform(JSONExtractUInt(b.attributes, 'source'), [1, 2, 3, 4, 5, 6, 7, 8], ['native_json', 'native_protobuf', 'pixel', 'cmcd_event', 'cmcd_request', 'epas', 'snowplow', 'firehose'], '') AS source
FROM beacons_raw AS b
WHERE b.event = 25 AND NOT b.is_test AND NOT b.is_bot
