-- The same for one tenant and window, for the API and for guarded SQL; whole minutes that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_minute_t
CREATE VIEW IF NOT EXISTS quality_by_minute_t AS
SELECT *
FROM quality_by_minute_v
WHERE tenant = {tenant:String}
  AND minute >= toStartOfMinute({from_time:DateTime64(3, 'UTC')})
  AND minute < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Quality by minute, content, device class, country and CDN, of a tenant in a window; parameters tenant, from_time, to_time'
