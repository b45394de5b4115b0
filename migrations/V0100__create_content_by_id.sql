-- The catalogue in memory, for dictGet by (tenant, content_id).
-- The source is named without a database: that is then the dictionary's own, read by the server itself as its user
-- `default`, which must be allowed in from the server's own machine. A QUERY as the source knows no database.
-- Read by: sessions_enriched_v. Cost: 0.4 kilobytes of memory a title and what its texts take (description left out),
-- twice while it loads; loaded at first use, then anew every 20 to 40 s. The gateway reloads it after what it writes itself.
-- Undo: DROP DICTIONARY IF EXISTS content_by_id
CREATE DICTIONARY IF NOT EXISTS content_by_id
(
    tenant String,
    content_id String,
    title String,
    content_type String,
    genres Array(String),
    language String,
    release_date Nullable(Date32),
    duration_ms Nullable(UInt64),
    rating String,
    cast Array(String),
    director String,
    series String,
    season String,
    episode String,
    channel String
)
PRIMARY KEY tenant, content_id
SOURCE(CLICKHOUSE(TABLE 'content_v'))
LAYOUT(COMPLEX_KEY_HASHED_ARRAY())
LIFETIME(MIN 20 MAX 40)
COMMENT 'Titles by tenant and content_id; refreshed from content_v'
