-- Purpose: the rows of another query of this folder that has a grouping set for each dimension: of each, and of each step, the
--          values with the most of one of the numbers.
-- Parameters: limit: values of a dimension and step; those of the rows.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: that of the rows.
SELECT *
FROM
(
    ${rows}
) AS r
ORDER BY bucket, which, ifNull(toFloat64(${by}), -inf) DESC, ${keys}
LIMIT {limit:UInt32} BY bucket, which
