-- What came out of Kafka and could not be parsed: the message as it was, and why.
-- Why our own table: it keeps topic, partition and offset, so a message can be looked at and driven again.
-- Read by: dead_letters_v. Cost: nothing while the gateway alone writes the topic.
-- Undo: DROP TABLE IF EXISTS dead_letters
CREATE TABLE IF NOT EXISTS dead_letters
(
    seen_at DateTime64(3, 'UTC') COMMENT 'When the warehouse read it; server time',
    topic LowCardinality(String) COMMENT 'Kafka topic',
    partition UInt64 COMMENT 'Kafka partition',
    offset UInt64 COMMENT 'Kafka offset in the partition',
    error String COMMENT 'What the parser said',
    raw_message String COMMENT 'The message, byte for byte'
)
ENGINE = ${replicated}ReplacingMergeTree(seen_at)
ORDER BY (topic, partition, offset)
TTL toDateTime(seen_at) + INTERVAL 90 DAY
COMMENT 'Kafka messages that could not be parsed, 90 days'
