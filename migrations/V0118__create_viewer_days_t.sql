-- The viewers of one tenant on the days that a window touches, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS viewer_days_t
CREATE VIEW IF NOT EXISTS viewer_days_t AS
SELECT
    tenant,
    visit.1 AS day,
    count() AS viewers,
    countIf(visit.1 = first_day) AS new_viewers,
    countIf(visit.1 > first_day) AS returning_viewers,
    sum(visit.2) AS plays,
    sum(visit.3) AS playing_ms
FROM
(
    SELECT
        tenant,
        min(day) AS first_day,
        groupArray((day, plays, playing_ms)) AS visits
    FROM
    (
        SELECT
            s.tenant AS tenant,
            s.attributes.viewer_id AS viewer_id,
            toDate(s.started_at) AS day,
            count() AS plays,
            sum(s.playing_ms) AS playing_ms
        FROM sessions${all} AS s FINAL
        WHERE s.tenant = {tenant:String} AND s.is_started AND s.attributes.viewer_id != ''
        GROUP BY tenant, viewer_id, day
    ) AS viewer_days
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN visits AS visit
WHERE visit.1 >= toDate({from_time:DateTime64(3, 'UTC')}) AND visit.1 < {to_time:DateTime64(3, 'UTC')}
GROUP BY tenant, day
COMMENT 'Viewers of a tenant by day; parameters tenant, from_time, to_time'
