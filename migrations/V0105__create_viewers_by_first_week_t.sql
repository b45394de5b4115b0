-- The retention of one tenant's viewers in the weeks that a window touches, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS viewers_by_first_week_t
CREATE VIEW IF NOT EXISTS viewers_by_first_week_t AS
SELECT
    tenant,
    first_week,
    week,
    toUInt16(intDiv(week - first_week, 7)) AS week_no,
    count() AS viewers,
    sum(week_plays) AS plays,
    sum(week_playing_ms) AS playing_ms
FROM
(
    SELECT
        s.tenant AS tenant,
        s.attributes.viewer_id AS viewer_id,
        toMonday(min(s.started_at)) AS first_week,
        sumMap(map(toMonday(s.started_at), toUInt64(1))) AS plays_by_week,
        sumMap(map(toMonday(s.started_at), s.playing_ms)) AS playing_by_week
    FROM sessions${all} AS s FINAL
    WHERE s.tenant = {tenant:String} AND s.is_started AND viewer_id != ''
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN
    mapKeys(plays_by_week) AS week,
    mapValues(plays_by_week) AS week_plays,
    mapValues(playing_by_week) AS week_playing_ms
WHERE week >= toMonday({from_time:DateTime64(3, 'UTC')}) AND week < {to_time:DateTime64(3, 'UTC')}
GROUP BY tenant, first_week, week
COMMENT 'Retention of the viewers of a tenant; parameters tenant, from_time, to_time'
