-- One row per play, break and ad: what became of the ad, and how long it was on.
-- Since V0105: from what the play's row has computed (V0179), to the same rows.
-- Cost: the ads of every session; for a window use ads_t. Figures: docs/views.md.
-- Undo: CREATE OR REPLACE VIEW ads_v with the columns and the query of V0105
CREATE OR REPLACE VIEW ads_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    session_id String COMMENT 'One playback, as the client names it',
    play_no UInt16 COMMENT 'Which play of the session, from 1',
    break_no UInt16 COMMENT 'Which break of the play, from 1; 0 = before any break began',
    break_id String COMMENT 'Break, as the client names it, empty = not told; beacon field ad',
    ad_id String COMMENT 'Ad, as the client names it, empty = not told; beacon field ad',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    country LowCardinality(String) COMMENT 'Country, ISO 3166-1 alpha-2, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN that the session used last, empty = unknown',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown',
    at DateTime64(3, 'UTC') COMMENT 'When the ad was first heard of in the break; event time',
    impression_count UInt64 COMMENT 'Ads counted as seen; count',
    start_count UInt64 COMMENT 'How often it began; count',
    first_quartile_count UInt64 COMMENT 'Played to a quarter; count',
    midpoint_count UInt64 COMMENT 'Played to the half; count',
    third_quartile_count UInt64 COMMENT 'Played to three quarters; count',
    complete_count UInt64 COMMENT 'Played to its end; count',
    skip_count UInt64 COMMENT 'Skipped; count',
    click_count UInt64 COMMENT 'Clicked; count',
    error_count UInt64 COMMENT 'Failed; count',
    error_code String COMMENT 'Greatest code of its failures, empty = none told; beacon field ad',
    ad_ms UInt64 COMMENT 'Time on, from its starts on, as far as the play was in an ad; ms',
    is_break_filled Bool COMMENT 'Whether any ad of the break began'
)
AS SELECT
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
COMMENT 'One row per play, break and ad, by the rules of docs/views.md'
