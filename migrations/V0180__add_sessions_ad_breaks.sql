-- The ad breaks of a play, by the rules of docs/views.md 1, computed once when the play is stored; see V0179.
-- Read by: ad_breaks_v, ad_breaks_t, ad_break_facts_t. Cost: 2 us and 13 bytes a play, 14 ms of planning whenever plays are stored.
-- Undo: ALTER TABLE sessions DROP COLUMN IF EXISTS ad_breaks
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS ad_breaks Array(Tuple(
    break_no UInt16,
    break_id String,
    begun_at DateTime64(3, 'UTC'),
    ended_at Nullable(DateTime64(3, 'UTC')),
    start_count UInt32,
    complete_count UInt32,
    skip_count UInt32,
    error_count UInt32,
    ad_ms UInt64)) MATERIALIZED
arrayMap(
    (breaks, in_ads) -> arrayFilter(b -> b.1 > 0, arrayMap(
        (marks, until, break_no) -> (
            break_no,
            arrayMax(m -> m.6, marks),
            marks[1].1,
            if(arrayExists(m -> m.2 = 41, marks), arrayFirst(m -> m.2 = 41, marks).1, NULL),
            arrayCount(m -> m.2 = 42, marks),
            arrayCount(m -> m.2 = 43, marks),
            arrayCount(m -> m.2 = 45, marks),
            arrayCount(m -> m.2 = 47, marks),
            arraySum(i -> greatest(0, toUnixTimestamp64Milli(least(i.3, until)) - toUnixTimestamp64Milli(greatest(i.2, marks[1].1))), in_ads)),
        breaks,
        arrayResize(arrayMap(marks -> marks[1].1, arrayPopFront(breaks)), length(breaks), toDateTime64('2299-12-31 00:00:00', 3, 'UTC')),
        arrayMap(place -> place - (breaks[1][1].2 != 40), arrayEnumerate(breaks)))),
    [arraySplit(m -> m.2 = 40, arrayFilter(m -> m.2 >= 40, events))],
    [arrayFilter(i -> i.1 = 'in_ad', intervals)])[1]
COMMENT 'Ad breaks, unfilled ones included, as ad_breaks_v tells them; event time' AFTER ads
