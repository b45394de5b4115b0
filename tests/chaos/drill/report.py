"""The figures, for people."""

import statistics
from typing import Callable, Dict, List, Sequence

from .conduct import Struck
from .judge import FirstTries

_COLUMNS = ("put right", "answers", "gateways", "brokers", "spools", "warehouse", "clients")


def recovery(struck: Sequence[Struck], felt_s: Callable[[Struck], float]) -> str:
    """A table: for each kind of fault how often, and the median and the worst time of each step."""
    kinds: Dict[str, List[Struck]] = {}
    for one in struck:
        kinds.setdefault(one.kind, []).append(one)
    lines = [f"{'fault':<19}{'count':>6}" + "".join(f"{name:>16}" for name in _COLUMNS)]
    for kind, ones in sorted(kinds.items()):
        cells = [
            [one.put_right_s for one in ones],
            [one.answers_s for one in ones],
            *([one.whole_s[name] for one in ones] for name in _COLUMNS[2:6]),
            [felt_s(one) for one in ones],
        ]
        lines.append(f"{kind:<19}{len(ones):>6}" + "".join(f"{_median_worst(cell):>16}" for cell in cells))
    lines.append(
        "median / worst, in seconds from the fault: put right (process started again, link mended), the struck part answers,\n"
        "gateways ready by Kafka and spool, all brokers there and every copy in sync, spools empty, the warehouse shows what\n"
        "came after; clients: from the first request that failed to the last one (0: none did)"
    )
    return "\n".join(lines)


def _median_worst(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} / {max(values):.1f}"


def clients(tries: Dict[str, FirstTries], windows_s: float, all_s: float) -> str:
    """What the clients saw."""
    told = [
        f"{name} the faults' windows: {one.offered} beacons offered, {one.percent:.3f} % acknowledged at the first try"
        for name, one in tries.items()
    ]
    told.append(f"the windows are {windows_s:.0f} s of {all_s:.0f} s")
    return "\n".join(told)
