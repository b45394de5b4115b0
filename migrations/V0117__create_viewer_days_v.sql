-- Viewers of a day, new and returning.
-- Cost: as viewers_by_first_week_v.
-- Undo: DROP VIEW IF EXISTS viewer_days_v
CREATE VIEW IF NOT EXISTS viewer_days_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    day Date COMMENT 'Day on which the plays began; event time',
    viewers UInt64 COMMENT 'Distinct viewers; count',
    new_viewers UInt64 COMMENT 'Of these, never seen on an earlier day; count',
    returning_viewers UInt64 COMMENT 'Of these, seen on an earlier day; count',
    plays UInt64 COMMENT 'Plays of these, with a first frame; count',
    playing_ms UInt64 COMMENT 'Time that these played; ms'
)
AS SELECT
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
        WHERE s.is_started AND s.attributes.viewer_id != ''
        GROUP BY tenant, viewer_id, day
    ) AS viewer_days
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN visits AS visit
GROUP BY tenant, day
COMMENT 'Viewers by day, new and returning'
