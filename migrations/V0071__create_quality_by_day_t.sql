-- The same for one tenant and window, for the API and for guarded SQL; whole days that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_day_t
CREATE VIEW IF NOT EXISTS quality_by_day_t AS
SELECT *
FROM quality_by_day_v
WHERE tenant = {tenant:String}
  AND day >= toDate({from_time:DateTime64(3, 'UTC')})
  AND day < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Quality by day, content, device class, country and CDN, of a tenant in a window; parameters tenant, from_time, to_time'
