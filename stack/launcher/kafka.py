"""The broker: its configuration, its start, and the question whether it answers."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

from . import network, wire
from .failure import Failure
from .fetch import jar_folder
from .instance import STACK_FOLDER, Instance
from .process import Background
from .secured import Secrets

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
        self.secrets = Secrets(self.folder / "secured") if instance.secured else None

    def ports(self) -> list:
        """(port, environment variable, flag) of each port it listens on."""
        others = [self.instance.certificate_port, self.instance.engine_port] if self.secrets else []
        return [
            *((port, "PLAYHEAD_KAFKA_PORT", "--kafka-port") for port in (self.port, *others)),
            (self.instance.controller_port(self.node), "PLAYHEAD_KAFKA_CONTROLLER_PORT", "--kafka-controller-port"),
        ]

    def start(self) -> None:
        """Formats the storage once, then starts the broker."""
        java = shutil.which("java")
        if java is None:
            raise Failure("java is not installed: run 'stack/prerequisites demo'")
        if self.secrets:
            self.secrets.make()
        properties = self._write_properties()
        classpath = str(jar_folder() / "*")
        # Where brokers are killed again and again, a quick start counts for more than a fast broker.
        compiling = ("-XX:TieredStopAtLevel=1",) if self.instance.clients else ()
        command = [java, *_HEAP, *compiling, f"-Dlog4j2.configurationFile={STACK_FOLDER / 'kafka' / 'log4j2.properties'}",
                   "-Djava.awt.headless=true", "-cp", classpath]  # fmt: skip
        if not (self._data / "meta.properties").exists():
            formatting = subprocess.run(
                [*command, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(properties),
                 *(self.secrets.format_arguments() if self.secrets else [])],
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
                listeners=self._secured_listeners() if self.secrets else network.listeners(instance, self.node),
                data=self._data,
                replication=min(3, instance.brokers),
                in_sync=2 if instance.brokers >= 3 else 1,
            )
            + (self.secrets.properties() if self.secrets else ""),
            encoding="utf-8",
        )
        properties.chmod(0o600)
        return properties

    def _secured_listeners(self) -> str:
        """The lines about listeners of a broker that wants certificates and logins."""
        heard = ",".join(
            f"{name}://127.0.0.1:{port}"
            for name, port in (
                ("SASL_SSL", self.port),
                ("SSL", self.instance.certificate_port),
                ("SASL_PLAINTEXT", self.instance.engine_port),
            )
        )
        controller = f"CONTROLLER://127.0.0.1:{self.instance.controller_port(self.node)}"
        return "\n".join((
            f"listeners={heard},{controller}",
            f"advertised.listeners={heard}",
            "controller.listener.names=CONTROLLER",
            "inter.broker.listener.name=SSL",
        ))  # fmt: skip

    def ready(self) -> bool:
        """True when the broker lists itself among the cluster's usable brokers."""
        try:
            # Each listener tells of its own addresses.
            port = self.instance.certificate_port if self.secrets else self.port
            return port in wire.broker_ports(("127.0.0.1", port), self.secrets.tls() if self.secrets else None)
        except (OSError, struct.error, IndexError):
            return False
