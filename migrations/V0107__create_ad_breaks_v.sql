-- One row per play and ad break, unfilled ones included: fill is filled breaks of all breaks.
-- Cost: as ads_v; for a window use ad_breaks_t.
-- Undo: DROP VIEW IF EXISTS ad_breaks_v
CREATE VIEW IF NOT EXISTS ad_breaks_v
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
    tenant,
    session_key,
    session_id,
    play_no,
    break_no,
    break_id,
    content_id,
    device_class,
    country,
    cdn,
    app_version,
    (marks[1]).at AS begun_at,
    if(arrayExists(m -> m.code = 41, marks), arrayFirst(m -> m.code = 41, marks).at, NULL) AS ended_at,
    arrayCount(m -> m.code = 42, marks) AS start_count,
    arrayCount(m -> m.code = 43, marks) AS complete_count,
    arrayCount(m -> m.code = 45, marks) AS skip_count,
    arrayCount(m -> m.code = 47, marks) AS error_count,
    toUInt64(arraySum(i -> greatest(0, toUnixTimestamp64Milli(least(i.to, until)) - toUnixTimestamp64Milli(greatest(i.from, begun_at))), in_ads)) AS ad_ms,
    is_filled
FROM
(
    SELECT
        tenant,
        session_key,
        session_id,
        play_no,
        content_id,
        device_class,
        country,
        cdn,
        app_version,
        in_ads,
        marks,
        until,
        toUInt16(place - breaks_before) AS break_no,
        arrayMax(m -> m.break_id, marks) AS break_id,
        arrayExists(m -> m.code = 42, marks)::Bool AS is_filled
    FROM
    (
        SELECT
            s.tenant AS tenant,
            s.session_key AS session_key,
            s.session_id AS session_id,
            s.play_no AS play_no,
            s.content_id AS content_id,
            transform(s.attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
            s.attributes.country AS country,
            s.cdn AS cdn,
            s.attributes.app_version AS app_version,
            arrayFilter(i -> i.state = 'in_ad', s.intervals) AS in_ads,
            arraySplit(m -> m.code = 40, arrayFilter(m -> m.code >= 40, s.events)) AS breaks,
            -- Ads before the first break are of break 0.
            (breaks[1][1]).code != 40 AS breaks_before,
            -- A break reaches to the next one, whether or not somebody said that it was over.
            arrayPushBack(arrayMap(b -> (b[1]).at, arrayPopFront(breaks)), toDateTime64('2299-12-31 00:00:00', 3, 'UTC')) AS untils
        FROM sessions${all} AS s FINAL
        WHERE arrayExists(m -> m.code >= 40, s.events)
    ) AS play
    ARRAY JOIN
        breaks AS marks,
        untils AS until,
        arrayEnumerate(breaks) AS place
) AS breaks
WHERE break_no > 0
COMMENT 'One row per play and ad break, by the rules of docs/views.md'
