-- Computes the due minutes, whole, from what the plays add to them: once for each of three sets of dimensions.
-- What a minute held before comes in with zeros, so that a combination that vanished is overwritten.
-- Cost: proportional to the plays there in the due minutes, some us each.
-- Undo: DROP VIEW IF EXISTS minutes_due_to_quality_by_minute_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS minutes_due_to_quality_by_minute_mv_v1 TO quality_by_minute AS
WITH
    parts AS
    (
        SELECT
            tenant, minute, content_id, device_class, country, region, isp, cdn, app_version, source,
            if(empty(here), 0, viewer_key) AS viewer_key,
            counts, starting_ms, playing_ms, stalled_ms, seeking_ms, paused_ms, ad_ms, bitrate_kbit_ms, bitrate_known_ms
        FROM session_minutes${all} FINAL
        WHERE (tenant, minute) IN (SELECT tenant, minute FROM minutes_due)
        UNION ALL
        SELECT
            tenant, minute, content_id, device_class, country, region, isp, cdn, app_version, source,
            0 AS viewer_key,
            []::Array(UInt64) AS counts, 0 AS starting_ms, 0 AS playing_ms, 0 AS stalled_ms, 0 AS seeking_ms, 0 AS paused_ms, 0 AS ad_ms, 0 AS bitrate_kbit_ms, 0 AS bitrate_known_ms
        FROM quality_by_minute${all} FINAL
        WHERE dimension_set IN ('audience', 'network', 'application') AND (tenant, minute) IN (SELECT tenant, minute FROM minutes_due)
    ),
    computed AS
    (
        SELECT
            p.tenant AS tenant,
            multiIf(grouping(p.content_id) = 0, 'audience', grouping(p.isp) = 0, 'network', 'application')::LowCardinality(String) AS dimension_set,
            p.minute AS minute,
            p.content_id AS content_id,
            p.device_class AS device_class,
            p.country AS country,
            p.region AS region,
            p.isp AS isp,
            p.cdn AS cdn,
            p.app_version AS app_version,
            p.source AS source,
            sumForEach(p.counts) AS happened,
            happened[1] AS attempts,
            happened[2] AS plays,
            happened[3] AS startup_ms_sum,
            happened[4] AS startup_count,
            happened[5] AS ended_plays,
            happened[6] AS finishes,
            happened[7] AS exits_before_start,
            happened[8] AS failures_before_start,
            happened[9] AS business_failures_before_start,
            happened[10] AS failures,
            happened[11] AS business_failures,
            happened[12] AS timeouts,
            happened[13] AS stall_count,
            happened[14] AS seek_count,
            sum(p.starting_ms) AS starting_ms,
            sum(p.playing_ms) AS playing_ms,
            sum(p.stalled_ms) AS stalled_ms,
            sum(p.seeking_ms) AS seeking_ms,
            sum(p.paused_ms) AS paused_ms,
            sum(p.ad_ms) AS ad_ms,
            sum(p.bitrate_kbit_ms) AS bitrate_kbit_ms,
            sum(p.bitrate_known_ms) AS bitrate_known_ms,
            happened[15] AS error_count,
            happened[16] AS fatal_error_count,
            happened[17] AS ad_break_count,
            happened[18] AS ad_impression_count,
            happened[19] AS ad_start_count,
            happened[20] AS ad_first_quartile_count,
            happened[21] AS ad_midpoint_count,
            happened[22] AS ad_third_quartile_count,
            happened[23] AS ad_end_count,
            happened[24] AS ad_skip_count,
            happened[25] AS ad_click_count,
            happened[26] AS ad_error_count,
            happened[27] AS beacons_received,
            happened[28] AS beacons_lost,
            happened[29] AS beacons_duplicated,
            happened[30] AS counter_resets,
            sumMap(if(p.counts[4] > 0, map(toUInt16(round(ln(p.counts[3] + 1) * 20)), toUInt64(1)), map()::Map(UInt16, UInt64))) AS startup_histogram,
            uniqCombined64IfState(17)(p.viewer_key, p.viewer_key != 0) AS viewers,
            now64(3) AS version
        FROM parts AS p
        GROUP BY GROUPING SETS
        (
            (p.tenant, p.minute, p.content_id, p.device_class, p.country, p.cdn),
            (p.tenant, p.minute, p.cdn, p.country, p.region, p.isp),
            (p.tenant, p.minute, p.device_class, p.app_version, p.source)
        )
    )
-- A view is triggered by the table that stands first.
SELECT computed.* EXCEPT (happened)
FROM (
    SELECT DISTINCT tenant AS due_tenant, minute AS due_minute FROM minutes_due
) AS due
INNER JOIN computed ON computed.tenant = due.due_tenant AND computed.minute = due.due_minute
COMMENT 'Computes due minutes in three sets of dimensions'
