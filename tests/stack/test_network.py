"""The links of `--clients`: each is the only way of its client, and can be broken alone."""

import contextlib
import json
import logging
import os
import unittest
import urllib.request

from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic
from kafka.errors import KafkaError
from own_stack import CHECKOUT, OwnStack, curl

# The client reports each broken connection, and these tests break them.
logging.getLogger("kafka").setLevel(logging.CRITICAL)
_PROXY_PORT = 24300


def close(producer: KafkaProducer) -> None:
    """Ends a producer; what it still holds behind a cut link is given up."""
    with contextlib.suppress(KafkaError):
        producer.close(timeout=1)


class Links(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = OwnStack(f"test-network-{os.getpid()}")
        cls.addClassCleanup(cls.stack.run, "reset")
        cls.stack.up("--clients", "gateway,warehouse", "--proxy-port", str(_PROXY_PORT))
        proxies = json.loads((CHECKOUT / ".stack" / cls.stack.name / "proxies.json").read_text())
        cls.addresses = {proxy["name"]: proxy["listen"] for proxy in proxies}
        admin = KafkaAdminClient(bootstrap_servers=cls.stack.kafka)
        admin.create_topics([NewTopic(name="links", num_partitions=1, replication_factor=1)])
        admin.close()

    def tearDown(self):
        for name in self.addresses:
            self.set_enabled(name, True)

    def set_enabled(self, name: str, is_enabled: bool) -> None:
        """Cuts a link, or joins it."""
        data = json.dumps({"enabled": is_enabled}).encode()
        address = f"http://127.0.0.1:{_PROXY_PORT}/proxies/{name}"
        urllib.request.urlopen(urllib.request.Request(address, data=data, method="POST"), timeout=5).close()

    def produces(self, address: str) -> bool:
        """Whether a message arrives by a fresh client that knows this address."""
        try:
            producer = KafkaProducer(bootstrap_servers=address, request_timeout_ms=2000, max_block_ms=3000, retries=0)
        except KafkaError:
            return False
        try:
            producer.send("links", b"x").get(timeout=5)
            return True
        except KafkaError:
            return False
        finally:
            close(producer)

    def test_there_is_a_link_for_each_pair(self):
        self.assertEqual(
            set(self.addresses), {"controller1", "brokers-kafka1", "gateway-kafka1", "warehouse-kafka1", "clickhouse"}
        )

    def test_a_cut_link_parts_its_client_and_nobody_else(self):
        gateway, warehouse = self.addresses["gateway-kafka1"], self.addresses["warehouse-kafka1"]
        self.assertTrue(self.produces(gateway))
        self.set_enabled("gateway-kafka1", False)
        self.assertFalse(self.produces(gateway))
        self.assertTrue(self.produces(warehouse))
        self.assertTrue(self.produces(self.stack.kafka))
        self.set_enabled("gateway-kafka1", True)
        self.assertTrue(self.produces(gateway))

    def test_what_a_listener_advertises_is_its_link(self):
        # The first connection is by the link, and so is the one that the broker's answer leads to.
        producer = KafkaProducer(bootstrap_servers=self.addresses["gateway-kafka1"])
        self.addCleanup(close, producer)
        producer.send("links", b"x").get(timeout=10)
        self.set_enabled("gateway-kafka1", False)
        with self.assertRaises(KafkaError):
            producer.send("links", b"x").get(timeout=3)

    def test_the_engine_has_a_link_and_its_own_port(self):
        linked = f"http://{self.addresses['clickhouse']}/?query=SELECT+1"
        self.assertEqual(curl(linked).text, "1\n")
        self.set_enabled("clickhouse", False)
        with self.assertRaises(AssertionError):
            curl(linked)
        self.assertEqual(curl(f"{self.stack.url}/?query=SELECT+1").text, "1\n")


if __name__ == "__main__":
    unittest.main()
