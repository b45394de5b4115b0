-- Purpose: the rows of another query of this folder that has a grouping set for each dimension, a row for each value: its sums by
--          step. Of each dimension those with the most of one of the numbers in all steps together.
-- Parameters: limit: values of a dimension; those of the rows.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: that of the rows.
SELECT
    which,
    [${groups}][which + 1] AS told,
    groupArray(bucket) AS buckets,
    groupArray([${values}]) AS sums
FROM
(
    ${rows}
) AS r
GROUP BY which, told
ORDER BY which, sum(ifNull(toFloat64(${by}), 0)) DESC, told
LIMIT {limit:UInt32} BY which
