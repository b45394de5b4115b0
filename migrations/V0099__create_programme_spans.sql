-- The schedule of the last 100 days and what is to come, in Unix ms: what programmes_by_channel loads.
-- Why bounded: a span costs 0.2 kilobytes of memory; 100 channels of 40 programmes a day are 400,000 spans, 85 MB.
-- Read by: programmes_by_channel. Cost: FINAL over the schedule.
-- Undo: DROP VIEW IF EXISTS programme_spans
CREATE VIEW IF NOT EXISTS programme_spans
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    channel LowCardinality(String) COMMENT 'Channel',
    from_ms Int64 COMMENT 'When it begins on air; Unix ms',
    to_ms Int64 COMMENT 'Its last millisecond on air; Unix ms',
    programme String COMMENT 'Programme, as the schedule names it; empty = not told',
    title String COMMENT 'What viewers read in the guide, empty = not told',
    content_id String COMMENT 'Title in the catalogue that is shown, empty = none'
)
AS SELECT
    tenant,
    channel,
    toUnixTimestamp64Milli(starts_at) AS from_ms,
    toUnixTimestamp64Milli(ends_at) - 1 AS to_ms,
    programme,
    title,
    content_id
FROM programmes_v
WHERE ends_at > now() - toIntervalDay(100)
COMMENT 'Schedule of the last 100 days and later, for the dictionary programmes_by_channel'
