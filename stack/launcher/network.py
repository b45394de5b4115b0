"""Who reaches whom by which proxy, where an instance's network can be broken.

Each named client has a listener of its own at every broker, and so have the brokers among themselves. What a
listener advertises is the proxy in front of it, so a connection between two parts can be cut and no other.
The plain listener and the engine's own port stay reachable past the proxies, for those who look on.
"""

from dataclasses import dataclass
from typing import List, Tuple

from .instance import Instance

_AMONG_BROKERS = "brokers"


@dataclass(frozen=True)
class Link:
    """A connection that can be broken: its proxy listens on `port` and goes on to `upstream`."""

    name: str
    port: int
    upstream: int


def controller_port(instance: Instance, node: int) -> int:
    """Where the others reach the controller of `node`."""
    return instance.proxy_port + node if instance.clients else instance.controller_port(node)


def links(instance: Instance) -> List[Link]:
    """Every link of `instance`: none where no clients are named."""
    if not instance.clients:
        return []
    nodes = range(1, instance.brokers + 1)
    found = [Link(f"controller{node}", controller_port(instance, node), instance.controller_port(node)) for node in nodes]
    port = instance.proxy_port + instance.brokers + 1
    for client in (_AMONG_BROKERS, *instance.clients):
        for node in nodes:
            found.append(Link(f"{client}-kafka{node}", port, port + 1))
            port += 2
    found.append(Link("clickhouse", port, instance.clickhouse_port))
    return found


def bootstrap_servers(instance: Instance, client: str) -> str:
    """The brokers' addresses as `client` has to know them."""
    return ",".join(f"127.0.0.1:{link.port}" for link in links(instance) if link.name.startswith(f"{client}-kafka"))


def listeners(instance: Instance, node: int) -> str:
    """The lines about listeners in the configuration of broker `node`."""
    heard: List[Tuple[str, int, int]] = [
        ("PLAINTEXT", instance.broker_port(node), instance.broker_port(node)),
        ("CONTROLLER", instance.controller_port(node), controller_port(instance, node)),
    ]
    for link in links(instance):
        client, _, broker = link.name.rpartition("-")
        if broker == f"kafka{node}":
            heard.append((client.upper(), link.upstream, link.port))
    # Only a controller behind a proxy has to say where it is found.
    told = [one for one in heard if one[0] != "CONTROLLER" or instance.clients]
    among = _AMONG_BROKERS.upper() if instance.clients else "PLAINTEXT"
    return "\n".join((
        "listeners=" + ",".join(f"{name}://127.0.0.1:{port}" for name, port, _ in heard),
        "advertised.listeners=" + ",".join(f"{name}://127.0.0.1:{port}" for name, _, port in told),
        "listener.security.protocol.map=" + ",".join(f"{name}:PLAINTEXT" for name, _, _ in heard),
        "controller.listener.names=CONTROLLER",
        f"inter.broker.listener.name={among}",
    ))  # fmt: skip
