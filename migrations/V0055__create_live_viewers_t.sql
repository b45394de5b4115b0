-- What one tenant's sessions are doing now, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS live_viewers_t
CREATE VIEW IF NOT EXISTS live_viewers_t AS
SELECT *
FROM live_viewers_v
WHERE tenant = {tenant:String}
COMMENT 'Live viewers of a tenant; parameter tenant'
