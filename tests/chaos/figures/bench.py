"""One broker or three, one gateway, and the simulator's load against it."""

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Mapping, Optional

from launcher import commands
from launcher.instance import Instance
from launcher.process import Background

from . import CHECKOUT

_NUMBERS = {
    "acknowledged": r"^beacons +(\d+) acknowledged",
    "failed": r"acknowledged, (\d+) failed",
    "per_second": r"^rate +(\d+) beacons/s",
    "p50_ms": r"^answer +p50 ([\d.]+) ms",
    "p99_ms": r"^answer .*p99 ([\d.]+) ms",
    "worst_ms": r"^answer .*worst ([\d.]+) ms",
    "cpu_us": r"^gateway +([\d.]+) CPU-us",
    "cores": r"CPU, ([\d.]+) cores",
}


@dataclass(frozen=True)
class Load:
    """What the simulator printed of a load."""

    text: str
    numbers: Dict[str, float]

    def __getattr__(self, name: str) -> float:
        return self.numbers.get(name, 0.0)


def playhead() -> str:
    """The release build: figures of another one mean nothing."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    path = os.environ.get("PLAYHEAD_BIN", str(CHECKOUT / target / "release" / "playhead"))
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is missing; run cargo build --release, or name another one in PLAYHEAD_BIN")
    return path


class Bench:
    """A stack and a gateway of its own; `stop` whatever happened."""

    def __init__(self, name: str, port_base: int, brokers: int, only: Optional[str] = None):
        self.instance = Instance(
            name=name, brokers=brokers, kafka_port=port_base, kafka_controller_port=port_base + 1,
            clickhouse_port=port_base + 8, proxy_port=port_base + 9,
        )  # fmt: skip
        self._only, self.playhead = only, playhead()
        self._port, self._operations_port = port_base + 10, port_base + 11
        self.spool = self.instance.folder / "spool"
        self._gateway: Optional[Background] = None
        self.settings = {
            "PLAYHEAD_KAFKA__BROKERS": self.instance.bootstrap_servers,
            "PLAYHEAD_KAFKA__REPLICATION_FACTOR": str(brokers),
            "PLAYHEAD_CLICKHOUSE__URL": self.instance.clickhouse_url,
            "PLAYHEAD_HTTP__LISTEN": f"127.0.0.1:{self._port}",
            "PLAYHEAD_OPERATIONS__LISTEN": f"127.0.0.1:{self._operations_port}",
            "PLAYHEAD_SPOOL__FOLDER": str(self.spool),
        }

    def start(self) -> None:
        """Starts the stack, empty."""
        if self.instance.folder.exists():
            commands.reset(self.instance)
        with self.instance.locked():
            commands.up(self.instance, self._only)
        self.run("topics")
        if self._only is None:
            self.run("migrate")

    def stop(self) -> None:
        """Ends everything and deletes it."""
        self.stop_gateway()
        commands.reset(self.instance)

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Runs a command of `playhead`."""
        environment = {**os.environ, **self.settings}
        finished = subprocess.run([self.playhead, *arguments], env=environment, capture_output=True, text=True, check=False)
        if check and finished.returncode != 0:
            raise RuntimeError(f"playhead {' '.join(arguments)} failed:\n{finished.stdout}{finished.stderr}")
        return finished

    def start_gateway(self, settings: Mapping[str, str]) -> None:
        """Starts a gateway with these settings besides, and waits until it is ready."""
        self._gateway = Background(self.instance.folder / "gateway.pid", self.spool, self.instance.folder / "gateway.log")
        self._gateway.start([self.playhead, "serve"], {**os.environ, **self.settings, **settings}, self.instance.folder)
        deadline = time.monotonic() + 30
        while "ready" not in self._operations("/readyz"):
            if time.monotonic() > deadline or self._gateway.pid() is None:
                raise RuntimeError(f"the gateway did not become ready:\n{self._gateway.last_lines(20)}")
            time.sleep(0.1)

    def stop_gateway(self) -> None:
        """Ends the gateway in good order."""
        if self._gateway:
            self._gateway.stop(patience_s=60)
            self._gateway = None

    def load(self, beacons_per_second: int, seconds: float, batch: int) -> Load:
        """Sends at that rate; what the simulator says of it."""
        finished = self.run(
            "simulate", "--rate", str(beacons_per_second), "--length-minutes", str(seconds / 60),
            "--rate-batch-beacons", str(batch), "--gateway", f"http://127.0.0.1:{self._port}",
            "--gateway-pid", str(self._gateway.pid()), "--skip-freshness", check=False,
        )  # fmt: skip
        text, numbers = finished.stdout, {}
        for name, pattern in _NUMBERS.items():
            if found := re.search(pattern, text, re.MULTILINE):
                numbers[name] = float(found[1])
        if "acknowledged" not in numbers:
            raise RuntimeError(f"the load said nothing of itself:\n{text}{finished.stderr}")
        return Load(text, numbers)

    def metric(self, name: str, labels: str = "") -> float:
        """A metric of the gateway, summed over the lines whose labels have that in them."""
        lines = re.findall(rf"^{name}(\{{[^}}]*\}})? ([0-9.e+-]+)$", self._operations("/metrics"), re.MULTILINE)
        return sum(float(value) for found, value in lines if labels in found)

    def _operations(self, path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._operations_port}{path}", timeout=5) as answer:
                return answer.read().decode()
        except (OSError, urllib.error.URLError):
            return ""
