-- The schedule of one tenant in a window, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS programmes_t
CREATE VIEW IF NOT EXISTS programmes_t AS
SELECT *
FROM programmes_v
WHERE tenant = {tenant:String}
  AND starts_at < {to_time:DateTime64(3, 'UTC')}
  AND ends_at > {from_time:DateTime64(3, 'UTC')}
COMMENT 'Programmes of a tenant that touch a window; parameters tenant, from_time, to_time'
