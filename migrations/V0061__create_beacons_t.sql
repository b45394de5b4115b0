-- The beacons of one session of one tenant, for the API and for guarded SQL.
-- Cost: reads the session's slots only when client_time is filtered too; else the tenant's raw.
-- Undo: DROP VIEW IF EXISTS beacons_t
CREATE VIEW IF NOT EXISTS beacons_t AS
SELECT *
FROM beacons_v
WHERE tenant = {tenant:String} AND session_key = {session_key:UInt64}
COMMENT 'Beacons of one session; parameters tenant, session_key'
