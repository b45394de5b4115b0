-- Purpose: what was taken in, as usage.sql tells it, by what only sessions know: the write key.
-- Parameters: tenant; from, to: the window, whole days or hours; after_number, after_group: where the last page ended; limit: rows;
--             filter_*: the filters. In place of ${seconds}: the length of a day or an hour; ${group}: what rows are told apart by,
--             an array of texts; ${filters}: conditions; ${after}, ${order}: the page.
-- Cost: the ends and timelines of the sessions that touch the window. Each is cut into its days or hours, as the rollups do it, so
--       that over all keys the same comes out; a beacon is counted when its session ends.
SELECT
    ${group} AS group_values,
    sum(s.counts[1]) AS attempts,
    sum(s.counts[2]) AS plays,
    sum(s.counts[3]) AS playing_ms,
    sum(s.counts[4]) AS beacons_received,
    sum(s.counts[5]) AS beacons_lost,
    sum(s.counts[6]) AS beacons_duplicated
FROM
(
    SELECT
        write_key,
        device_class,
        app_version,
        source,
        toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS from_ms,
        toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}) AS to_ms,
        arrayMap(
            x -> (greatest(toUnixTimestamp64Milli(x.from), from_ms), least(toUnixTimestamp64Milli(x.to), to_ms)),
            arrayFilter(x -> x.state = 'playing', intervals)) AS played,
        arrayJoin(arrayConcat(
            [(toUnixTimestamp64Milli(started_at), [1, 0, 0, 0, 0, 0])],
            if(isNull(first_frame_at), [], [(toUnixTimestamp64Milli(assumeNotNull(first_frame_at)), [0, 1, 0, 0, 0, 0])]),
            if(isNull(ended_at), [], [(toUnixTimestamp64Milli(assumeNotNull(ended_at)), [0, 0, 0, beacons_received, beacons_lost, beacons_duplicated])]),
            arrayFlatten(arrayMap(
                x -> arrayMap(
                    unit -> (unit * 1000, [0, 0, toUInt64(least(x.2, (unit + ${seconds}) * 1000) - greatest(x.1, unit * 1000)), 0, 0, 0]),
                    range(intDiv(x.1, ${seconds} * 1000) * ${seconds}, intDiv(x.2 + 999, 1000), ${seconds})),
                arrayFilter(x -> x.1 < x.2, played))))::Array(Tuple(Int64, Array(UInt64)))) AS piece,
        piece.1 AS at_ms,
        piece.2 AS counts,
        toDateTime(intDiv(at_ms, 1000), 'UTC') AS hour,
        toDate(hour) AS day
    FROM sessions_t(tenant = {tenant:String}, from_time = {from:DateTime64(3, 'UTC')}, to_time = {to:DateTime64(3, 'UTC')})
) AS s
WHERE s.at_ms >= s.from_ms
  AND s.at_ms < s.to_ms
  AND ${filters}
GROUP BY group_values
HAVING ${after}
ORDER BY ${order}, group_values
LIMIT {limit:UInt32}
-- Only the bound on version prunes: it drops nothing but older rows of a play, which the other indexes would not know.
SETTINGS use_skip_indexes_if_final_exact_mode = 0, ignore_data_skipping_indices = 'started_at_minmax, last_seen_at_minmax'
