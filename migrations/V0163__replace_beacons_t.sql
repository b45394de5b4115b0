-- The beacons of one session of one tenant, for the API and for guarded SQL.
-- Cost: reads the session's slots only when client_time is filtered too; else the tenant's raw.
-- Since V0061: the write key. It comes with the star.
-- Undo: CREATE OR REPLACE VIEW beacons_t with the columns and the query of V0061
CREATE OR REPLACE VIEW beacons_t AS
SELECT *
FROM beacons_v
WHERE tenant = {tenant:String} AND session_key = {session_key:UInt64}
COMMENT 'Beacons of one session; parameters tenant, session_key'
