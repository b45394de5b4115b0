-- Purpose: a page of the rows of another query of this folder, the leading ones first.
-- Parameters: limit: rows; after_bits, after_keys: where the last page ended, if it did; those of the rows.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: that of the rows.
SELECT
    *,
    ${sort_bits} AS sort_bits
FROM
(
    ${rows}
) AS r
WHERE ${after}
ORDER BY ${order}
LIMIT {limit:UInt32}
