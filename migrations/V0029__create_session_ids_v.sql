-- The session id behind each session_key.
-- Cost: FINAL over the ids of the tenant.
-- Undo: DROP VIEW IF EXISTS session_ids_v
CREATE VIEW IF NOT EXISTS session_ids_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id'
)
AS SELECT tenant, session_key, session_id
FROM session_ids${all} FINAL
COMMENT 'The session id behind each session_key'
