-- Quality of experience by minute and a few chosen dimensions; every measure adds up.
-- Why ReplacingMergeTree and no sums: a minute is computed again, whole, from the sessions, so redelivery changes
-- nothing; a combination that vanished is overwritten with zeros.
-- Row budget: titles x 6 classes x countries x CDNs that have an audience in that minute.
-- Read by: quality_by_minute_v, quality_by_minute_t. Cost: about 60 bytes a row.
-- Undo: DROP TABLE IF EXISTS quality_by_minute
CREATE TABLE IF NOT EXISTS quality_by_minute
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    minute DateTime('UTC') COMMENT 'Start of the minute; event time',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    country LowCardinality(String) COMMENT 'Country, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN, empty = unknown',
    attempts UInt64 COMMENT 'Sessions that began; count',
    plays UInt64 COMMENT 'Sessions that showed their first frame; count',
    startup_ms_sum UInt64 COMMENT 'Sum of known start-up times, at the first frame; ms',
    startup_count UInt64 COMMENT 'Start-up times in that sum; count',
    ended_plays UInt64 COMMENT 'Started sessions that ended; count',
    exits_before_start UInt64 COMMENT 'Sessions left before the first frame; count',
    failures_before_start UInt64 COMMENT 'Sessions failed before the first frame; count',
    failures UInt64 COMMENT 'Started sessions that failed; count',
    timeouts UInt64 COMMENT 'Sessions closed for silence; count',
    stall_count UInt64 COMMENT 'Stalls, by their start; count',
    starting_ms UInt64 COMMENT 'Time in starting; ms',
    playing_ms UInt64 COMMENT 'Time in playing; ms',
    stalled_ms UInt64 COMMENT 'Time in stalled; ms',
    seeking_ms UInt64 COMMENT 'Time in seeking; ms',
    paused_ms UInt64 COMMENT 'Time in paused; ms',
    ad_ms UInt64 COMMENT 'Time in ad breaks; ms',
    bitrate_kbit_ms UInt64 COMMENT 'Playing ms times kbit/s, where the bitrate is known; bits',
    bitrate_known_ms UInt64 COMMENT 'Playing time with a known bitrate; ms',
    error_count UInt64 COMMENT 'Errors; count',
    ad_start_count UInt64 COMMENT 'Ads begun; count',
    ad_end_count UInt64 COMMENT 'Ads played to their end; count',
    ad_skip_count UInt64 COMMENT 'Ads skipped; count',
    ad_click_count UInt64 COMMENT 'Ads clicked; count',
    version DateTime64(3, 'UTC') COMMENT 'When the row was computed; the latest stays'
)
ENGINE = ${replicated}ReplacingMergeTree(version)
PARTITION BY toYYYYMM(minute)
-- Why: readers ask for a window of a tenant first.
ORDER BY (tenant, minute, content_id, device_class, country, cdn)
COMMENT 'Quality by minute, content, device class, country and CDN, computed from sessions'
