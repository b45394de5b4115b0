-- Where in its title a play began and ended to watch and to skip, by the rules of docs/views.md 3, computed once when it is stored.
-- Why: the same in a view took 0.4 s to plan; see V0179 for how lists of one element give names.
-- How: from innermost out: the stretches told, and where the one before each ended; where each begins, since some players tell
-- whole seconds; the edges of stretches and leaps, in order; after each edge whether the second is watched, or skipped and
-- watched by nothing; what changes there. Summed up over plays these changes are the curve. watched: 1 from_ms, 2 to_ms.
-- Read by: content_engagement_v, content_engagement_t. Cost: 7 us and 50 bytes a play, 20 ms of planning whenever plays are stored.
-- Undo: ALTER TABLE sessions DROP COLUMN IF EXISTS engagement
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS engagement Array(Tuple(
    second UInt32,
    watching Int8,
    times Int8,
    skipping Int8,
    ending Int8)) MATERIALIZED
arrayConcat(
    arrayMap(
        edges -> arrayMap(
            (is_watched, is_skipped) -> arrayFilter(c -> c.2 != 0 OR c.3 != 0 OR c.4 != 0, arrayMap(
                (edge, now_watched, now_skipped, was_watched, was_skipped) -> (edge.1, now_watched - was_watched, edge.2, now_skipped - was_skipped, 0),
                edges, is_watched, is_skipped, arrayPopBack(arrayPushFront(is_watched, 0)), arrayPopBack(arrayPushFront(is_skipped, 0)))),
            [arrayMap(over -> over > 0, arrayCumSum(edge -> edge.2, edges))],
            [arrayMap((leapt, seen) -> leapt > 0 AND seen <= 0, arrayCumSum(edge -> edge.3, edges), arrayCumSum(edge -> edge.2, edges))])[1],
        arrayMap(
            (told, ends_before) -> arrayMap(
                begins -> arraySort(arrayFlatten([
                    arrayMap(w -> (w.1, 1, 0), arrayFilter(w -> w.2 > w.1, arrayMap((begin, w) -> (intDiv(begin + 999, 1000), intDiv(w.2 + 999, 1000)), begins, told)) AS seen),
                    arrayMap(w -> (w.2, -1, 0), seen),
                    arrayMap(l -> (l.1, 0, 1), if(seek_count = 0, [], arrayFilter(l -> l.1 >= 0 AND l.2 > l.1, arrayMap((begin, end_before) -> (if(end_before < 0, -1, intDiv(end_before + 999, 1000)), intDiv(begin + 999, 1000)), begins, ends_before))) AS leaps),
                    arrayMap(l -> (l.2, 0, -1), leaps)])),
                [arrayMap((w, end_before) -> if(abs(w.1 - end_before) <= 1000, end_before, w.1), told, ends_before)]),
            [arrayFilter(w -> w.1 >= 0 AND w.2 <= 86400000, watched)],
            [arrayPopBack(arrayPushFront(arrayMap(w -> w.2, arrayFilter(w -> w.1 >= 0 AND w.2 <= 86400000, watched)), -1000000))])[1])[1],
    if(ended_at IS NULL OR empty(arrayFilter(w -> w.1 >= 0 AND w.2 <= 86400000, watched) AS known), [], [(intDiv(greatest(known[-1].2, 1) - 1, 1000), 0, 0, 0, 1), (intDiv(greatest(known[-1].2, 1) - 1, 1000) + 1, 0, 0, 0, -1)]))
COMMENT 'From which second of the title on it is watched (+1, -1), by how many stretches more, skipped, and where it ended; s' AFTER ad_breaks
