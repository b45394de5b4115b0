-- How far each stage of the warehouse is, for the API: beacons taken in and sessions computed of one tenant, and the watermarks of
-- the passes and the messages that could not be read, which belong to no tenant.
-- Cost: the states and sessions of the last day by an index, a row a pass, the unreadable messages.
-- Undo: DROP VIEW IF EXISTS stages_t
CREATE VIEW IF NOT EXISTS stages_t AS
SELECT *
FROM
(
    SELECT
        {tenant:String} AS tenant,
        1 AS place,
        'beacons' AS stage,
        if(count() = 0, NULL, max(s.seen)) AS newest_at,
        NULL AS items
    FROM session_states${all} AS s
    WHERE s.tenant = {tenant:String} AND s.seen > now64(3) - INTERVAL 1 DAY
    UNION ALL
    SELECT
        {tenant:String} AS tenant,
        2 AS place,
        'sessions' AS stage,
        if(count() = 0, NULL, max(s.version)) AS newest_at,
        NULL AS items
    FROM sessions${all} AS s
    WHERE s.tenant = {tenant:String} AND s.version > now64(3) - INTERVAL 1 DAY
    UNION ALL
    SELECT
        {tenant:String} AS tenant,
        3 AS place,
        toString(p.pass) AS stage,
        max(p.version)::Nullable(DateTime64(3, 'UTC')) AS newest_at,
        NULL AS items
    FROM pass_runs${all} AS p
    GROUP BY p.pass
    UNION ALL
    SELECT
        {tenant:String} AS tenant,
        4 AS place,
        'dead_letters' AS stage,
        if(count() = 0, NULL, max(d.seen_at)) AS newest_at,
        count()::Nullable(UInt64) AS items
    FROM dead_letters${all} AS d FINAL
) AS stages
COMMENT 'How far each stage of the warehouse is; parameter tenant'
