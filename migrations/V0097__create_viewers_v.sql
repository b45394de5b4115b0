-- Viewers with their history, one row per change: replaced and deleted rows are left out.
-- Cost: the whole of a tenant's viewers is grouped, a second for 200,000; filter by viewer_id where one is meant.
-- Undo: DROP VIEW IF EXISTS viewers_v
CREATE VIEW IF NOT EXISTS viewers_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    viewer_id String COMMENT 'Person or household, as beacons name it in viewer_id',
    valid_from DateTime64(3, 'UTC') COMMENT 'From when the row holds; 1970 = always did',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'When the next row of the viewer takes over; NULL for the one that holds now',
    age_group LowCardinality(String) COMMENT 'Age group as the platform names it (18-24), empty = not told',
    country LowCardinality(String) COMMENT 'Home country, ISO 3166-1 alpha-2, empty = not told',
    subscription LowCardinality(String) COMMENT 'Plan that is paid for, empty = not told',
    joined_on Nullable(Date32) COMMENT 'When the viewer joined; NULL when not told',
    preferences Map(LowCardinality(String), String) COMMENT 'Preferences by name, empty = not told',
    version DateTime64(3, 'UTC') COMMENT 'When it was told; server time'
)
AS SELECT
    h.tenant AS tenant,
    h.viewer_id AS viewer_id,
    fromUnixTimestamp64Milli(from_ms, 'UTC') AS valid_from,
    if(to_ms IS NULL, NULL, fromUnixTimestamp64Milli(assumeNotNull(to_ms), 'UTC')) AS valid_to,
    group_then AS age_group,
    country_then AS country,
    subscription_then AS subscription,
    if(joined_then = -2147483648, NULL, toDate32(joined_then)) AS joined_on,
    preferences_then AS preferences,
    version_then AS version
FROM viewer_histories AS h
ARRAY JOIN
    h.valid_from_ms AS from_ms,
    arrayPushBack(arrayPopFront(h.valid_from_ms)::Array(Nullable(Int64)), NULL) AS to_ms,
    h.age_group AS group_then,
    h.country AS country_then,
    h.subscription AS subscription_then,
    h.joined_day AS joined_then,
    h.preferences AS preferences_then,
    h.version AS version_then
COMMENT 'Viewers with their history, one row per viewer and change'
