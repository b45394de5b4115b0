-- Messages that the warehouse could not parse, for readers.
-- Undo: DROP VIEW IF EXISTS dead_letters_v
CREATE VIEW IF NOT EXISTS dead_letters_v
(
    seen_at DateTime64(3, 'UTC') COMMENT 'When the warehouse read it; server time',
    topic LowCardinality(String) COMMENT 'Kafka topic',
    partition UInt64 COMMENT 'Kafka partition',
    offset UInt64 COMMENT 'Kafka offset in the partition',
    error String COMMENT 'What the parser said',
    size_bytes UInt64 COMMENT 'Size of the message; bytes'
)
AS SELECT seen_at, topic, partition, offset, error, length(raw_message) AS size_bytes
FROM dead_letters${all} FINAL
COMMENT 'Kafka messages that could not be parsed'
