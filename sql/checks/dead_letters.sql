-- Proves: nothing that the gateway acknowledged was lost at the tap: no message of the window could not be parsed. Only
--         validated beacons go into the topic, so accepted = raw holds as long as this is empty.
-- When it fails: read `error` and the message (dead_letters, raw_message). Another writer on the topic, or a warehouse whose
--         Kafka table has an older schema than the gateway: migrate, then send the messages again; copies fold.
-- Cost: the dead letters, which there should be none of.
SELECT
    d.topic AS topic,
    d.partition AS partition,
    d.offset AS offset,
    d.seen_at AS seen_at,
    d.error AS error
FROM dead_letters${all} AS d FINAL
WHERE d.seen_at >= {since:DateTime} AND d.seen_at < {until:DateTime}
ORDER BY topic, partition, offset
LIMIT 100
