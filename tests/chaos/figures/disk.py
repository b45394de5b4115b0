"""How fast the disk under a folder makes bytes durable."""

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

_RECORD = bytes(4096)


@dataclass(frozen=True)
class Syncs:
    """Appends of 4 KiB, each followed by fdatasync, one after another."""

    per_second: float
    p50_ms: float
    p99_ms: float


def measure(folder: Path, seconds: float) -> Syncs:
    """Writes for so long into a file of its own, and removes it."""
    folder.mkdir(parents=True, exist_ok=True)
    path, times_ms = folder / "syncs.probe", []
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            os.write(file, _RECORD)
            at = time.perf_counter()
            os.fdatasync(file)
            times_ms.append((time.perf_counter() - at) * 1000)
        took = time.perf_counter() - began
    finally:
        os.close(file)
        path.unlink()
    cuts = statistics.quantiles(times_ms, n=100)
    return Syncs(len(times_ms) / took, cuts[49], cuts[98])
