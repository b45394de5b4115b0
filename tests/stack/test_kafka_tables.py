"""Kafka tables, materialized and refreshable views, and crashes of either part."""

import atexit
import functools
import json
import logging
import os
import time
import unittest

from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic
from own_stack import OwnStack, ask, curl, fresh_database

# The client reports each broken connection, and these tests break them.
logging.getLogger("kafka").setLevel(logging.CRITICAL)


@functools.cache
def whole_stack() -> OwnStack:
    """A running stack with broker and engine."""
    stack = OwnStack(f"test-kafka-{os.getpid()}")
    stack.up()
    return stack


class KafkaTables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = whole_stack()
        cls.producer = KafkaProducer(bootstrap_servers=cls.stack.kafka, acks="all", retries=50)
        cls.addClassCleanup(atexit.unregister, cls.producer.close)
        cls.addClassCleanup(cls.producer.close, timeout=1)

    def setUp(self):
        self.topic = self._testMethodName
        self.sent = 0
        self.database = fresh_database(self.stack, self.topic)
        admin = KafkaAdminClient(bootstrap_servers=self.stack.kafka)
        admin.create_topics([NewTopic(name=self.topic, num_partitions=4, replication_factor=1)])
        admin.close()
        for statement in (
            "CREATE TABLE raw (id UInt64, title String) ENGINE = ReplacingMergeTree ORDER BY id",
            "CREATE TABLE broken (message String, error String) ENGINE = MergeTree ORDER BY tuple()",
            "CREATE TABLE totals (plays UInt64, version DateTime64(3)) ENGINE = MergeTree ORDER BY version",
            "CREATE TABLE tap (id UInt64, title String) ENGINE = Kafka SETTINGS "
            f"kafka_broker_list = '{self.stack.kafka}', kafka_topic_list = '{self.topic}', kafka_group_name = '{self.topic}', "
            "kafka_format = 'JSONEachRow', kafka_num_consumers = 2, kafka_thread_per_consumer = 1, "
            "kafka_flush_interval_ms = 300, kafka_handle_error_mode = 'stream'",
            "CREATE MATERIALIZED VIEW totals_mv REFRESH EVERY 1 SECOND APPEND TO totals AS "
            "SELECT count() AS plays, now64(3) AS version FROM raw FINAL",
            "CREATE MATERIALIZED VIEW broken_mv TO broken AS "
            "SELECT _raw_message AS message, _error AS error FROM tap WHERE _error != ''",
            "CREATE MATERIALIZED VIEW raw_mv TO raw AS SELECT id, title FROM tap WHERE _error = ''",
        ):
            ask(self.stack, statement, self.database)

    def send(self, count):
        for _ in range(count):
            self.producer.send(self.topic, json.dumps({"id": self.sent, "title": "a"}).encode())
            self.sent += 1
        self.producer.flush(timeout=60)

    def value(self, sql):
        answer = curl(self.stack.url, data=sql.encode(), query={"database": self.database})
        return answer.text.strip()

    def wait_for(self, sql, expected, within_s=40):
        """Waits until `sql` gives `expected`, and returns how long that took."""
        started = time.monotonic()
        while (found := self.value(sql)) != expected:
            self.assertLess(time.monotonic() - started, within_s, f"{sql}: {found} instead of {expected}")
            time.sleep(0.05)
        return time.monotonic() - started

    def all_consumed(self):
        return self.wait_for("SELECT count(), uniqExact(id) FROM raw FINAL", f"{self.sent}\t{self.sent}")

    def test_messages_reach_views_and_refreshable_views(self):
        self.send(5000)
        self.all_consumed()
        self.wait_for("SELECT argMax(plays, version) FROM totals", "5000")
        self.producer.send(self.topic, b"this is no JSON")
        self.producer.flush(timeout=10)
        self.wait_for("SELECT message FROM broken", "this is no JSON")
        self.assertEqual(self.value("SELECT sum(length(assignments.partition_id)) FROM system.kafka_consumers WHERE database = currentDatabase()"), "4")

    def test_a_killed_engine_comes_back_with_every_row_and_goes_on(self):
        self.send(5000)
        self.all_consumed()
        for _ in range(2):
            self.stack.kill("clickhouse")
            stored = self.sent
            self.send(3000)
            finished = self.stack.run("start", "clickhouse")
            self.assertEqual(finished.returncode, 0, finished.stderr)
            self.assertGreaterEqual(int(self.value("SELECT count() FROM raw FINAL")), stored)
            took = self.all_consumed()
            print(f"consumption went on {took:.1f} s after the restart of the engine")
            self.assertLess(took, 20)
            self.wait_for("SELECT argMax(plays, version) FROM totals", str(self.sent))

    def test_a_killed_broker_comes_back_with_every_message(self):
        self.send(3000)
        self.all_consumed()
        self.stack.kill("kafka")
        started = time.monotonic()
        finished = self.stack.run("start", "kafka")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        print(f"the broker answered {time.monotonic() - started:.1f} s after it was killed")
        self.send(3000)
        self.all_consumed()

    def test_down_and_up_keep_everything(self):
        self.send(1000)
        self.all_consumed()
        ask(self.stack, "CREATE TABLE IF NOT EXISTS kept ENGINE = MergeTree ORDER BY a AS SELECT 42 AS a", "default")
        self.assertEqual(self.stack.run("down").returncode, 0)
        self.assertNotEqual(self.stack.run("status").returncode, 0)
        self.stack.up()
        self.assertEqual(ask(self.stack, "SELECT a FROM kept"), "42\n")
        self.send(1000)
        self.all_consumed()

    def test_topics_are_not_made_by_accident(self):
        self.producer.config["max_block_ms"] = 2000
        with self.assertRaises(Exception):
            self.producer.send("no_such_topic", b"x").get(timeout=5)
        admin = KafkaAdminClient(bootstrap_servers=self.stack.kafka)
        self.assertNotIn("no_such_topic", admin.list_topics())
        admin.close()


if __name__ == "__main__":
    unittest.main()
