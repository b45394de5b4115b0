-- One row per play and ad break, unfilled ones included: fill is filled breaks of all breaks.
-- Since V0107: from what the play's row has computed (V0180), to the same rows.
-- Cost: as ads_v; for a window use ad_breaks_t.
-- Undo: CREATE OR REPLACE VIEW ad_breaks_v with the columns and the query of V0107
CREATE OR REPLACE VIEW ad_breaks_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    session_key UInt64 COMMENT 'Hash of tenant and session id',
    session_id String COMMENT 'One playback, as the client names it',
    play_no UInt16 COMMENT 'Which play of the session, from 1',
    break_no UInt16 COMMENT 'Which break of the play, from 1',
    break_id String COMMENT 'Break, as the client names it, empty = not told; beacon field ad',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    country LowCardinality(String) COMMENT 'Country, ISO 3166-1 alpha-2, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN that the session used last, empty = unknown',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown',
    begun_at DateTime64(3, 'UTC') COMMENT 'When it began; event time',
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When its end was told; event time; NULL when it was not',
    start_count UInt64 COMMENT 'Ads begun; count',
    complete_count UInt64 COMMENT 'Ads played to their end; count',
    skip_count UInt64 COMMENT 'Ads skipped; count',
    error_count UInt64 COMMENT 'Ads failed; count',
    ad_ms UInt64 COMMENT 'Time in an ad, until the next break begins; ms',
    is_filled Bool COMMENT 'Whether an ad began in it'
)
AS SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.session_id AS session_id,
    s.play_no AS play_no,
    b.break_no AS break_no,
    b.break_id AS break_id,
    s.content_id AS content_id,
    transform(s.attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
    s.attributes.country AS country,
    s.cdn AS cdn,
    s.attributes.app_version AS app_version,
    b.begun_at AS begun_at,
    b.ended_at AS ended_at,
    toUInt64(b.start_count) AS start_count,
    toUInt64(b.complete_count) AS complete_count,
    toUInt64(b.skip_count) AS skip_count,
    toUInt64(b.error_count) AS error_count,
    b.ad_ms AS ad_ms,
    (b.start_count > 0)::Bool AS is_filled
FROM sessions${all} AS s FINAL
ARRAY JOIN s.ad_breaks AS b
COMMENT 'One row per play and ad break, by the rules of docs/views.md'
