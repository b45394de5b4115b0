-- How far plays get, by title with its series, season and episode, and the day that the play began; every count adds up.
-- Cost: few columns of every session.
-- Undo: DROP VIEW IF EXISTS completion_v
CREATE VIEW IF NOT EXISTS completion_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    day Date COMMENT 'Day on which the plays began; event time',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    series String COMMENT 'Series of the title by the catalogue, else as told, empty = none',
    season String COMMENT 'Season of the title by the catalogue, else as told, empty = none',
    episode String COMMENT 'Episode of the title by the catalogue, else as told, empty = none',
    plays UInt64 COMMENT 'Plays with a first frame; count',
    measured_plays UInt64 COMMENT 'Of these, whose quarters are known; count',
    finishes UInt64 COMMENT 'Of these, finished; count',
    reached_25 UInt64 COMMENT 'Of these, that reached a quarter of the title; count',
    reached_50 UInt64 COMMENT 'Of these, the half; count',
    reached_75 UInt64 COMMENT 'Of these, three quarters; count',
    reached_100 UInt64 COMMENT 'Of these, the end; count',
    playing_ms UInt64 COMMENT 'Time that they played; ms'
)
AS SELECT
    tenant,
    day,
    content_id,
    if((dictGet('content_by_id', 'series', (tenant, toString(content_id))) AS catalogue_series) != '', catalogue_series, told_series) AS series,
    if((dictGet('content_by_id', 'season', (tenant, toString(content_id))) AS catalogue_season) != '', catalogue_season, told_season) AS season,
    if((dictGet('content_by_id', 'episode', (tenant, toString(content_id))) AS catalogue_episode) != '', catalogue_episode, told_episode) AS episode,
    plays,
    measured_plays,
    finishes,
    reached_25,
    reached_50,
    reached_75,
    reached_100,
    playing_ms
FROM
(
    SELECT
        s.tenant AS tenant,
        toDate(s.started_at) AS day,
        s.content_id AS content_id,
        max(s.attributes.content.series) AS told_series,
        max(s.attributes.content.season) AS told_season,
        max(s.attributes.content.episode) AS told_episode,
        count() AS plays,
        count(s.quartile) AS measured_plays,
        countIf(s.end_reason = 'finished') AS finishes,
        countIf(s.quartile >= 1) AS reached_25,
        countIf(s.quartile >= 2) AS reached_50,
        countIf(s.quartile >= 3) AS reached_75,
        countIf(s.quartile >= 4) AS reached_100,
        sum(s.playing_ms) AS playing_ms
    FROM sessions${all} AS s FINAL
    WHERE s.is_started
    GROUP BY tenant, day, content_id
) AS titles
COMMENT 'Completion by title, series, season and episode, and day'
