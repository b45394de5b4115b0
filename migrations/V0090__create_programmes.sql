-- The schedule of channels: one row per programme and start, the latest version counts.
-- Why this key: a schedule is read by channel and time; a programme that moves is deleted at its old start.
-- Read by: programmes_v, programmes_t, programmes_by_channel. Cost: about 50 bytes a programme.
-- Undo: DROP TABLE IF EXISTS programmes
CREATE TABLE IF NOT EXISTS programmes
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    channel LowCardinality(String) COMMENT 'Channel, as beacons name it in content.channel or the catalogue in channel',
    starts_at DateTime64(3, 'UTC') COMMENT 'When it begins on air',
    ends_at DateTime64(3, 'UTC') COMMENT 'When it is over; not part of it',
    programme String COMMENT 'Programme, as the schedule names it; empty = not told',
    title String COMMENT 'What viewers read in the guide, empty = not told',
    content_id String COMMENT 'Title in the catalogue that is shown, empty = none',
    is_deleted UInt8 DEFAULT 0 COMMENT '1 takes the programme out of the schedule',
    version DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was told; server time; the latest stays'
)
ENGINE = ${replicated}ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant, channel, starts_at)
COMMENT 'Schedule of the channels, one row per programme; the latest version counts'
