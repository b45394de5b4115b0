-- Purpose: rows that the gateway has computed, for formats that only the server writes.
-- Parameters: none. The places marked by a dollar are the rows as JSON in base64, the types of a row, and its values under the
--             names that readers know: gateway/analytics/explore/written.rs.
-- Cost: reads no table.
SELECT
    ${columns}
FROM
(
    SELECT arrayJoin(JSONExtract(base64Decode('${rows}'), 'Array(Tuple(${types}))')) AS t
) AS told
