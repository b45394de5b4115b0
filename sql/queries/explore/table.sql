-- Purpose: rows of another query of this folder under the names that readers know, for formats that the server writes.
-- Parameters: those of the rows.
--             The places marked by a dollar: gateway/analytics/explore/text.rs.
-- Cost: that of the rows.
SELECT
    ${columns}
FROM
(
    ${rows}
) AS t
ORDER BY ${order}
