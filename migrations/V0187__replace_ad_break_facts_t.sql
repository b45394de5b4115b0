-- What metrics ask of the ad breaks of one tenant that began in a window: ad_breaks_t without what nobody counts.
-- Since V0134: from what the play's row has computed (V0180), to the same rows.
-- Cost: when the breaks of the days began, and what began in them.
-- Undo: CREATE OR REPLACE VIEW ad_break_facts_t with the query of V0134
CREATE OR REPLACE VIEW ad_break_facts_t AS
SELECT
    s.tenant AS tenant,
    s.session_key AS session_key,
    s.play_no AS play_no,
    b.begun_at AS begun_at,
    (b.start_count > 0)::Bool AS is_filled
FROM sessions${all} AS s FINAL
ARRAY JOIN s.ad_breaks AS b
WHERE s.tenant = {tenant:String}
  AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
  AND s.started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(s.ended_at, s.last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
  AND b.begun_at >= {from_time:DateTime64(3, 'UTC')}
  AND b.begun_at < {to_time:DateTime64(3, 'UTC')}
COMMENT 'What metrics need of the ad breaks of a tenant in a window; parameters tenant, from_time, to_time'
