-- The same of one tenant's plays that began in a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS completion_t
CREATE VIEW IF NOT EXISTS completion_t AS
SELECT
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
    WHERE s.tenant = {tenant:String} AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY AND s.started_at >= {from_time:DateTime64(3, 'UTC')} AND s.started_at < {to_time:DateTime64(3, 'UTC')} AND s.is_started
    GROUP BY tenant, day, content_id
) AS titles
COMMENT 'Completion of plays of a tenant that began in a window; parameters tenant, from_time, to_time'
