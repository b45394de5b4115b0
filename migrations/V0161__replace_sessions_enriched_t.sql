-- The enriched sessions of one tenant that touch a window, for the API and for guarded SQL.
-- Since V0104: the write key. It comes with the star.
-- Undo: CREATE OR REPLACE VIEW sessions_enriched_t with the columns and the query of V0104
CREATE OR REPLACE VIEW sessions_enriched_t AS
SELECT *
FROM sessions_enriched_v
WHERE tenant = {tenant:String}
  AND version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
  AND started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(ended_at, last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
COMMENT 'Enriched sessions of a tenant that touch a window; parameters tenant, from_time, to_time'
