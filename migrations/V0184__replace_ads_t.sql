-- The ads of one tenant that were first heard of in a window, for the API and for guarded SQL.
-- Since V0106: from what the play's row has computed (V0179), to the same rows.
-- Undo: CREATE OR REPLACE VIEW ads_t with the query of V0106
CREATE OR REPLACE VIEW ads_t AS
SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.session_id AS session_id,
    s.play_no AS play_no,
    ad.break_no AS break_no,
    ad.break_id AS break_id,
    ad.ad_id::String AS ad_id,
    s.content_id AS content_id,
    transform(s.attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
    s.attributes.country AS country,
    s.cdn AS cdn,
    s.attributes.app_version AS app_version,
    ad.at AS at,
    toUInt64(ad.impression_count) AS impression_count,
    toUInt64(ad.start_count) AS start_count,
    toUInt64(ad.first_quartile_count) AS first_quartile_count,
    toUInt64(ad.midpoint_count) AS midpoint_count,
    toUInt64(ad.third_quartile_count) AS third_quartile_count,
    toUInt64(ad.complete_count) AS complete_count,
    toUInt64(ad.skip_count) AS skip_count,
    toUInt64(ad.click_count) AS click_count,
    toUInt64(ad.error_count) AS error_count,
    ad.error_code::String AS error_code,
    ad.ad_ms AS ad_ms,
    ad.is_break_filled AS is_break_filled
FROM sessions${all} AS s FINAL
ARRAY JOIN s.ads AS ad
WHERE s.tenant = {tenant:String}
  AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
  AND s.started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
  AND ad.at >= {from_time:DateTime64(3, 'UTC')}
  AND ad.at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Ads of a tenant in a window; parameters tenant, from_time, to_time'
