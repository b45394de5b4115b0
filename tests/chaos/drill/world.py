"""Everything that runs: three brokers, the engine, two gateways behind one address, the links between them."""

import json
import os
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import List

from launcher import commands, network as stack_network
from launcher.instance import Instance
from launcher.process import Background

from . import cluster
from .gateways import Gateway
from .network import Network

TOPIC = "playhead.beacons.v1"
FRONT = "viewers-gateways"
_BALANCER = Path(__file__).with_name("balancer.py")
_BROKERS = 3
_PARTITIONS = 6


class World:
    """One drill's parts; `start` before anything else, `stop` whatever happened."""

    def __init__(self, name: str, port_base: int, playhead: str):
        self.playhead = playhead
        self.instance = Instance(
            name=name, brokers=_BROKERS, kafka_port=port_base, kafka_controller_port=port_base + 1,
            clickhouse_port=port_base + 8, proxy_port=port_base + 10, clients=("gateway1", "gateway2", "warehouse"),
        )  # fmt: skip
        self.folder = self.instance.folder
        self.network = Network(f"http://127.0.0.1:{self.instance.proxy_port}")
        links = {link.name: link for link in stack_network.links(self.instance)}
        self.links: List[str] = [FRONT, *links]
        self._clickhouse_proxied = f"http://127.0.0.1:{links['clickhouse'].port}"
        self.gateways = [self._gateway(number, port_base + 50 + 2 * number) for number in (1, 2)]
        self._balancer = Background(self.folder / "balancer.pid", _BALANCER, self.folder / "balancer.log")
        self._balancer_port, self._front_port = port_base + 58, port_base + 59
        self.address = f"http://127.0.0.1:{self._front_port}"
        self.parts = {part.name: part for part in commands.parts(self.instance)}

    def _gateway(self, number: int, port: int) -> Gateway:
        settings = {
            **self.settings(f"gateway{number}"),
            "PLAYHEAD_BIN": self.playhead,
            "PLAYHEAD_CLICKHOUSE__URL": self._clickhouse_proxied,
        }
        return Gateway(number, self.folder / f"gateway{number}", port, port + 1, settings)

    def settings(self, client: str) -> dict:
        """The environment of a `playhead` that is that client of the brokers."""
        return {
            "PLAYHEAD_KAFKA__BROKERS": stack_network.bootstrap_servers(self.instance, client),
            "PLAYHEAD_KAFKA__PARTITIONS": str(_PARTITIONS),
            "PLAYHEAD_KAFKA__REPLICATION_FACTOR": str(_BROKERS),
            "PLAYHEAD_CLICKHOUSE__URL": self.instance.clickhouse_url,
            "PLAYHEAD_CLICKHOUSE__KAFKA_BROKERS": stack_network.bootstrap_servers(self.instance, "warehouse"),
            # As in the other drill: sessions close while it can still be waited for.
            "PLAYHEAD_SESSIONS__LIVENESS_SECONDS": "40",
            "PLAYHEAD_SESSIONS__HEARTBEAT_MS": "30000",
        }

    def start(self) -> None:
        """Starts all of it, with an empty warehouse."""
        self.clear()
        with self.instance.locked():
            commands.up(self.instance, None)
        self.run("topics")
        self.run("migrate")
        for gateway in self.gateways:
            gateway.prepare()
            gateway.start()
        behind = [f"{gateway.port}:{gateway.operations_port}" for gateway in self.gateways]
        self._balancer.start([sys.executable, str(_BALANCER), str(self._balancer_port), *behind], os.environ, self.folder)
        self.network.add(FRONT, self._front_port, self._balancer_port)

    def run(self, *arguments: str) -> None:
        """Runs a command of `playhead`; its output is shown when it fails."""
        environment = {**os.environ, **self.settings("gateway1")}
        finished = subprocess.run(
            [self.playhead, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if finished.returncode != 0:
            raise RuntimeError(f"playhead {' '.join(arguments)} failed:\n{finished.stdout}{finished.stderr}")

    def stop(self) -> None:
        """Ends everything; logs and data stay."""
        for gateway in self.gateways:
            gateway.stop()
        self._balancer.stop(patience_s=2)
        for part in self.parts.values():
            # Brokers without a quorum take long to end in good order, and a paused one never does.
            if pid := part.background.pid():
                os.kill(pid, signal.SIGKILL)
        commands.down(self.instance, None)

    def clear(self) -> None:
        """Removes what an earlier drill left, running or not."""
        if self.folder.exists():
            self.stop()
            commands.reset(self.instance)

    def broker_ports(self) -> List[int]:
        """Where the brokers answer past the proxies."""
        return [self.instance.broker_port(node) for node in range(1, _BROKERS + 1)]

    def leader_of(self, partition: int) -> int:
        """The node that leads a partition of the beacons; 0 where none does."""
        found = cluster.partitions(self.broker_ports())
        return max(0, next((one.leader for one in found if (one.topic, one.number) == (TOPIC, partition)), 0))

    def query(self, sql: str) -> List[dict]:
        """Asks the warehouse, past the proxies."""
        address = f"{self.instance.clickhouse_url}/?" + urllib.parse.urlencode({"database": "playhead"})
        request = urllib.request.Request(address, data=f"{sql} FORMAT JSONEachRow".encode())
        with urllib.request.urlopen(request, timeout=300) as answer:
            return [json.loads(line) for line in answer]
