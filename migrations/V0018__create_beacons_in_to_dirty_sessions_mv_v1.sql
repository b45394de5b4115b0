-- Marks the sessions of a block, and whether their timeline may have changed.
-- Undo: DROP VIEW IF EXISTS beacons_in_to_dirty_sessions_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_in_to_dirty_sessions_mv_v1 TO dirty_sessions AS
SELECT
    now64(3) AS seen,
    tenant,
    session_key,
    max((event = 1 AND state BETWEEN 1 AND 10) OR event IN (3, 6, 15) OR event BETWEEN 16 AND 24) AS has_mark
FROM beacons_in
WHERE NOT is_test AND NOT is_bot
GROUP BY tenant, session_key
COMMENT 'Marks the sessions that got beacons'
