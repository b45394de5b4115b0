"""Where an instance of the stack keeps its files, and which ports it uses."""

import contextlib
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Mapping, Tuple, Union

from .failure import Failure

STACK_FOLDER = Path(__file__).resolve().parent.parent
CHECKOUT = STACK_FOLDER.parent

# name of the port: (environment variable, default)
PORTS = {
    "kafka_port": ("PLAYHEAD_KAFKA_PORT", 9092),
    "kafka_controller_port": ("PLAYHEAD_KAFKA_CONTROLLER_PORT", 9093),
    "clickhouse_port": ("PLAYHEAD_CLICKHOUSE_PORT", 8123),
    "proxy_port": ("PLAYHEAD_PROXY_PORT", 8474),
}
# (environment variable, default): what the engine may hold; a merge of large states takes some GB at once.
CLICKHOUSE_MEMORY = ("PLAYHEAD_CLICKHOUSE_MEMORY_MB", 6144)
_LEAST_CLICKHOUSE_MEMORY_MB = 1024


def cache_folder() -> Path:
    """Downloads; outside the checkout when PLAYHEAD_CACHE_DIR says so."""
    given = os.environ.get("PLAYHEAD_CACHE_DIR")
    return Path(given).expanduser().resolve() if given else CHECKOUT / ".stack" / "cache"


@dataclass(frozen=True)
class Instance:
    """One stack with its own data, logs and ports.

    The broker number *n* (from 1) listens on ``kafka_port + 2 * (n - 1)``, its
    controller on ``kafka_controller_port + 2 * (n - 1)``. With named clients
    proxies stand between the parts, from ``proxy_port`` on (``network.py``). A secured
    broker, which is alone, takes logins over TLS on ``kafka_port``, certificates two ports
    further, and the embedded engine, which has no TLS, four ports further.
    """

    name: str
    brokers: int
    kafka_port: int
    kafka_controller_port: int
    clickhouse_port: int
    proxy_port: int
    clients: Tuple[str, ...] = ()
    secured: bool = False
    clickhouse_memory_mb: int = CLICKHOUSE_MEMORY[1]

    @property
    def folder(self) -> Path:
        """Data, logs and pid files of this instance."""
        return CHECKOUT / ".stack" / self.name

    @property
    def logs(self) -> Path:
        """What the parts print."""
        return self.folder / "logs"

    def broker_port(self, node: int) -> int:
        """Where clients reach broker `node`."""
        return self.kafka_port + 2 * (node - 1)

    def controller_port(self, node: int) -> int:
        """Where the controllers reach each other."""
        return self.kafka_controller_port + 2 * (node - 1)

    @property
    def certificate_port(self) -> int:
        """Where clients with a certificate of their own reach a secured broker."""
        return self.kafka_port + 2

    @property
    def engine_port(self) -> int:
        """Where the embedded engine logs in at a secured broker."""
        return self.kafka_port + 4

    @property
    def bootstrap_servers(self) -> str:
        """The brokers' addresses as Kafka clients take them."""
        return ",".join(f"127.0.0.1:{self.broker_port(node)}" for node in range(1, self.brokers + 1))

    @property
    def clickhouse_url(self) -> str:
        """The address of ClickHouse's HTTP interface."""
        return f"http://127.0.0.1:{self.clickhouse_port}"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Lets one command at a time start or stop parts of this instance."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def remember(self) -> None:
        """Keeps the ports for later commands on this instance."""
        kept = {name: getattr(self, name) for name in ("brokers", "clients", "secured", "clickhouse_memory_mb", *PORTS)}
        _memory(self.name).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _memory(name: str) -> Path:
    return CHECKOUT / ".stack" / name / "instance.json"


def load(name: str, flags: Mapping[str, Union[int, str, None]]) -> Instance:
    """The instance `name`: each port from the flag, else the environment, else as last used, else the default."""
    if not name.replace("-", "").replace("_", "").isalnum() or name == "cache":
        raise Failure(f"'{name}' is no name for an instance: use letters, digits, '-' and '_', and not 'cache'")
    try:
        kept = json.loads(_memory(name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    chosen = {}
    for port, (variable, default) in PORTS.items():
        given = flags.get(port) or os.environ.get(variable) or kept.get(port) or default
        try:
            chosen[port] = int(given)
        except ValueError:
            raise Failure(f"{variable}={given} is not a port number") from None
        if not 1 <= chosen[port] <= 65535:
            raise Failure(f"{chosen[port]} is not a port number (1 to 65535): see --{port.replace('_', '-')}")
    brokers = int(flags.get("brokers") or kept.get("brokers") or 1)
    named = flags.get("clients")
    clients = tuple(named.split(",") if named else kept.get("clients") or ())
    for client in clients:
        if not (client.isascii() and client.isalnum()) or client in ("brokers", "plaintext", "controller"):
            raise Failure(f"'{client}' is no name for a client: use letters and digits, and not a listener's own name")
    secured = bool(flags.get("secured") or kept.get("secured"))
    if secured and (brokers > 1 or clients):
        raise Failure("a secured broker is alone: leave out --brokers and --clients")
    chosen["clickhouse_memory_mb"] = _clickhouse_memory_mb(flags, kept)
    return Instance(name=name, brokers=brokers, clients=clients, secured=secured, **chosen)


def _clickhouse_memory_mb(flags: Mapping[str, Union[int, str, None]], kept: Mapping) -> int:
    variable, default = CLICKHOUSE_MEMORY
    given = flags.get("clickhouse_memory_mb") or os.environ.get(variable) or kept.get("clickhouse_memory_mb") or default
    try:
        memory_mb = int(given)
    except ValueError:
        raise Failure(f"{variable}={given} is no number of MB") from None
    if memory_mb < _LEAST_CLICKHOUSE_MEMORY_MB:
        raise Failure(f"{memory_mb} MB are too few for ClickHouse: at least {_LEAST_CLICKHOUSE_MEMORY_MB}, see --clickhouse-memory-mb")
    return memory_mb
