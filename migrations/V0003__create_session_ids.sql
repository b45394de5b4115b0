-- The client's own session id of each session_key, stored once instead of in every beacon (7 bytes each).
-- Why: the key is a 64-bit hash; a key with two ids is a collision, and sql/checks/session_key_collisions.sql
-- reports it (one is expected in about six billion sessions).
-- Read by: session_ids_v. Cost: about 30 bytes a session.
-- Undo: DROP TABLE IF EXISTS session_ids
CREATE TABLE IF NOT EXISTS session_ids
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; beacon field tenant',
    session_key UInt64 COMMENT 'Hash of tenant and session id; beacon field session_key',
    session_id String COMMENT 'One playback, as the client names it; beacon field session_id'
)
ENGINE = ${replicated}ReplacingMergeTree
ORDER BY (tenant, session_key, session_id)
COMMENT 'The session id behind each session_key'
