-- What can be watched, as the catalogue tells it: one row per title, the latest version counts.
-- Why this key: a title is looked up by tenant and id, and told again under the same id.
-- Read by: content_v, content_t, content_by_id. Cost: about 100 bytes a title and what its texts take.
-- Undo: DROP TABLE IF EXISTS content
CREATE TABLE IF NOT EXISTS content
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    content_id String COMMENT 'Title, as beacons name it in content_id',
    title String COMMENT 'Name of the title, empty = not told',
    description String COMMENT 'What it is about, empty = not told' CODEC(ZSTD(3)),
    content_type LowCardinality(String) COMMENT 'movie, episode, clip, channel, ... as the catalogue names it; empty = not told',
    genres Array(LowCardinality(String)) COMMENT 'Genres, empty = not told',
    language LowCardinality(String) COMMENT 'Original language, BCP 47, empty = not told',
    release_date Nullable(Date32) COMMENT 'First release; NULL when not told',
    duration_ms Nullable(UInt64) COMMENT 'Length; ms; NULL when not told',
    rating LowCardinality(String) COMMENT 'Age rating as the catalogue names it (PG-13, FSK 12), empty = not told',
    cast Array(String) COMMENT 'Actors in the order of the credits, empty = not told',
    director String COMMENT 'Director, empty = not told',
    series String COMMENT 'Series it belongs to, empty = none',
    season String COMMENT 'Season in the series, empty = none',
    episode String COMMENT 'Episode in the season, empty = none',
    channel LowCardinality(String) COMMENT 'Channel that shows it, or that it is; empty = none',
    is_deleted UInt8 DEFAULT 0 COMMENT '1 takes the title out of the catalogue',
    version DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was told; server time; the latest stays'
)
ENGINE = ${replicated}ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant, content_id)
COMMENT 'The catalogue, one row per title; the latest version counts'
