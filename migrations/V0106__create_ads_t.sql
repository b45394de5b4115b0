-- The ads of one tenant that were first heard of in a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS ads_t
CREATE VIEW IF NOT EXISTS ads_t AS
SELECT
    tenant,
    session_key,
    session_id,
    play_no,
    break_no,
    break_id,
    ad_id,
    content_id,
    device_class,
    country,
    cdn,
    app_version,
    arrayFirst(m -> m.code >= 42 AND m.ad_id = ad_id, marks).at AS at,
    countEqual(arrayMap(m -> toUInt32(m.code) * 256 + m.quartile, arrayFilter(m -> m.code >= 42 AND m.ad_id = ad_id, marks)) AS told, 48 * 256) AS impression_count,
    countEqual(told, 42 * 256) AS start_count,
    countEqual(told, 44 * 256 + 25) AS first_quartile_count,
    countEqual(told, 44 * 256 + 50) AS midpoint_count,
    countEqual(told, 44 * 256 + 75) AS third_quartile_count,
    countEqual(told, 43 * 256) AS complete_count,
    countEqual(told, 45 * 256) AS skip_count,
    countEqual(told, 46 * 256) AS click_count,
    countEqual(told, 47 * 256) AS error_count,
    arrayMax(m -> if(m.code = 47 AND m.ad_id = ad_id, m.error_code, ''), marks) AS error_code,
    toUInt64(arraySum((m, ms) -> if(m.ad_id = ad_id, ms, 0), marks, shown_ms)) AS ad_ms,
    is_filled AS is_break_filled
FROM
(
    SELECT
        *,
        arrayMap(
            (m, ends_at) -> if(m.code != 42, 0, arraySum(i -> greatest(0, toUnixTimestamp64Milli(least(i.to, ends_at)) - toUnixTimestamp64Milli(greatest(i.from, m.at))), in_ads)),
            marks,
            ends) AS shown_ms
    FROM
    (
        SELECT
            *,
            -- What ends an ad that begins at each mark: the same ad's end, skip or error, another ad, the break's end.
            arrayMap(
                (m, place) -> arrayMin(arrayPushBack(
                    arrayMap(
                        n -> if(n.code IN (41, 42) OR (n.code IN (43, 45, 47) AND n.ad_id = m.ad_id), n.at, until),
                        arraySlice(marks, place + 1)),
                    until)),
                marks,
                arrayEnumerate(marks)) AS ends
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
    ) AS ended
) AS shown
ARRAY JOIN arrayDistinct(arrayMap(m -> m.ad_id, arrayFilter(m -> m.code >= 42, marks))) AS ad_id
WHERE at >= {from_time:DateTime64(3, 'UTC')} AND at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Ads of a tenant in a window; parameters tenant, from_time, to_time'
