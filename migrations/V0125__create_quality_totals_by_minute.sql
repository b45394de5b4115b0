-- Quality by minute and device class: what is asked of all of a tenant's audience.
-- Why beside quality_by_minute: a day is ten thousand rows here, and above a million there.
-- Row budget: 7 a minute, 10,000 a day.
-- Read by: quality_totals_t. Cost: about 80 bytes a row.
-- Undo: DROP TABLE IF EXISTS quality_totals_by_minute
CREATE TABLE IF NOT EXISTS quality_totals_by_minute
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    minute DateTime('UTC') COMMENT 'Start of the minute; event time',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
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
    version DateTime64(3, 'UTC') COMMENT 'When the row was computed; the latest stays',
    INDEX version_minmax version TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}ReplacingMergeTree(version)
-- Why: readers ask for a window of a tenant.
ORDER BY (tenant, minute, device_class)
TTL minute + INTERVAL 400 DAY
COMMENT 'Quality by minute and device class'
