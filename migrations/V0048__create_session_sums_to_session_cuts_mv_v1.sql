-- Second step of docs/sessions.md in SQL (4): where another content begins, a session's marks are cut.
-- Why this chain has so many tables that store nothing: the engine, when it plans an expression, goes through everything
-- that it is selected from. Over a table that is one name, over a subquery its whole text, again for each expression.
-- Cost: linear in marks.
-- Undo: DROP VIEW IF EXISTS session_sums_to_session_cuts_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS session_sums_to_session_cuts_mv_v1 TO session_cuts AS
WITH
    -- The content at each mark.
    named AS
    (
        SELECT
            *,
            arrayReverseFill(x -> x != 0, arrayFill(x -> x != 0, marks.content)) AS mark_contents,
            -- The greatest variant first.
            arrayReverseSort(arrayDistinct(arrayFlatten(arrayMap(x -> CAST(x, 'Array(Tuple(String, String))'), attributes_told.experiments)))) AS variants
        FROM session_sums
    )
SELECT
    tenant,
    session_key,
    first_ms,
    last_ms,
    sent_delta_ms,
    client_delta_ms,
    arraySplit(
        (m, c, before) -> c != before,
        marks, mark_contents, arrayPopBack(arrayPushFront(mark_contents, mark_contents[1]))) AS runs,
    -- A session without marks is one play, of the content told first by any beacon.
    if(mark_contents[1] != 0,
        arrayCompact(mark_contents),
        [arraySort(x -> (x.3, x.2), arrayFilter(x -> x.1 != 0, contents))[1].1])::Array(UInt32) AS play_contents,
    arrayReverse(arrayFilter((x, before) -> x.1 != before.1, variants, arrayPopBack(arrayPushFront(variants, ('', '')))))::Map(String, String) AS experiments,
    facts,
    contents,
    attributes_told,
    pass
FROM named AS named
COMMENT 'Cuts marks where another content begins'
