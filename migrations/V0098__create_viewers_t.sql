-- The viewers of one tenant, for the API and for guarded SQL.
-- Undo: DROP VIEW IF EXISTS viewers_t
CREATE VIEW IF NOT EXISTS viewers_t AS
SELECT *
FROM viewers_v
WHERE tenant = {tenant:String}
COMMENT 'Viewers of a tenant with their history; parameter tenant'
