-- Which dead letters were driven again, and what came of it, so that nobody does it twice without wanting to.
-- Why a table of its own: the letter stays what it was, and a letter may be driven again after its cause is mended.
-- Read by: playhead redrive. Cost: a row for each letter that was driven again.
-- Undo: DROP TABLE IF EXISTS dead_letter_redrives
CREATE TABLE IF NOT EXISTS dead_letter_redrives
(
    redriven_at DateTime64(3, 'UTC') COMMENT 'When it was driven again; server time',
    topic LowCardinality(String) COMMENT 'Kafka topic of the letter',
    partition UInt64 COMMENT 'Kafka partition of the letter',
    offset UInt64 COMMENT 'Kafka offset of the letter in the partition',
    beacons UInt32 COMMENT 'Beacons of it that Kafka acknowledged again; count',
    unreadable UInt32 COMMENT 'Rows of it that are no beacons and stay in the letter; count'
)
ENGINE = ${replicated}ReplacingMergeTree(redriven_at)
ORDER BY (topic, partition, offset)
TTL toDateTime(redriven_at) + INTERVAL 90 DAY
COMMENT 'Dead letters that were driven again, 90 days'
