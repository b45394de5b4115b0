-- The same for one tenant and window, for the API and for guarded SQL; whole hours that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_hour_t
CREATE VIEW IF NOT EXISTS quality_by_hour_t AS
SELECT *
FROM quality_by_hour_v
WHERE tenant = {tenant:String}
  AND hour >= toStartOfHour({from_time:DateTime64(3, 'UTC')})
  AND hour < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Quality by hour, content, device class, country and CDN, of a tenant in a window; parameters tenant, from_time, to_time'
