-- The minutes that were computed again since a moment: what late beacons changed, for whoever keeps answers about them.
-- Cost: the parts of quality_by_minute with newer versions, which their index tells.
-- Undo: DROP VIEW IF EXISTS changed_minutes_t
CREATE VIEW IF NOT EXISTS changed_minutes_t AS
SELECT
    q.minute AS minute,
    max(q.version) AS version
FROM quality_by_minute${all} AS q
WHERE q.tenant = {tenant:String} AND q.version > {since:DateTime64(3, 'UTC')}
GROUP BY q.minute
COMMENT 'Minutes of a tenant that were computed again since a moment; parameters tenant, since'
