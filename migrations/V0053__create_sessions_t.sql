-- The sessions of one tenant that touch a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS sessions_t
CREATE VIEW IF NOT EXISTS sessions_t AS
SELECT *
FROM sessions_v
WHERE tenant = {tenant:String}
  AND started_at < {to_time:DateTime64(3, 'UTC')}
  AND ifNull(ended_at, last_seen_at) >= {from_time:DateTime64(3, 'UTC')}
COMMENT 'Sessions of a tenant that touch a window; parameters tenant, from_time, to_time'
