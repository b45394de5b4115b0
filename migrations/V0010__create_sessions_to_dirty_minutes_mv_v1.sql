-- Marks every minute that a newly written session touches, or touched in its former version.
-- Read by: quality_by_minute_pass. Cost: a row per distinct minute and insert.
-- Undo: DROP VIEW IF EXISTS sessions_to_dirty_minutes_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_to_dirty_minutes_mv_v1 TO dirty_minutes AS
SELECT DISTINCT
    now64(3) AS seen,
    tenant,
    toDateTime(arrayJoin(range(toUInt32(dirty_from), toUInt32(dirty_to) + 60, 60)), 'UTC') AS minute
FROM sessions AS s
COMMENT 'Marks the minutes of every session that was computed'
