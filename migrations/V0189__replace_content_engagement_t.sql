-- The same of one tenant's plays that began in a window, for the API and for guarded SQL.
-- Since V0112: from the changes that the play's row has computed (V0181), to the same rows.
-- Undo: CREATE OR REPLACE VIEW content_engagement_t with the query of V0112
CREATE OR REPLACE VIEW content_engagement_t AS
SELECT
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
            WHERE s.tenant = {tenant:String}
              AND s.version >= greatest({from_time:DateTime64(3, 'UTC')}, toDateTime64('1971-01-01 00:00:00', 3, 'UTC')) - INTERVAL 1 DAY
              AND s.started_at >= {from_time:DateTime64(3, 'UTC')}
              AND s.started_at < {to_time:DateTime64(3, 'UTC')}
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
COMMENT 'Seconds of the titles of plays of a tenant that began in a window; parameters tenant, from_time, to_time'
