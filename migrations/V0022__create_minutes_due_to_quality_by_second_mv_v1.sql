-- Computes the seconds of the due minutes, whole, from the intervals and moments of the plays there.
-- What a second held before comes in with zeros, so that a combination that vanished is overwritten.
-- Cost: proportional to the plays there in the due minutes, a few us each.
-- Undo: DROP VIEW IF EXISTS minutes_due_to_quality_by_second_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_due_to_quality_by_second_mv_v1 TO quality_by_second AS
WITH
    -- What changes in a second: second of the minute times 64 plus kind, and by how much.
    parts AS
    (
        SELECT
            tenant,
            minute,
            device_class,
            cdn,
            arrayJoin(changes) AS part
        FROM session_minute_changes
        WHERE (tenant, minute) IN (SELECT tenant, minute FROM minutes_due)
        UNION ALL
        SELECT
            tenant,
            toStartOfMinute(second)::DateTime('UTC') AS minute,
            device_class,
            cdn,
            (0, 0)::Tuple(UInt16, Int32) AS part
        FROM quality_by_second${all} FINAL
        WHERE (tenant, minute) IN (SELECT tenant, minute FROM minutes_due)
          AND second >= (SELECT min(minute) FROM minutes_due) AND second < (SELECT max(minute) + INTERVAL 1 MINUTE FROM minutes_due)
    ),
    -- Grouped by a hash, since keys of several strings take several times as long.
    changes AS
    (
        SELECT
            any(p.tenant) AS tenant,
            any(p.minute) AS minute,
            any(p.device_class) AS device_class,
            any(p.cdn) AS cdn,
            cityHash64(p.tenant, p.minute, p.device_class, p.cdn) AS combination,
            p.part.1 AS at,
            sum(p.part.2) AS value
        FROM parts AS p
        GROUP BY combination, at
    ),
    -- Every combination of the minute has all its seconds.
    filled AS
    (
        SELECT
            any(c.tenant) AS tenant,
            any(c.minute) AS minute,
            any(c.device_class) AS device_class,
            any(c.cdn) AS cdn,
            arrayJoin(arrayConcat(groupArray((intDiv(c.at, 64), c.at % 64, c.value)), arrayMap(x -> (x, 0, 0), range(60)))::Array(Tuple(second_no UInt8, kind UInt8, value Int64))) AS change,
            change.second_no AS second_no,
            change.kind AS kind,
            change.value AS value
        FROM changes AS c
        GROUP BY combination
    ),
    -- What is held by kind, as one list: the engine plans each expression anew at every insert.
    by_second AS
    (
        SELECT
            tenant,
            minute,
            device_class,
            cdn,
            second_no,
            sumForEach(arrayMap(k -> if(k = kind, value, 0), range(1, 38))) AS held
        FROM filled AS f
        GROUP BY tenant, minute, device_class, cdn, second_no
    ),
    running AS
    (
        SELECT
            *,
            sumForEach(held) OVER (PARTITION BY tenant, minute, device_class, cdn ORDER BY second_no) AS so_far
        FROM by_second
    ),
    computed AS
    (
        SELECT
            tenant,
            minute,
            (minute + second_no)::DateTime('UTC') AS second,
            device_class,
            cdn,
            arraySum(arraySlice(so_far, 32, 6))::UInt64 AS sessions,
            so_far[32]::UInt64 AS starting,
            so_far[33]::UInt64 AS playing,
            so_far[34]::UInt64 AS stalled,
            so_far[35]::UInt64 AS seeking,
            so_far[36]::UInt64 AS paused,
            so_far[37]::UInt64 AS in_ad,
            (held[12] + 1000 * so_far[22])::UInt64 AS starting_ms,
            (held[13] + 1000 * so_far[23])::UInt64 AS playing_ms,
            (held[14] + 1000 * so_far[24])::UInt64 AS stalled_ms,
            (held[15] + 1000 * so_far[25])::UInt64 AS seeking_ms,
            (held[16] + 1000 * so_far[26])::UInt64 AS paused_ms,
            (held[17] + 1000 * so_far[27])::UInt64 AS ad_ms,
            held[1]::UInt64 AS attempts,
            held[2]::UInt64 AS plays,
            held[3]::UInt64 AS ended_plays,
            held[4]::UInt64 AS exits_before_start,
            held[5]::UInt64 AS failures_before_start,
            held[6]::UInt64 AS failures,
            held[7]::UInt64 AS timeouts,
            held[8]::UInt64 AS stall_count,
            held[9]::UInt64 AS error_count,
            held[10]::UInt64 AS ad_start_count,
            now64(3) AS version
        FROM running
    )
-- A view is triggered by the table that stands first.
SELECT computed.* EXCEPT (minute)
FROM (
    SELECT DISTINCT tenant AS due_tenant, minute AS due_minute FROM minutes_due
) AS due
INNER JOIN computed ON computed.tenant = due.due_tenant AND computed.minute = due.due_minute
COMMENT 'Computes the seconds of due minutes'
