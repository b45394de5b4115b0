"""Which faults come when: drawn from the seed, so that a drill can be repeated."""

import random
from dataclasses import dataclass
from typing import Dict, List, Optional

# Seconds from a fault until all is whole again, as they were measured; only the length of the load depends on them.
_TAKES_S = {
    "gateway kill": 5, "broker leader kill": 16, "controller kill": 16, "clickhouse kill": 14, "broker pause": 12,
    "cut": 10, "half-open": 14, "latency": 9, "full disk": 12,
}  # fmt: skip
CALM_S = (2.0, 5.0)
# These break nothing that another fault's recovery is measured by, so they may come in the middle of one.
_COMPANIONS = ("gateway kill", "clickhouse kill")


@dataclass(frozen=True)
class Strike:
    """A fault of a kind: begins so long after its round does, and is put right so long after that; seconds."""

    kind: str
    after_s: float
    lasts_s: float


@dataclass(frozen=True)
class Round:
    """One fault, or two at a time, and the calm before the next."""

    strikes: List[Strike]
    calm_s: float


def draw(counts: Dict[str, int], seed: int) -> List[Round]:
    """A plan with so many faults of each kind."""
    dice = random.Random(seed)
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    dice.shuffle(kinds)
    hosts = [kind for kind in kinds if kind not in _COMPANIONS]
    guests = [kind for kind in kinds if kind in _COMPANIONS]
    rounds = []
    for kind in hosts:
        guest: Optional[str] = guests.pop() if guests and dice.random() < 0.4 else None
        rounds.append([_strike(kind, 0.0, dice)])
        if guest:
            rounds[-1].append(_strike(guest, dice.uniform(0.2, 4.0), dice))
    rounds += [[_strike(kind, 0.0, dice)] for kind in guests]
    dice.shuffle(rounds)
    return [Round(strikes, dice.uniform(*CALM_S)) for strikes in rounds]


def _strike(kind: str, after_s: float, dice: random.Random) -> Strike:
    if kind in ("gateway kill", "clickhouse kill"):
        lasts_s = dice.uniform(0.0, 2.0)
    elif kind.endswith("kill"):
        # The session of a broker runs out after six seconds: sometimes it comes back before, sometimes after.
        lasts_s = dice.uniform(0.0, 8.0)
    else:
        lasts_s = dice.uniform(3.0, 9.0)
    return Strike(kind, after_s, lasts_s)


def length_s(rounds: List[Round]) -> float:
    """How long the plan takes, about."""
    return sum(round.calm_s + _TAKES_S[round.strikes[0].kind] for round in rounds)
