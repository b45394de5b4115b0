-- Each viewer's history as sorted arrays of equal length, one element per row of viewers: what viewers_by_id loads.
-- Why arrays: one million viewers with 1.2 million rows took 157 MiB in a dictionary of arrays and 617 MiB in one
-- of ranges (COMPLEX_KEY_RANGE_HASHED); looking 500,000 sessions up took 0.8 s and 0.4 s of two cores, and a join
-- without a dictionary 1.7 s each time.
-- Read by: viewers_by_id, viewers_v. Cost: FINAL and a GROUP BY over all viewers; 5 s a million on two cores.
-- Undo: DROP VIEW IF EXISTS viewer_histories
CREATE VIEW IF NOT EXISTS viewer_histories
(
    tenant LowCardinality(String) COMMENT 'Owner of the data; parameter tenant of the load',
    viewer_id String COMMENT 'Person or household, as beacons name it in viewer_id',
    valid_from_ms Array(Int64) COMMENT 'From when each row holds, rising; Unix ms',
    age_group Array(String) COMMENT 'Age group of each row',
    country Array(String) COMMENT 'Home country of each row',
    subscription Array(String) COMMENT 'Plan of each row',
    joined_day Array(Int32) COMMENT 'When the viewer joined, as each row tells; days since 1970; the smallest number when not told',
    preferences Array(Map(LowCardinality(String), String)) COMMENT 'Preferences of each row',
    version Array(DateTime64(3, 'UTC')) COMMENT 'When each row was told; server time'
)
AS SELECT
    tenant,
    viewer_id,
    arrayMap(row -> toUnixTimestamp64Milli(row.1), history) AS valid_from_ms,
    arrayMap(row -> toString(row.2), history) AS age_group,
    arrayMap(row -> toString(row.3), history) AS country,
    arrayMap(row -> toString(row.4), history) AS subscription,
    arrayMap(row -> row.5, history) AS joined_day,
    arrayMap(row -> row.6, history) AS preferences,
    arrayMap(row -> row.7, history) AS version
FROM
(
    SELECT
        v.tenant AS tenant,
        v.viewer_id AS viewer_id,
        arraySort(row -> row.1, groupArray((v.valid_from, v.age_group, v.country, v.subscription, ifNull(toInt32(v.joined_on), toInt32(-2147483648)), v.preferences, v.version))) AS history
    FROM viewers${all} AS v FINAL
    GROUP BY v.tenant, v.viewer_id
) AS grouped
COMMENT 'Viewers with their history in arrays, for the dictionary viewers_by_id'
