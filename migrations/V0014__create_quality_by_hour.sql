-- Quality of experience by hour, summed from the minutes.
-- Why ReplacingMergeTree and no sums: a hour is computed again, whole, so redelivery changes nothing; a combination
-- that vanished is overwritten with zeros.
-- Row budget: audience: titles x 6 classes x countries x CDNs with an audience in it, at most one row per play there (plan 20,000);
-- network: CDNs x regions x providers (plan 2,000); application: 6 classes x versions x doors (plan 1,500); experiment: variants x 6 (plan 200).
-- Read by: quality_by_hour_v, quality_by_hour_sets_v, quality_days_pass. Cost: about 60 bytes a row.
-- Undo: DROP TABLE IF EXISTS quality_by_hour
CREATE TABLE IF NOT EXISTS quality_by_hour
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    dimension_set LowCardinality(String) COMMENT 'Which dimensions the row has: audience (content_id, device_class, country, cdn), network (cdn, country, region, isp), application (device_class, app_version, source), experiment (experiment, variant, device_class); a play counts once in each',
    hour DateTime('UTC') COMMENT 'Start of the hour; event time',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    country LowCardinality(String) COMMENT 'Country, empty = unknown',
    region LowCardinality(String) COMMENT 'Region, empty = unknown',
    isp LowCardinality(String) COMMENT 'Internet provider, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN, empty = unknown',
    app_version LowCardinality(String) COMMENT 'Version of the application, empty = unknown',
    source LowCardinality(String) COMMENT 'Door by which its beacons came',
    experiment LowCardinality(String) COMMENT 'Experiment, empty = not asked',
    variant LowCardinality(String) COMMENT 'Variant of the experiment',
    attempts UInt64 COMMENT 'Plays that began; count',
    plays UInt64 COMMENT 'Plays that showed their first frame; count',
    startup_ms_sum UInt64 COMMENT 'Sum of known start-up times, at the first frame; ms',
    startup_count UInt64 COMMENT 'Start-up times in that sum; count',
    ended_plays UInt64 COMMENT 'Started plays that ended; count',
    finishes UInt64 COMMENT 'Plays that reached the end of the title; count',
    exits_before_start UInt64 COMMENT 'Plays left before the first frame; count',
    failures_before_start UInt64 COMMENT 'Plays failed before the first frame; count',
    business_failures_before_start UInt64 COMMENT 'Of these, refused by rule; count',
    failures UInt64 COMMENT 'Started plays that failed; count',
    business_failures UInt64 COMMENT 'Of these, refused by rule; count',
    timeouts UInt64 COMMENT 'Plays closed for silence; count',
    stall_count UInt64 COMMENT 'Stalls, by their start; count',
    seek_count UInt64 COMMENT 'Seeks, by their start; count',
    starting_ms UInt64 COMMENT 'Time in starting; ms',
    playing_ms UInt64 COMMENT 'Time in playing; ms',
    stalled_ms UInt64 COMMENT 'Time in stalled; ms',
    seeking_ms UInt64 COMMENT 'Time in seeking; ms',
    paused_ms UInt64 COMMENT 'Time in paused; ms',
    ad_ms UInt64 COMMENT 'Time in ad breaks; ms',
    bitrate_kbit_ms UInt64 COMMENT 'Playing ms times kbit/s, where the bitrate is known; bits',
    bitrate_known_ms UInt64 COMMENT 'Playing time with a known bitrate; ms',
    error_count UInt64 COMMENT 'Errors; count',
    fatal_error_count UInt64 COMMENT 'Fatal errors; count',
    ad_break_count UInt64 COMMENT 'Ad breaks begun; count',
    ad_impression_count UInt64 COMMENT 'Ads counted as seen; count',
    ad_start_count UInt64 COMMENT 'Ads begun; count',
    ad_first_quartile_count UInt64 COMMENT 'Ads played to a quarter; count',
    ad_midpoint_count UInt64 COMMENT 'Ads played to the half; count',
    ad_third_quartile_count UInt64 COMMENT 'Ads played to three quarters; count',
    ad_end_count UInt64 COMMENT 'Ads played to their end; count',
    ad_skip_count UInt64 COMMENT 'Ads skipped; count',
    ad_click_count UInt64 COMMENT 'Ads clicked; count',
    ad_error_count UInt64 COMMENT 'Ads failed; count',
    beacons_received UInt64 COMMENT 'Distinct beacons of sessions that ended; count',
    beacons_lost UInt64 COMMENT 'Gaps in the ordinals of sessions that ended; count',
    beacons_duplicated UInt64 COMMENT 'Copies sent again, of sessions that ended; count',
    counter_resets UInt64 COMMENT 'Counters begun anew, of sessions that ended; count',
    startup_histogram Map(UInt16, UInt64) COMMENT 'Start-up times by bucket: bucket b holds those of round(ln(ms + 1) x 20) = b, so a quantile is right to 2.5 %; count',
    viewers AggregateFunction(uniqCombined64(17), UInt64) COMMENT 'Distinct viewers there, as a state: uniqCombined64Merge(17)(viewers); exact below some thousands, then to 0.5 %',
    version DateTime64(3, 'UTC') COMMENT 'When the row was computed; the latest stays',
    INDEX version_minmax version TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree(version)
-- Why: readers ask for a window of a tenant and one set of dimensions.
ORDER BY (tenant, dimension_set, hour, content_id, device_class, country, cdn, region, isp, app_version, source, experiment, variant)
TTL hour + INTERVAL 5 YEAR
COMMENT 'Quality by hour and four sets of dimensions'
