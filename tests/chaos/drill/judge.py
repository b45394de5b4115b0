"""What the requests and the raw beacons say: was anything acknowledged lost, and what did the clients feel."""

import json
from dataclasses import dataclass
from typing import Dict, Iterable, Iterator, List, Sequence, Set, Tuple

Identity = Tuple[str, str, int]
Window = Tuple[int, int]


@dataclass(frozen=True)
class Attempt:
    """One request of a client; Unix ms."""

    identities: Tuple[Identity, ...]
    sent_ms: int
    ended_ms: int
    is_acknowledged: bool
    is_retry: bool

    def is_under_way_in(self, windows: Sequence[Window]) -> bool:
        """Whether any of the windows saw it."""
        return any(self.sent_ms <= until and begun <= self.ended_ms for begun, until in windows)


@dataclass
class FirstTries:
    """Beacons by what became of their first request."""

    acknowledged: int = 0
    offered: int = 0

    @property
    def percent(self) -> float:
        """Acknowledged at the first try; percent."""
        return 100.0 * self.acknowledged / self.offered if self.offered else 100.0


def read(lines: Iterable[str]) -> Iterator[Attempt]:
    """The attempts of the simulator's file."""
    for line in lines:
        told = json.loads(line)
        yield Attempt(
            tuple((told["session_key"], stream, seq) for stream, seq in told["beacons"]),
            told["sent_ms"],
            # What never ended was under way for ever.
            told["ended_ms"] if told["ended_ms"] is not None else 1 << 62,
            told["outcome"] == "acknowledged",
            told["is_retry"],
        )


def first_tries(attempts: Iterable[Attempt], windows: Sequence[Window]) -> Dict[str, FirstTries]:
    """First tries that no window saw (`outside`), and the others (`inside`)."""
    merged = merge(windows)
    found = {"outside": FirstTries(), "inside": FirstTries()}
    for attempt in attempts:
        if not attempt.is_retry:
            place = found["inside" if attempt.is_under_way_in(merged) else "outside"]
            place.offered += len(attempt.identities)
            place.acknowledged += len(attempt.identities) * attempt.is_acknowledged
    return found


def merge(windows: Sequence[Window]) -> List[Window]:
    """The same time in windows that do not overlap."""
    merged: List[Window] = []
    for begun, until in sorted(windows):
        if merged and begun <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((begun, until))
    return merged


def felt_s(failed_attempts: Iterable[Attempt], window: Window) -> float:
    """From the first request that failed in a window until the last such one was known to have failed; seconds."""
    failed = [one for one in failed_attempts if one.is_under_way_in([window])]
    if not failed:
        return 0.0
    begun = max(window[0], min(one.sent_ms for one in failed))
    return max(0.0, (max(one.ended_ms for one in failed) - begun) / 1000)


def lost(attempts: Iterable[Attempt], stored: Iterable[Identity]) -> Set[Identity]:
    """Identities that were acknowledged and are not stored."""
    missing = {identity for one in attempts if one.is_acknowledged for identity in one.identities}
    missing.difference_update(stored)
    return missing
