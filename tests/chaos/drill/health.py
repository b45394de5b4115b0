"""When everything is as it was before a fault."""

import time
import urllib.error
from typing import Callable, Dict, List

from . import cluster
from .world import World

ASK_EVERY_S = 0.2
GIVE_UP_S = 240


class NotWhole(Exception):
    """Something did not come back."""


def signs(world: World, since_ms: int) -> Dict[str, Callable[[], bool]]:
    """What has to be seen, by name; `since_ms` is when the fault was put right."""
    return {
        "gateways": lambda: all(gateway.readiness() == "ready" for gateway in world.gateways),
        "brokers": lambda: _brokers_are_whole(world),
        "spools": lambda: all(_is_drained(gateway.metrics()) for gateway in world.gateways),
        "warehouse": lambda: _newest_ms(world) >= since_ms,
    }


def await_whole(world: World, since_ms: int, began: float, is_load_on: Callable[[], bool]) -> Dict[str, float]:
    """Waits for every sign; when each was first seen, in seconds after `began` (a time of `time.monotonic`)."""
    open_signs, seen = signs(world, since_ms), {}
    deadline = time.monotonic() + GIVE_UP_S
    while open_signs:
        for name in list(open_signs):
            # Without load nothing new comes to the warehouse.
            if (name == "warehouse" and not is_load_on()) or open_signs[name]():
                seen[name] = time.monotonic() - began
                del open_signs[name]
        if open_signs and time.monotonic() > deadline:
            raise NotWhole(f"{', '.join(open_signs)} not as before {GIVE_UP_S} s after the fault was put right; {_state(world)}")
        time.sleep(ASK_EVERY_S)
    return seen


def _brokers_are_whole(world: World) -> bool:
    try:
        found = cluster.partitions(world.broker_ports())
        return bool(found) and all(one.is_whole for one in found) and all(
            world.parts[name].ready() for name in world.parts if name.startswith("kafka")
        )  # fmt: skip
    except OSError:
        return False


def _is_drained(metrics: Dict[str, float]) -> bool:
    if "playhead_spool_beacons" not in metrics:
        return False
    waiting = metrics["playhead_spool_beacons"] + metrics.get("playhead_producer_partitions_bypassed", 0)
    return waiting == 0 and metrics["playhead_spool_accepting"] == 1


def _newest_ms(world: World) -> int:
    # The rank is 2^62 less the received time counted from the client's; a read of the newest few parts.
    sql = (
        "SELECT max(client_time_ms + toInt64(4611686018427387904 - copy_rank)) AS ms FROM beacons_raw"
        " WHERE _partition_id = (SELECT max(_partition_id) FROM beacons_raw)"
    )
    try:
        rows = world.query(sql)
    except (OSError, urllib.error.URLError):
        return 0
    return int(rows[0]["ms"]) if rows else 0


def _state(world: World) -> str:
    told: List[str] = [f"{gateway.name}: {gateway.readiness() or 'not ready'}" for gateway in world.gateways]
    for gateway in world.gateways:
        metrics = gateway.metrics()
        told.append(f"{metrics.get('playhead_spool_beacons', 0):.0f} beacons in its spool")
    try:
        broken = [one for one in cluster.partitions(world.broker_ports()) if not one.is_whole]
        told.append(f"{len(broken)} partitions not whole")
    except OSError as error:
        told.append(str(error))
    return "; ".join(told)
