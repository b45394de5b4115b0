-- Every minute: stores again those rows of sessions whose minutes never reached session_minutes.
-- Why: the two tables are written one after the other, and a server that dies in between leaves the second out.
-- Each row is looked at some five times, when it is one to six minutes old, so that nothing under way is taken for lost.
-- Cost: an anti-join of five minutes of rows.
-- Undo: DROP VIEW IF EXISTS sessions_sweep_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS sessions_sweep_pass
REFRESH EVERY 60 SECOND APPEND TO sessions AS
WITH
    (SELECT greatest(max(version), now64(3) - INTERVAL 7 DAY) FROM pass_runs WHERE pass = 'session_minutes') AS written
SELECT s.* REPLACE (
    -- Whatever it may have changed: all its minutes, and those that the row names.
    arrayDistinct(arrayConcat(s.dirty_minutes, range(
        toUInt32(toStartOfMinute(s.started_at)),
        least(toUInt32(greatest(s.last_seen_at, ifNull(s.ended_at, s.last_seen_at))) + 60, toUInt32(toStartOfMinute(s.started_at)) + 1209600),
        60)::Array(DateTime('UTC')))) AS dirty_minutes,
    now64(3) AS version)
FROM sessions AS s FINAL
LEFT ANTI JOIN
(
    SELECT tenant, session_key, play_no, version
    FROM session_minutes
    WHERE version > least(written, now64(3)) - INTERVAL 7 MINUTE
) AS m ON m.tenant = s.tenant AND m.session_key = s.session_key AND m.play_no = s.play_no AND m.version = s.version
WHERE s.version > least(written, now64(3)) - INTERVAL 6 MINUTE
  -- Not as a bound on version: that would leave out today's partition just after midnight, and with it newer rows.
  AND toUnixTimestamp64Milli(s.version) < toUnixTimestamp64Milli(now64(3)) - 60000
  AND notEmpty(s.dirty_minutes)
  AND arrayMax(s.dirty_minutes) >= now() - INTERVAL ${frozen_after_hours} HOUR
COMMENT 'Mends minutes that a dying server left out, every minute'
