-- The viewers of one tenant on the days that a window touches, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS viewer_days_t
CREATE VIEW IF NOT EXISTS viewer_days_t AS
SELECT
    tenant,
    day,
    count() AS viewers,
    countIf(day = first_day) AS new_viewers,
    countIf(day > first_day) AS returning_viewers,
    sum(day_plays) AS plays,
    sum(day_playing_ms) AS playing_ms
FROM
(
    SELECT
        s.tenant AS tenant,
        s.attributes.viewer_id AS viewer_id,
        toDate(min(s.started_at)) AS first_day,
        sumMap(map(toDate(s.started_at), toUInt64(1))) AS plays_by_day,
        sumMap(map(toDate(s.started_at), s.playing_ms)) AS playing_by_day
    FROM sessions${all} AS s FINAL
    WHERE s.tenant = {tenant:String} AND s.is_started AND viewer_id != ''
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN
    mapKeys(plays_by_day) AS day,
    mapValues(plays_by_day) AS day_plays,
    mapValues(playing_by_day) AS day_playing_ms
WHERE day >= toDate({from_time:DateTime64(3, 'UTC')}) AND day < {to_time:DateTime64(3, 'UTC')}
GROUP BY tenant, day
COMMENT 'Viewers of a tenant by day; parameters tenant, from_time, to_time'
