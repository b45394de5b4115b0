-- Stores the session id of every session, once per block.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_session_ids_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_session_ids_mv_v1 TO session_ids AS
SELECT DISTINCT
    tenant,
    session_key,
    session_id
FROM beacons_in AS b
COMMENT 'Stores the session id of every session'
