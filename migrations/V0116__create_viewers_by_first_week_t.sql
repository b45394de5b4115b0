-- The retention of one tenant's viewers in the weeks that a window touches, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS viewers_by_first_week_t
CREATE VIEW IF NOT EXISTS viewers_by_first_week_t AS
SELECT
    tenant,
    first_week,
    visit.1 AS week,
    toUInt16(intDiv(week - first_week, 7)) AS week_no,
    count() AS viewers,
    sum(visit.2) AS plays,
    sum(visit.3) AS playing_ms
FROM
(
    SELECT
        tenant,
        min(week) AS first_week,
        groupArray((week, plays, playing_ms)) AS visits
    FROM
    (
        SELECT
            s.tenant AS tenant,
            s.attributes.viewer_id AS viewer_id,
            toMonday(s.started_at) AS week,
            count() AS plays,
            sum(s.playing_ms) AS playing_ms
        FROM sessions${all} AS s FINAL
        WHERE s.tenant = {tenant:String} AND s.is_started AND s.attributes.viewer_id != ''
        GROUP BY tenant, viewer_id, week
    ) AS viewer_weeks
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN visits AS visit
WHERE visit.1 >= toMonday({from_time:DateTime64(3, 'UTC')}) AND visit.1 < {to_time:DateTime64(3, 'UTC')}
GROUP BY tenant, first_week, week
COMMENT 'Retention of the viewers of a tenant; parameters tenant, from_time, to_time'
