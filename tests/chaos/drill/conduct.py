"""Carries the plan out, one round after another, and measures."""

import random
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Tuple

from . import faults
from .health import NotWhole, await_whole
from .plan import Round
from .world import World

__all__ = ["NotWhole", "Struck", "carry_out"]
_ANSWER_WITHIN_S = 120


@dataclass
class Struck:
    """One fault as it went; moments in Unix ms, times in seconds after it began."""

    kind: str
    what: str
    began_ms: int
    ended_ms: int = 0
    put_right_s: float = 0.0
    answers_s: float = 0.0
    # Of its round: when each sign was first seen again.
    whole_s: Dict[str, float] = field(default_factory=dict)


# A fault, how it goes, and when it began (a time of `time.monotonic`).
UnderWay = Tuple[faults.Fault, Struck, float]


def carry_out(rounds: List[Round], seed: int, world: World, is_load_on: Callable[[], bool],
              say: Callable[[str], None]) -> List[Struck]:  # fmt: skip
    """Strikes until the plan is done, or the load has ended before it."""
    dice = random.Random(seed + 1)
    struck: List[Struck] = []
    for number, planned in enumerate(rounds, 1):
        if not is_load_on():
            break
        done = _strike(planned, dice, world, is_load_on)
        struck += done
        names = " and ".join(f"{one.kind} ({one.what})" for one in done)
        whole_s = max(max(one.whole_s.values()) for one in done)
        say(f"[{number}/{len(rounds)}] {names}: whole again after {whole_s:.1f} s")
        time.sleep(planned.calm_s)
    return struck


def _strike(planned: Round, dice: random.Random, world: World, is_load_on: Callable[[], bool]) -> List[Struck]:
    round_began = time.monotonic()
    # (when, what to do) in the order of time; a fault is chosen when it begins, from the world as it is then.
    due: List[Tuple[float, int, str]] = []
    for place, strike in enumerate(planned.strikes):
        due += [(strike.after_s, place, "begin"), (strike.after_s + strike.lasts_s, place, "end")]
    under_way: Dict[int, UnderWay] = {}
    for when, place, what in sorted(due, key=lambda one: (one[0], one[2] == "end")):
        time.sleep(max(0.0, round_began + when - time.monotonic()))
        if what == "begin":
            fault = faults.make(planned.strikes[place].kind, dice, world)
            under_way[place] = (fault, Struck(fault.kind, fault.what, _now_ms()), time.monotonic())
            fault.begin()
        else:
            fault, struck, began = under_way[place]
            fault.end()
            struck.put_right_s = time.monotonic() - began
    put_right_ms = _now_ms()
    _await_answers(list(under_way.values()))
    for _, struck, began in under_way.values():
        struck.whole_s = await_whole(world, put_right_ms, began, is_load_on)
    return [struck for _, struck, _ in under_way.values()]


def _await_answers(silent: List[UnderWay]) -> None:
    deadline = time.monotonic() + _ANSWER_WITHIN_S
    while silent:
        for one in list(silent):
            fault, struck, began = one
            if fault.answers():
                struck.answers_s, struck.ended_ms = time.monotonic() - began, _now_ms()
                silent.remove(one)
        if silent and time.monotonic() > deadline:
            names = ", ".join(f"{fault.what} ({fault.kind})" for fault, *_ in silent)
            raise RuntimeError(f"no answer {_ANSWER_WITHIN_S} s after it was put right: {names}")
        time.sleep(0.05)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
