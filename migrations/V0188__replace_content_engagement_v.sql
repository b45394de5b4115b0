-- Which second of a title was watched, watched again, skipped, and where plays ended, by the day that the play began.
-- Since V0111: from the changes that the play's row has computed (V0181), to the same rows.
-- Cost: the changes of every session; filter by content_id, or use content_engagement_t.
-- Undo: CREATE OR REPLACE VIEW content_engagement_v with the columns and the query of V0111
CREATE OR REPLACE VIEW content_engagement_v
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    day Date COMMENT 'Day on which the plays began; event time',
    content_id LowCardinality(String) COMMENT 'Title, empty = not told',
    second UInt32 COMMENT 'Second of the title, from 0; a position of a day and more is left out',
    plays_watched UInt64 COMMENT 'Plays that showed it; count',
    times_watched UInt64 COMMENT 'How often they showed it: more than plays is watched again; count',
    plays_skipped UInt64 COMMENT 'Plays that leapt over it and never showed it; count',
    plays_ended UInt64 COMMENT 'Plays whose last second it was; count'
)
AS SELECT
    tenant,
    day,
    content_id,
    second,
    toUInt64(watching) AS plays_watched,
    toUInt64(times) AS times_watched,
    toUInt64(skipping) AS plays_skipped,
    toUInt64(ending) AS plays_ended
FROM
(
    -- Between two changes everything stays as it is.
    SELECT
        tenant,
        day,
        content_id,
        step,
        next_number,
        watching,
        times,
        skipping,
        ending
    FROM
    (
        -- Arrays and no window functions: a filter by title comes through to the sessions.
        SELECT
            tenant,
            day,
            content_id,
            arraySort(groupArray((number, watching_change, times_change, skipping_change, ending_change))) AS steps
        FROM
        (
            SELECT
                s.tenant AS tenant,
                toDate(s.started_at) AS day,
                s.content_id AS content_id,
                change.second AS number,
                sum(change.watching) AS watching_change,
                sum(change.times) AS times_change,
                sum(change.skipping) AS skipping_change,
                sum(change.ending) AS ending_change
            FROM sessions${all} AS s FINAL
            ARRAY JOIN s.engagement AS change
            GROUP BY tenant, day, content_id, number
        ) AS by_number
        GROUP BY tenant, day, content_id
    ) AS title
    ARRAY JOIN
        steps AS step,
        arrayPushBack(arrayPopFront(arrayMap(s -> s.1, steps)), (steps[-1]).1) AS next_number,
        arrayCumSum(s -> s.2, steps) AS watching,
        arrayCumSum(s -> s.3, steps) AS times,
        arrayCumSum(s -> s.4, steps) AS skipping,
        arrayCumSum(s -> s.5, steps) AS ending
) AS curve
ARRAY JOIN if(watching + times + skipping + ending > 0, range(step.1, next_number), []) AS second
COMMENT 'Seconds of a title: watched, watched again, skipped, ended'
