-- The ad breaks of one tenant that began in a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS ad_breaks_t
CREATE VIEW IF NOT EXISTS ad_breaks_t AS
SELECT
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
        WHERE s.tenant = {tenant:String} AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY AND s.started_at < {to_time:DateTime64(3, 'UTC')} AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')} AND arrayExists(m -> m.code >= 40, s.events)
    ) AS play
    ARRAY JOIN
        breaks AS marks,
        untils AS until,
        arrayEnumerate(breaks) AS place
) AS breaks
WHERE break_no > 0 AND begun_at >= {from_time:DateTime64(3, 'UTC')} AND begun_at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Ad breaks of a tenant in a window; parameters tenant, from_time, to_time'
