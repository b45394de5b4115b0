-- Every ten seconds: computes the minutes that a newly computed session touches, whole, from the sessions.
-- Which minutes are due, the rows of sessions say themselves; a row is looked at again one liveness window later,
-- for rows that became visible too late for their turn.
-- A combination of dimensions that vanished from a minute is written with zeros.
-- Cost: proportional to the sessions alive in the dirty minutes.
-- Undo: DROP VIEW IF EXISTS quality_by_minute_pass
CREATE MATERIALIZED VIEW IF NOT EXISTS quality_by_minute_pass
REFRESH EVERY 10 SECOND APPEND TO quality_by_minute AS
WITH
    (SELECT greatest(max(version), toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM pass_runs WHERE pass = 'quality_by_minute') AS watermark,
    due AS
    (
        SELECT DISTINCT tenant, arrayJoin(dirty_minutes) AS minute
        FROM sessions
        WHERE version > watermark - INTERVAL 15 SECOND
           OR (version > watermark - INTERVAL 25 SECOND - INTERVAL ${liveness_seconds} SECOND
               AND version <= now64(3) - INTERVAL ${liveness_seconds} SECOND)
    ),
    (SELECT min(minute) FROM due) AS first_due,
    (SELECT max(minute) + INTERVAL 1 MINUTE FROM due) AS last_due,
    -- Minutes outside of the window are not even unfolded.
    intDiv(toUInt32(assumeNotNull(first_due)), 60)::Int64 AS first_number,
    intDiv(toUInt32(assumeNotNull(last_due)), 60)::Int64 AS last_number,
    -- The sessions alive in the window, and of their timelines only what lies in it.
    alive AS
    (
        SELECT * REPLACE (
            arrayFilter(x -> x.3 > first_due AND x.2 < last_due, intervals) AS intervals,
            arrayFilter(x -> x.2 > first_due AND x.1 < last_due, renditions) AS renditions,
            arrayFilter(x -> x.1 >= first_due AND x.1 < last_due, events) AS events)
        FROM sessions${all} FINAL
        WHERE started_at < last_due
          AND ifNull(ended_at, last_seen_at) >= first_due
    ),
    -- Each session's parts: (minute, measure, value), measures numbered as in the SELECT below.
    parts AS
    (
        SELECT
            tenant,
            content_id,
            transform(attributes.device_class, [1, 2, 3, 4, 5, 6], ['mobile', 'web', 'smart_tv', 'tablet', 'set_top_box', 'game_console'], '')::LowCardinality(String) AS device_class,
            attributes.country AS country,
            cdn,
            arrayJoin(arrayConcat(
                [(started_at, 1, 1)],
                if(first_frame_at IS NULL, [], [(assumeNotNull(first_frame_at), 2, 1)]),
                if(first_frame_at IS NULL OR startup_ms IS NULL, [],
                    [(assumeNotNull(first_frame_at), 3, assumeNotNull(startup_ms)), (assumeNotNull(first_frame_at), 4, 1)]),
                if(ended_at IS NULL, [], arrayFilter(x -> x.3 > 0, [
                    (assumeNotNull(ended_at), 5, is_started),
                    (assumeNotNull(ended_at), 6, end_reason = 'exited_before_start'),
                    (assumeNotNull(ended_at), 7, end_reason = 'failed_before_start'),
                    (assumeNotNull(ended_at), 8, end_reason = 'failed'),
                    (assumeNotNull(ended_at), 9, end_reason = 'timed_out')])),
                arrayMap(x -> (x.2, 10, 1), arrayFilter(x -> x.1 = 'stalled', intervals)),
                arrayFlatten(arrayMap(
                    x -> arrayMap(
                        m -> (
                            fromUnixTimestamp64Milli(m * 60000, 'UTC'),
                            transform(x.1::Int8, [2, 3, 4, 5, 6, 7], [11, 12, 13, 14, 15, 16], 0),
                            toUInt64(least(toUnixTimestamp64Milli(x.3), (m + 1) * 60000) - greatest(toUnixTimestamp64Milli(x.2), m * 60000))),
                        range(greatest(intDiv(toUnixTimestamp64Milli(x.2), 60000), first_number), least(intDiv(toUnixTimestamp64Milli(x.3) - 1, 60000) + 1, last_number))),
                    arrayFilter(x -> x.1 != 'preloading', intervals))),
                arrayFlatten(arrayMap(
                    x -> arrayMap(
                        m -> (
                            fromUnixTimestamp64Milli(m * 60000, 'UTC'),
                            17,
                            toUInt64(least(toUnixTimestamp64Milli(x.2), (m + 1) * 60000) - greatest(toUnixTimestamp64Milli(x.1), m * 60000)) * x.3),
                        range(greatest(intDiv(toUnixTimestamp64Milli(x.1), 60000), first_number), least(intDiv(toUnixTimestamp64Milli(x.2) - 1, 60000) + 1, last_number))),
                    renditions)),
                arrayFlatten(arrayMap(
                    x -> arrayMap(
                        m -> (
                            fromUnixTimestamp64Milli(m * 60000, 'UTC'),
                            18,
                            toUInt64(least(toUnixTimestamp64Milli(x.2), (m + 1) * 60000) - greatest(toUnixTimestamp64Milli(x.1), m * 60000))),
                        range(greatest(intDiv(toUnixTimestamp64Milli(x.1), 60000), first_number), least(intDiv(toUnixTimestamp64Milli(x.2) - 1, 60000) + 1, last_number))),
                    renditions)),
                arrayFilter(x -> x.2 > 0, arrayMap(
                    x -> (x.1, transform(x.2, [30, 31, 32, 42, 43, 45, 46], [19, 19, 19, 20, 21, 22, 23], 0), 1),
                    events))
            )::Array(Tuple(at DateTime64(3, 'UTC'), measure UInt8, value UInt64))) AS part
        FROM alive
    )
SELECT
    tenant,
    minute,
    content_id,
    device_class,
    country,
    cdn,
    sumIf(value, measure = 1) AS attempts,
    sumIf(value, measure = 2) AS plays,
    sumIf(value, measure = 3) AS startup_ms_sum,
    sumIf(value, measure = 4) AS startup_count,
    sumIf(value, measure = 5) AS ended_plays,
    sumIf(value, measure = 6) AS exits_before_start,
    sumIf(value, measure = 7) AS failures_before_start,
    sumIf(value, measure = 8) AS failures,
    sumIf(value, measure = 9) AS timeouts,
    sumIf(value, measure = 10) AS stall_count,
    sumIf(value, measure = 11) AS starting_ms,
    sumIf(value, measure = 12) AS playing_ms,
    sumIf(value, measure = 13) AS stalled_ms,
    sumIf(value, measure = 14) AS seeking_ms,
    sumIf(value, measure = 15) AS paused_ms,
    sumIf(value, measure = 16) AS ad_ms,
    sumIf(value, measure = 17) AS bitrate_kbit_ms,
    sumIf(value, measure = 18) AS bitrate_known_ms,
    sumIf(value, measure = 19) AS error_count,
    sumIf(value, measure = 20) AS ad_start_count,
    sumIf(value, measure = 21) AS ad_end_count,
    sumIf(value, measure = 22) AS ad_skip_count,
    sumIf(value, measure = 23) AS ad_click_count,
    now64(3) AS version
FROM
(
    SELECT tenant, toStartOfMinute(part.at)::DateTime('UTC') AS minute, content_id, device_class, country, cdn,
        part.measure AS measure, part.value AS value
    FROM parts
    WHERE (tenant, minute) IN (SELECT tenant, minute FROM due)
    UNION ALL
    -- What the minute held before: gone combinations become zero rows.
    SELECT tenant, minute, content_id, device_class, country, cdn, 0 AS measure, 0 AS value
    FROM quality_by_minute FINAL
    WHERE minute >= first_due AND minute < last_due AND (tenant, minute) IN (SELECT tenant, minute FROM due)
) AS contributions
GROUP BY tenant, minute, content_id, device_class, country, cdn
COMMENT 'Computes the dirty minutes from the sessions, every ten seconds'
