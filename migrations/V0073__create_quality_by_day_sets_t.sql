-- The same for one tenant and window, for the API and for guarded SQL; whole days that the window touches.
-- Undo: DROP VIEW IF EXISTS quality_by_day_sets_t
CREATE VIEW IF NOT EXISTS quality_by_day_sets_t AS
SELECT *
FROM quality_by_day_sets_v
WHERE tenant = {tenant:String}
  AND day >= toDate({from_time:DateTime64(3, 'UTC')})
  AND day < {to_time:DateTime64(3, 'UTC')}
COMMENT 'Quality by day and one of the dimension sets network, application, experiment, of a tenant in a window; parameters tenant, from_time, to_time'
