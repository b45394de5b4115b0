-- The schedule in memory, for dictGet by (tenant, channel) at a time. Of programmes that overlap the later one counts.
-- Why ranges and no sorted arrays: a channel has thousands of programmes, and an array is copied at every look-up.
-- Read by: sessions_enriched_v. Cost: 0.2 kilobytes of memory a programme, 100 days of them (see programme_spans);
-- loaded at first use, then anew every 20 to 40 s. The gateway reloads it after what it writes itself.
-- Undo: DROP DICTIONARY IF EXISTS programmes_by_channel
CREATE DICTIONARY IF NOT EXISTS programmes_by_channel
(
    tenant String,
    channel String,
    from_ms Int64,
    to_ms Int64,
    programme String,
    title String,
    content_id String
)
PRIMARY KEY tenant, channel
SOURCE(CLICKHOUSE(TABLE 'programme_spans'))
LAYOUT(COMPLEX_KEY_RANGE_HASHED(RANGE_LOOKUP_STRATEGY 'max'))
RANGE(MIN from_ms MAX to_ms)
LIFETIME(MIN 20 MAX 40)
COMMENT 'Programmes by tenant, channel and time; refreshed from programme_spans'
