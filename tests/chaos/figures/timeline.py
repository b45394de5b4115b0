"""What the gateway and the warehouse show while a load runs, minute by minute."""

import json
import threading
import time
import urllib.parse
import urllib.request
from typing import Callable, Dict, List

from .bench import Bench

_EVERY_S = 1.0


class Sampler:
    """Watches the spool: prints now and then, and keeps what it saw."""

    def __init__(self, bench: Bench, say: Callable[[str], None], say_every_s: float = 15):
        self.samples: List[Dict[str, float]] = []
        self._bench, self._say, self._say_every_s = bench, say, say_every_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._end.set()
        self._thread.join()

    def waiting(self) -> float:
        """Beacons of the spool that are not in Kafka."""
        return self._bench.metric("playhead_spool_beacons")

    def _watch(self) -> None:
        said = time.monotonic()
        while not self._end.wait(_EVERY_S):
            sample = {
                "at": time.time(),
                "beacons": self.waiting(),
                "bytes": self._bench.metric("playhead_spool_bytes"),
                "written": self._bench.metric("playhead_spool_written_beacons_total"),
                "drained": self._bench.metric("playhead_spool_drained_beacons_total"),
            }
            self.samples.append(sample)
            if time.monotonic() - said >= self._say_every_s:
                said = time.monotonic()
                self._say(f"{sample['beacons']:.0f} beacons wait in the spool, {sample['bytes'] / 1e6:.0f} MB")


def rows(bench: Bench, sql: str) -> List[dict]:
    """Asks the warehouse."""
    address = f"{bench.instance.clickhouse_url}/?" + urllib.parse.urlencode({"database": "playhead"})
    request = urllib.request.Request(address, data=f"{sql} FORMAT JSONEachRow".encode())
    with urllib.request.urlopen(request, timeout=600) as answer:
        return [json.loads(line) for line in answer]


def stored(bench: Bench) -> int:
    """Distinct beacons in the warehouse."""
    return int(rows(bench, "SELECT toString(count()) AS n FROM beacons_v")[0]["n"])


def by_minute(bench: Bench) -> Dict[int, dict]:
    """For each minute (Unix s): raw beacons received in it, and viewing time that the dashboards show of it."""
    found: Dict[int, dict] = {}
    raw = "SELECT toUnixTimestamp(toStartOfMinute(received_time)) AS minute, count() AS n FROM beacons_v GROUP BY minute"
    for row in rows(bench, raw):
        found.setdefault(int(row["minute"]), {"beacons": 0, "playing_ms": 0})["beacons"] = int(row["n"])
    shown = "SELECT toUnixTimestamp(minute) AS at, sum(playing_ms) AS ms FROM quality_by_minute_v GROUP BY at"
    for row in rows(bench, shown):
        if int(row["at"]) in found:
            found[int(row["at"])]["playing_ms"] = int(row["ms"])
    return found
