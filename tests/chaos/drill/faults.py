"""What is broken: each fault is chosen before it begins, begins, and is put right again."""

import os
import random
import signal
import time
from typing import Callable, List

from launcher.kafka import Broker

from . import cluster
from .world import FRONT, World

KINDS = (
    "gateway kill", "broker leader kill", "controller kill", "clickhouse kill", "broker pause",
    "cut", "half-open", "latency", "full disk",
)  # fmt: skip


class Fault:
    """One fault: `kind` groups it in the report, `what` names what it hit."""

    def __init__(self, kind: str, what: str, begin: Callable[[], None], end: Callable[[], None],
                 answers: Callable[[], bool] = lambda: True):  # fmt: skip
        self.kind, self.what = kind, what
        self.begin, self.end, self.answers = begin, end, answers


def make(kind: str, dice: random.Random, world: World) -> Fault:
    """A fault of that kind; what it hits is drawn, or looked up in the cluster as it is now."""
    if kind == "gateway kill":
        gateway = dice.choice(world.gateways)
        return Fault(kind, gateway.name, gateway.kill, gateway.start, gateway.answers)
    if kind in ("broker leader kill", "controller kill", "broker pause"):
        return _of_broker(kind, dice, world)
    if kind == "clickhouse kill":
        part = world.parts["clickhouse"]
        return Fault(kind, "clickhouse", lambda: _kill(part), part.start, part.ready)
    if kind == "full disk":
        return _full_disk(dice, world)
    what, links = dice.choice(_cuts(world))
    network = world.network
    if kind == "cut":
        return Fault(kind, what, lambda: network.cut(links), lambda: network.join(links))
    if kind == "half-open":
        return Fault(kind, what, lambda: network.half_open(links), lambda: network.clean(links))
    latency_ms = dice.randrange(100, 900)
    return Fault(kind, f"{what} by {latency_ms} ms", lambda: network.slow(links, latency_ms), lambda: network.clean(links))


def _of_broker(kind: str, dice: random.Random, world: World) -> Fault:
    if kind == "controller kill":
        node = cluster.controller(world.broker_ports())
    else:
        node = world.leader_of(dice.randrange(6)) or dice.randrange(1, 4)
    broker: Broker = world.parts["kafka" if node == 1 else f"kafka{node}"]
    if kind == "broker pause":
        return Fault(
            kind, f"broker {node}", lambda: os.kill(broker.background.pid(), signal.SIGSTOP),
            lambda: os.kill(broker.background.pid(), signal.SIGCONT), broker.ready,
        )  # fmt: skip
    return Fault(kind, f"broker {node}", lambda: _kill(broker), broker.start, broker.ready)


def _full_disk(dice: random.Random, world: World) -> Fault:
    gateway = dice.choice(world.gateways)
    links = [link for link in world.links if link.startswith(f"{gateway.name}-kafka")]

    def begin() -> None:
        if gateway.has_own_disk:
            gateway.fill_disk()
        world.network.cut(links)

    def end() -> None:
        world.network.join(links)
        gateway.free_disk()

    how = "its spool's disk" if gateway.has_own_disk else "its spool's bound"
    return Fault("full disk", f"{gateway.name}, {how}, without Kafka", begin, end)


def _cuts(world: World) -> List[tuple]:
    """What can be parted: (name, links)."""
    found = [("viewers and gateways", [FRONT]), ("gateways and clickhouse", ["clickhouse"])]
    for client in ("gateway1", "gateway2", "warehouse"):
        found.append((f"{client} and all brokers", [f"{client}-kafka{node}" for node in (1, 2, 3)]))
        found += [(f"{client} and broker {node}", [f"{client}-kafka{node}"]) for node in (1, 2, 3)]
    for node in (1, 2, 3):
        found.append((f"broker {node} and the others", [f"brokers-kafka{node}"]))
        found.append((f"controller {node} and the others", [f"controller{node}"]))
        everything = [link for link in world.links if link.endswith((f"kafka{node}", f"controller{node}"))]
        found.append((f"broker {node} and everybody", everything))
    return found


def _kill(part) -> None:
    pid = part.background.pid()
    if pid is None:
        raise RuntimeError(f"{part.name} has ended by itself; its log is {part.background.log}")
    os.kill(pid, signal.SIGKILL)
    while part.background.pid() is not None:
        time.sleep(0.005)
