-- Who watches, with history: one row per viewer and moment from which it holds, the latest version of each counts.
-- Why this key: a viewer's history lies together, in the order of time.
-- Read by: viewer_histories, viewers_v, viewers_t. Cost: about 40 bytes a row and what the id takes.
-- Undo: DROP TABLE IF EXISTS viewers
CREATE TABLE IF NOT EXISTS viewers
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    viewer_id String COMMENT 'Person or household, as beacons name it in viewer_id',
    valid_from DateTime64(3, 'UTC') COMMENT 'From when the row holds, until the next one of the viewer; 1970 = always did',
    age_group LowCardinality(String) COMMENT 'Age group as the platform names it (18-24), empty = not told',
    country LowCardinality(String) COMMENT 'Home country, ISO 3166-1 alpha-2, empty = not told',
    subscription LowCardinality(String) COMMENT 'Plan that is paid for, empty = not told',
    joined_on Nullable(Date32) COMMENT 'When the viewer joined; NULL when not told',
    preferences Map(LowCardinality(String), String) COMMENT 'Preferences by name, empty = not told',
    is_deleted UInt8 DEFAULT 0 COMMENT '1 takes this row out of the history',
    version DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was told; server time; the latest stays'
)
ENGINE = ${replicated}ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant, viewer_id, valid_from)
COMMENT 'Viewers with their history, one row per viewer and change; the latest version counts'
