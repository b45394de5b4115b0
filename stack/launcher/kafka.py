"""The broker: its configuration, its start, and the question whether it answers."""

import os
import shutil
import socket
import struct
import subprocess
from pathlib import Path

from . import network
from .failure import Failure
from .fetch import jar_folder
from .instance import STACK_FOLDER, Instance
from .process import Background

_HEAP = ("-Xms128m", "-Xmx512m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:+ExitOnOutOfMemoryError")
# Fixed, so that a node can be formatted alone and still find the others.
_CLUSTER_ID = "cGxheWhlYWQtc3RhY2stMQ"

_PROPERTIES = """\
# Written at every start: change stack/launcher/kafka.py instead.
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
{listeners}
log.dirs={data}

# Topics are made by those who know their partitions, never by a typing error.
auto.create.topics.enable=false
default.replication.factor={replication}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={replication}
transaction.state.log.replication.factor={replication}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.replication.factor={replication}
share.coordinator.state.topic.min.isr={in_sync}
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=4

# Consumers get their partitions at once, and may ask for a short session.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000

# A broker that was killed comes back once its old session has run out.
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=6000

# Small machine: few threads, small buffers.
num.network.threads=2
num.io.threads=4
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=16777216
log.retention.hours=168
"""


class Broker:
    """Broker number `node` of an instance."""

    def __init__(self, instance: Instance, node: int):
        self.instance, self.node = instance, node
        self.name = "kafka" if node == 1 else f"kafka{node}"
        self.folder = instance.folder / self.name
        self.background = Background(
            instance.folder / f"{self.name}.pid", self.folder / "server.properties", instance.logs / f"{self.name}.log"
        )
        self.port = instance.broker_port(node)
        self.address = f"127.0.0.1:{self.port}"

    def ports(self) -> list:
        """(port, environment variable, flag) of each port it listens on."""
        return [
            (self.port, "PLAYHEAD_KAFKA_PORT", "--kafka-port"),
            (self.instance.controller_port(self.node), "PLAYHEAD_KAFKA_CONTROLLER_PORT", "--kafka-controller-port"),
        ]

    def start(self) -> None:
        """Formats the storage once, then starts the broker."""
        java = shutil.which("java")
        if java is None:
            raise Failure("java is not installed: run 'stack/prerequisites demo'")
        properties = self._write_properties()
        classpath = str(jar_folder() / "*")
        # Where brokers are killed again and again, a quick start counts for more than a fast broker.
        compiling = ("-XX:TieredStopAtLevel=1",) if self.instance.clients else ()
        command = [java, *_HEAP, *compiling, f"-Dlog4j2.configurationFile={STACK_FOLDER / 'kafka' / 'log4j2.properties'}",
                   "-Djava.awt.headless=true", "-cp", classpath]  # fmt: skip
        if not (self._data / "meta.properties").exists():
            formatting = subprocess.run(
                [*command, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(properties)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if formatting.returncode != 0:
                raise Failure(f"Kafka could not format {self._data}:\n{formatting.stdout}{formatting.stderr}")
        self.background.start([*command, "kafka.Kafka", str(properties)], os.environ, self.folder)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _write_properties(self) -> Path:
        instance, nodes = self.instance, range(1, self.instance.brokers + 1)
        self._data.mkdir(parents=True, exist_ok=True)
        properties = self.folder / "server.properties"
        properties.write_text(
            _PROPERTIES.format(
                node=self.node,
                voters=",".join(f"{node}@127.0.0.1:{network.controller_port(instance, node)}" for node in nodes),
                listeners=network.listeners(instance, self.node),
                data=self._data,
                replication=min(3, instance.brokers),
                in_sync=2 if instance.brokers >= 3 else 1,
            ),
            encoding="utf-8",
        )
        return properties

    def ready(self) -> bool:
        """True when the broker lists itself among the cluster's usable brokers."""
        try:
            return self.port in _broker_ports(self.port)
        except (OSError, struct.error, IndexError):
            return False


def _broker_ports(port: int) -> list:
    """Asks for the cluster's metadata (version 4, no topics) and returns the brokers' ports."""
    client = b"stack"
    header = struct.pack(">hhih", 3, 4, 1, len(client)) + client
    request = header + struct.pack(">i?", 0, False)
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", _exactly(connection, 4))
        answer = _exactly(connection, min(size, 1 << 20))
    ports = []
    # Correlation id and throttle time come first.
    (count,) = struct.unpack_from(">i", answer, 8)
    at = 12
    for _ in range(count):
        (host_bytes,) = struct.unpack_from(">h", answer, at + 4)
        (broker_port,) = struct.unpack_from(">i", answer, at + 6 + host_bytes)
        (rack_bytes,) = struct.unpack_from(">h", answer, at + 10 + host_bytes)
        at += 12 + host_bytes + max(0, rack_bytes)
        ports.append(broker_port)
    return ports


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("the broker closed the connection")
        data += piece
    return data
