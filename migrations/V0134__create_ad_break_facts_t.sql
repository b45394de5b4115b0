-- What metrics ask of the ad breaks of one tenant that began in a window: ad_breaks_t without what opens every mark.
-- Cost: time and code of the events of the sessions of the days.
-- Undo: DROP VIEW IF EXISTS ad_break_facts_t
CREATE VIEW IF NOT EXISTS ad_break_facts_t AS
SELECT
    tenant,
    session_key,
    play_no,
    (marks[1]).2 AS begun_at,
    arrayExists(m -> m.1 = 42, marks)::Bool AS is_filled
FROM
(
    SELECT
        s.tenant AS tenant,
        s.session_key AS session_key,
        s.play_no AS play_no,
        -- A break reaches to the next one; what comes before the first belongs to none.
        arraySplit(m -> m.1 = 40, arrayFilter(m -> m.1 >= 40, arrayZip(s.events.code, s.events.at))) AS breaks
    FROM sessions${all} AS s FINAL
    WHERE s.tenant = {tenant:String}
      AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
      AND s.started_at < {to_time:DateTime64(3, 'UTC')}
      AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
      AND has(s.events.code, 40)
) AS play
ARRAY JOIN breaks AS marks
WHERE (marks[1]).1 = 40 AND begun_at >= {from_time:DateTime64(3, 'UTC')} AND begun_at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'What metrics need of the ad breaks of a tenant in a window; parameters tenant, from_time, to_time'
