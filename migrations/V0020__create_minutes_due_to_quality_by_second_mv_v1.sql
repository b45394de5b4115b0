-- Computes the seconds of the due minutes, whole, from the intervals and moments of the plays there.
-- An interval is told by its ends: ms in its first and last second, +1 and -1 for the full seconds between (kind 20 + state),
-- and +1 and -1 for the instants that it covers (kind 30 + state); running sums over the minute make numbers of these.
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
            arrayJoin(arrayFilter(x -> x.2 != 0 AND x.1 < 3840, arrayConcat(
                arrayMap(x -> (intDiv(x.2, 1000) * 64 + 10 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), x.3 - x.2, (1000 - x.2 % 1000) % 1000)), here)::Array(Tuple(UInt16, Int32)),
                arrayMap(x -> (intDiv(x.3, 1000) * 64 + 10 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), 0, x.3 % 1000)), here)::Array(Tuple(UInt16, Int32)),
                arrayMap(x -> (intDiv(x.2 + 999, 1000) * 64 + 20 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), 0, 1)), here)::Array(Tuple(UInt16, Int32)),
                arrayMap(x -> (intDiv(x.3, 1000) * 64 + 20 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), 0, -1)), here)::Array(Tuple(UInt16, Int32)),
                arrayMap(x -> (intDiv(x.2 + 999, 1000) * 64 + 30 + x.1, 1), here)::Array(Tuple(UInt16, Int32)),
                arrayMap(x -> (intDiv(x.3 + 999, 1000) * 64 + 30 + x.1, -1), here)::Array(Tuple(UInt16, Int32)),
                arrayMap(x -> (intDiv(x.1, 1000) * 64 + x.2, 1), moments)::Array(Tuple(UInt16, Int32))))) AS part
        FROM session_minutes${all} FINAL
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
    by_second AS
    (
        SELECT
            tenant,
            minute,
            device_class,
            cdn,
            second_no,
            sumIf(value, kind = 32) AS starting_there, sumIf(value, kind = 22) AS starting_full, sumIf(value, kind = 12) AS starting_part,
            sumIf(value, kind = 33) AS playing_there, sumIf(value, kind = 23) AS playing_full, sumIf(value, kind = 13) AS playing_part,
            sumIf(value, kind = 34) AS stalled_there, sumIf(value, kind = 24) AS stalled_full, sumIf(value, kind = 14) AS stalled_part,
            sumIf(value, kind = 35) AS seeking_there, sumIf(value, kind = 25) AS seeking_full, sumIf(value, kind = 15) AS seeking_part,
            sumIf(value, kind = 36) AS paused_there, sumIf(value, kind = 26) AS paused_full, sumIf(value, kind = 16) AS paused_part,
            sumIf(value, kind = 37) AS in_ad_there, sumIf(value, kind = 27) AS in_ad_full, sumIf(value, kind = 17) AS in_ad_part,
            sumIf(value, kind = 1)::UInt64 AS attempts,
            sumIf(value, kind = 2)::UInt64 AS plays,
            sumIf(value, kind = 3)::UInt64 AS ended_plays,
            sumIf(value, kind = 4)::UInt64 AS exits_before_start,
            sumIf(value, kind = 5)::UInt64 AS failures_before_start,
            sumIf(value, kind = 6)::UInt64 AS failures,
            sumIf(value, kind = 7)::UInt64 AS timeouts,
            sumIf(value, kind = 8)::UInt64 AS stall_count,
            sumIf(value, kind = 9)::UInt64 AS error_count,
            sumIf(value, kind = 10)::UInt64 AS ad_start_count
        FROM filled AS f
        GROUP BY tenant, minute, device_class, cdn, second_no
    ),
    computed AS
    (
        SELECT
            tenant,
            minute,
            (minute + second_no)::DateTime('UTC') AS second,
            device_class,
            cdn,
            starting + playing + stalled + seeking + paused + in_ad AS sessions,
            (sum(starting_there) OVER w)::UInt64 AS starting,
            (sum(playing_there) OVER w)::UInt64 AS playing,
            (sum(stalled_there) OVER w)::UInt64 AS stalled,
            (sum(seeking_there) OVER w)::UInt64 AS seeking,
            (sum(paused_there) OVER w)::UInt64 AS paused,
            (sum(in_ad_there) OVER w)::UInt64 AS in_ad,
            (starting_part + 1000 * sum(starting_full) OVER w)::UInt64 AS starting_ms,
            (playing_part + 1000 * sum(playing_full) OVER w)::UInt64 AS playing_ms,
            (stalled_part + 1000 * sum(stalled_full) OVER w)::UInt64 AS stalled_ms,
            (seeking_part + 1000 * sum(seeking_full) OVER w)::UInt64 AS seeking_ms,
            (paused_part + 1000 * sum(paused_full) OVER w)::UInt64 AS paused_ms,
            (in_ad_part + 1000 * sum(in_ad_full) OVER w)::UInt64 AS ad_ms,
            attempts,
            plays,
            ended_plays,
            exits_before_start,
            failures_before_start,
            failures,
            timeouts,
            stall_count,
            error_count,
            ad_start_count,
            now64(3) AS version
        FROM by_second AS by_second
        WINDOW w AS (PARTITION BY tenant, minute, device_class, cdn ORDER BY second_no)
    )
-- A view is triggered by the table that stands first.
SELECT computed.* EXCEPT (minute)
FROM (
    SELECT DISTINCT tenant AS due_tenant, minute AS due_minute FROM minutes_due
) AS due
INNER JOIN computed ON computed.tenant = due.due_tenant AND computed.minute = due.due_minute
COMMENT 'Computes the seconds of due minutes'
