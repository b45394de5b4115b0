-- The session id behind each session_key.
-- A key with two ids (a collision of the hash) has two rows.
-- Cost: the states of the sessions asked for.
-- Undo: DROP VIEW IF EXISTS session_ids_v
CREATE VIEW IF NOT EXISTS session_ids_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id'
)
AS SELECT DISTINCT tenant, session_key, arrayJoin([s.session_id, s.least_session_id]) AS session_id
FROM session_states${all} AS s
COMMENT 'The session id behind each session_key'
