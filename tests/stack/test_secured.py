"""A secured broker: logins, rights, and ClickHouse that reads it without a secret in any statement."""

import logging
import os
import subprocess
import time
import unittest

from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic
from own_stack import CHECKOUT, OwnStack, ask

logging.getLogger("kafka").setLevel(logging.CRITICAL)

TOPIC, GROUP = "secured", "secured.clickhouse"


class Secured(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = OwnStack(f"test-secured-{os.getpid()}")
        cls.stack.up("--secured")
        cls.addClassCleanup(cls.stack.run, "reset")
        cls.secrets = cls.stack.folder / "kafka" / "secured"
        host, port = cls.stack.kafka.split(":")
        cls.by_certificate, cls.for_engine = f"{host}:{int(port) + 2}", f"{host}:{int(port) + 4}"

    def administrator(self) -> dict:
        return {
            "bootstrap_servers": self.by_certificate,
            "security_protocol": "SSL",
            "ssl_cafile": str(self.secrets / "ca.crt"),
            "ssl_certfile": str(self.secrets / "broker.crt"),
            "ssl_keyfile": str(self.secrets / "broker.key"),
        }

    def grant(self, *arguments: str) -> None:
        command = [str(CHECKOUT / "stack" / "kafka" / "kafka-acls.sh"), "--bootstrap-server", self.by_certificate,
                   "--command-config", str(self.secrets / "admin.properties"), "--add",
                   "--allow-principal", "User:clickhouse", *arguments]  # fmt: skip
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(finished.returncode, 0, finished.stderr)

    def test_clickhouse_reads_with_its_own_login_and_only_what_it_may(self):
        admin = KafkaAdminClient(**self.administrator())
        admin.create_topics([NewTopic(name=TOPIC, num_partitions=2, replication_factor=1)])
        admin.close()
        producer = KafkaProducer(**self.administrator(), acks="all")
        for number in range(100):
            producer.send(TOPIC, b'{"id": %d}' % number)
        producer.flush()
        producer.close()
        for statement in (
            "CREATE TABLE raw (id UInt64) ENGINE = MergeTree ORDER BY id",
            f"CREATE TABLE tap (id UInt64) ENGINE = Kafka SETTINGS kafka_broker_list = '{self.for_engine}', "
            f"kafka_topic_list = '{TOPIC}', kafka_group_name = '{GROUP}', kafka_format = 'JSONEachRow', "
            "kafka_flush_interval_ms = 300",
            "CREATE MATERIALIZED VIEW raw_mv TO raw AS SELECT id FROM tap",
        ):
            ask(self.stack, statement)
        # Without rights nothing comes.
        time.sleep(3)
        self.assertEqual(ask(self.stack, "SELECT count() FROM raw"), "0\n")
        self.grant("--operation", "Read", "--operation", "Describe", "--topic", TOPIC)
        self.grant("--operation", "Read", "--operation", "Describe", "--group", GROUP)
        deadline = time.monotonic() + 60
        while ask(self.stack, "SELECT uniqExact(id) FROM raw") != "100\n":
            self.assertLess(time.monotonic(), deadline, ask(self.stack, "SELECT count() FROM raw"))
            time.sleep(0.5)
        password = (self.secrets / "clickhouse.password").read_text().strip()
        shown = ask(self.stack, "SELECT create_table_query FROM system.tables WHERE name = 'tap'")
        self.assertNotIn(password, shown)
        self.assertEqual((self.stack.folder / "clickhouse" / "engine.xml").stat().st_mode & 0o077, 0)


if __name__ == "__main__":
    unittest.main()
