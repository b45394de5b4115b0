-- The ad breaks of one tenant that began in a window, for the API and for guarded SQL.
-- Since V0108: from what the play's row has computed (V0180), to the same rows.
-- Undo: CREATE OR REPLACE VIEW ad_breaks_t with the query of V0108
CREATE OR REPLACE VIEW ad_breaks_t AS
SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.session_id AS session_id,
    s.play_no AS play_no,
    b.break_no AS break_no,
    b.break_id AS break_id,
    s.content_id AS content_id,
    transform(s.attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
    s.attributes.country AS country,
    s.cdn AS cdn,
    s.attributes.app_version AS app_version,
    b.begun_at AS begun_at,
    b.ended_at AS ended_at,
    toUInt64(b.start_count) AS start_count,
    toUInt64(b.complete_count) AS complete_count,
    toUInt64(b.skip_count) AS skip_count,
    toUInt64(b.error_count) AS error_count,
    b.ad_ms AS ad_ms,
    (b.start_count > 0)::Bool AS is_filled
FROM sessions${all} AS s FINAL
ARRAY JOIN s.ad_breaks AS b
WHERE s.tenant = {tenant:String}
  AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
  AND s.started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
  AND b.begun_at >= {from_time:DateTime64(3, 'UTC')}
  AND b.begun_at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Ad breaks of a tenant in a window; parameters tenant, from_time, to_time'
