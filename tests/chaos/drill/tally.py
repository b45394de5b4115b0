"""Adds up what the gateways count, across their deaths."""

import threading
from typing import Dict, List

from .gateways import Gateway

_EVERY_S = 0.5
_COUNTED = (
    "playhead_spool_written_beacons_total", "playhead_spool_drained_beacons_total", "playhead_spool_disk_failures_total",
    "playhead_spool_lost_records_total",
)  # fmt: skip


class Tally:
    """Looks twice a second; what a gateway counted after the last look before its death is missing."""

    def __init__(self, gateways: List[Gateway]):
        self.totals: Dict[str, float] = dict.fromkeys(_COUNTED, 0.0)
        self._gateways = gateways
        self._seen: Dict[tuple, float] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> Dict[str, float]:
        """The totals."""
        self._end.set()
        self._thread.join()
        return self.totals

    def _watch(self) -> None:
        while not self._end.wait(_EVERY_S):
            for gateway in self._gateways:
                metrics, pid = gateway.metrics(), gateway.pid()
                for name in _COUNTED if metrics else ():
                    key = (gateway.name, pid, name)
                    value = metrics.get(name, 0.0)
                    self.totals[name] += max(0.0, value - self._seen.get(key, 0.0))
                    self._seen[key] = max(value, self._seen.get(key, 0.0))
