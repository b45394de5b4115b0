-- The schedule as it stands: replaced and deleted rows are left out.
-- Cost: FINAL over the columns asked for.
-- Undo: DROP VIEW IF EXISTS programmes_v
CREATE VIEW IF NOT EXISTS programmes_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    channel LowCardinality(String) COMMENT 'Channel, as beacons name it in content.channel or the catalogue in channel',
    starts_at DateTime64(3, 'UTC') COMMENT 'When it begins on air',
    ends_at DateTime64(3, 'UTC') COMMENT 'When it is over; not part of it',
    programme String COMMENT 'Programme, as the schedule names it; empty = not told',
    title String COMMENT 'What viewers read in the guide, empty = not told',
    content_id String COMMENT 'Title in the catalogue that is shown, empty = none',
    version DateTime64(3, 'UTC') COMMENT 'When it was told; server time'
)
AS SELECT * EXCEPT is_deleted
FROM programmes${all} FINAL
COMMENT 'Schedule of the channels, one row per programme'
