-- A play's minute told by what changes at each second, for the view that computes seconds.
-- An interval is told by its ends: ms in its first and last second, +1 and -1 for the full seconds between (kind 20 + state),
-- and +1 and -1 for the instants that it covers (kind 30 + state); running sums over the minute make numbers of these.
-- Why a view of its own: as a subquery its text would be gone through for each expression that stands over it.
-- Read by: minutes_due_to_quality_by_second_mv_v1.
-- Cost: none by itself.
-- Undo: DROP VIEW IF EXISTS session_minute_changes
CREATE VIEW IF NOT EXISTS session_minute_changes
(
    tenant LowCardinality(String) COMMENT 'Owner of the data',
    minute DateTime('UTC') COMMENT 'Start of the minute; event time',
    device_class LowCardinality(String) COMMENT 'Device class, empty = unknown',
    cdn LowCardinality(String) COMMENT 'CDN, empty = unknown',
    changes Array(Tuple(UInt16, Int32)) COMMENT 'Second of the minute times 64 plus kind, and by how much it changes there'
)
AS SELECT
    tenant,
    minute,
    device_class,
    cdn,
    arrayFilter(x -> x.2 != 0 AND x.1 < 3840, arrayConcat(
        arrayMap(x -> (intDiv(x.2, 1000) * 64 + 10 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), x.3 - x.2, (1000 - x.2 % 1000) % 1000)), here)::Array(Tuple(UInt16, Int32)),
        arrayMap(x -> (intDiv(x.3, 1000) * 64 + 10 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), 0, x.3 % 1000)), here)::Array(Tuple(UInt16, Int32)),
        arrayMap(x -> (intDiv(x.2 + 999, 1000) * 64 + 20 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), 0, 1)), here)::Array(Tuple(UInt16, Int32)),
        arrayMap(x -> (intDiv(x.3, 1000) * 64 + 20 + x.1, if(intDiv(x.2, 1000) = intDiv(x.3, 1000), 0, -1)), here)::Array(Tuple(UInt16, Int32)),
        arrayMap(x -> (intDiv(x.2 + 999, 1000) * 64 + 30 + x.1, 1), here)::Array(Tuple(UInt16, Int32)),
        arrayMap(x -> (intDiv(x.3 + 999, 1000) * 64 + 30 + x.1, -1), here)::Array(Tuple(UInt16, Int32)),
        arrayMap(x -> (intDiv(x.1, 1000) * 64 + x.2, 1), moments)::Array(Tuple(UInt16, Int32)))) AS changes
FROM session_minutes${all} AS session_minutes FINAL
COMMENT 'Plays in minutes as changes at seconds'
