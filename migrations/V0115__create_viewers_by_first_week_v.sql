-- Retention: of the viewers first seen in a week, how many came in each week after it.
-- Cost: groups the sessions by viewer: all that are kept, since an older one may be a viewer's first.
-- Undo: DROP VIEW IF EXISTS viewers_by_first_week_v
CREATE VIEW IF NOT EXISTS viewers_by_first_week_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    first_week Date COMMENT 'Monday of the week in which the viewers were first seen; UTC',
    week Date COMMENT 'Monday of the week in which they came; UTC',
    week_no UInt16 COMMENT 'Weeks after the first one, 0 = the first; count',
    viewers UInt64 COMMENT 'Distinct viewers who came; count',
    plays UInt64 COMMENT 'Plays of these in the week, with a first frame; count',
    playing_ms UInt64 COMMENT 'Time that these played; ms'
)
AS SELECT
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
        WHERE s.is_started AND s.attributes.viewer_id != ''
        GROUP BY tenant, viewer_id, week
    ) AS viewer_weeks
    GROUP BY tenant, viewer_id
) AS viewer
ARRAY JOIN visits AS visit
GROUP BY tenant, first_week, week
COMMENT 'Retention by the week in which viewers were first seen'
