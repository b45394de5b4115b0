-- What metrics and the API ask of the ad breaks of one tenant that began in a window: ad_breaks_t without what nobody counts.
-- Since V0187: the dimensions; of the lists only those that are told (see V0210).
-- Cost: when the breaks of the days began, and what began in them.
-- Undo: CREATE OR REPLACE VIEW ad_break_facts_t with the query of V0187
CREATE OR REPLACE VIEW ad_break_facts_t AS
SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.play_no AS play_no,
    s.content_id AS content_id,
    transform(s.attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
    s.attributes.country AS country,
    s.cdn AS cdn,
    s.attributes.app_version AS app_version,
    told_begun_at AS begun_at,
    (told_start_count > 0)::Bool AS is_filled
FROM sessions${all} AS s FINAL
ARRAY JOIN
    s.ad_breaks.begun_at AS told_begun_at,
    s.ad_breaks.start_count AS told_start_count
WHERE s.tenant = {tenant:String}
  AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
  AND s.started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
  AND told_begun_at >= {from_time:DateTime64(3, 'UTC')}
  AND told_begun_at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'What metrics need of the ad breaks of a tenant in a window; parameters tenant, from_time, to_time'
