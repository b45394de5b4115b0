-- The same for one tenant and window, for the API and for guarded SQL; whole seconds that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_second_t
CREATE VIEW IF NOT EXISTS quality_by_second_t AS
SELECT *
FROM quality_by_second_v
WHERE tenant = {tenant:String}
  AND second >= toStartOfSecond({from_time:DateTime64(3, 'UTC')})
  AND second < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Concurrency and quality by second, device class and CDN, of a tenant in a window; parameters tenant, from_time, to_time'
