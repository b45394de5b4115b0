-- Keeps messages that could not be parsed. Created after the tap: consumption begins with the first view, and in the
-- gap between the two only a malformed message could be missed.
-- Undo: DROP VIEW IF EXISTS beacons_kafka_to_dead_letters_mv_v1
CREATE MATERIALIZED VIEW IF NOT EXISTS beacons_kafka_to_dead_letters_mv_v1 TO dead_letters AS
SELECT
    now64(3) AS seen_at,
    _topic AS topic,
    _partition AS partition,
    _offset AS offset,
    _error AS error,
    _raw_message AS raw_message
FROM beacons_kafka
WHERE length(_error) > 0
COMMENT 'Keeps messages that could not be parsed'
