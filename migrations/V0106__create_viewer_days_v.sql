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
    WHERE s.is_started AND viewer_id != ''
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN
    mapKeys(plays_by_day) AS day,
    mapValues(plays_by_day) AS day_plays,
    mapValues(playing_by_day) AS day_playing_ms
GROUP BY tenant, day
COMMENT 'Viewers by day, new and returning'
