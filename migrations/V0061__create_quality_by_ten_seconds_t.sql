-- The same for one tenant and window, for the API and for guarded SQL; whole ten seconds that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_ten_seconds_t
CREATE VIEW IF NOT EXISTS quality_by_ten_seconds_t AS
SELECT *
FROM quality_by_ten_seconds_v
WHERE tenant = {tenant:String}
  AND ten_seconds >= toStartOfInterval({from_time:DateTime64(3, 'UTC')}, INTERVAL 10 SECOND)
  AND ten_seconds < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Concurrency and quality by ten seconds, device class and CDN, of a tenant in a window; parameters tenant, from_time, to_time'
