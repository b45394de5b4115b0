-- Stores the plays again that minutes_lost names, so that sessions_to_session_pieces_mv_v1 cuts them anew.
-- Why all their minutes: an earlier row may have named some that the present one does not, and was lost with them.
-- Cost: the rows of these plays; usually none.
-- Undo: DROP VIEW IF EXISTS minutes_lost_to_sessions_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_lost_to_sessions_mv_v1 TO sessions AS
WITH
    stored AS
    (
        SELECT s.* REPLACE (
            arrayDistinct(arrayConcat(s.dirty_minutes, range(
                toUInt32(toStartOfMinute(s.started_at)),
                least(toUInt32(greatest(s.last_seen_at, ifNull(s.ended_at, s.last_seen_at))) + 60, toUInt32(toStartOfMinute(s.started_at)) + 1209600),
                60)::Array(DateTime('UTC')))) AS dirty_minutes,
            arrayPushBack(s.former_versions, s.version) AS former_versions,
            now64(3) AS version)
        FROM sessions${all} AS s FINAL
        WHERE (tenant, session_key, play_no) IN (SELECT tenant, session_key, play_no FROM minutes_lost)
    )
-- A view is triggered by the table that stands first.
SELECT stored.*
FROM (
    SELECT DISTINCT tenant AS lost_tenant, session_key AS lost_key, play_no AS lost_no FROM minutes_lost WHERE play_no > 0
) AS lost
INNER JOIN stored ON stored.tenant = lost.lost_tenant AND stored.session_key = lost.lost_key AND stored.play_no = lost.lost_no
COMMENT 'Stores plays again whose minutes were lost'
