-- The catalogue of one tenant, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS content_t
CREATE VIEW IF NOT EXISTS content_t AS
SELECT *
FROM content_v
WHERE tenant = {tenant:String}
COMMENT 'Titles of a tenant; parameter tenant'
