"""Loads history by the statements of docs/replay.md, and measures each step."""

import re
import subprocess
import time
from pathlib import Path

from .warehouse import Stretch, Warehouse

CHECKOUT = Path(__file__).resolve().parents[2]
_PASSES_SETTLE_S = 1800
# What is computed sooner than two minutes after its parts, the passes compute once more (docs/replay.md).
_BEFORE_NEXT_S = 125
# A session that ends now, as there always are some: else the passes that look back to the last one look through all of history.
_ONE_OF_NOW = """
INSERT INTO beacons_in (tenant, session_id, session_key, stream, seq, seq_is_ordinal, event, state,
    client_time_ms, sent_time_ms, received_time_ms, event_time_ms)
SELECT 'now', 'one', xxh3(concat('now', char(0), 'one')), 'json', number, true, 1, if(number = 0, 2, 6), at, at, at, at
FROM (SELECT number, toUnixTimestamp64Milli(now64(3)) - 60000 + number * 30000 AS at FROM numbers(2))
"""


def statements(step: str) -> list:
    """The statements of docs/replay.md under `-- step`."""
    text = (CHECKOUT / "docs" / "replay.md").read_text(encoding="utf-8")
    found = re.search(rf"```sql\n-- {step}\n(.*?)```", text, re.DOTALL)
    return [part.strip() for part in found.group(1).split(";\n") if part.strip()]


def run(warehouse: Warehouse, step: str, **parameters) -> None:
    """Runs a step of the page."""
    for statement in statements(step):
        warehouse.ask(statement.rstrip(";"), parameters)


def load(warehouse: Warehouse, playhead: str, arguments: list, ends_at: int, hours: int) -> list:
    """Runs all steps; returns (step, Stretch) of each."""
    measured = []

    def measure(step: str):
        stretch = Stretch(warehouse)
        measured.append((step, stretch))
        return stretch

    since = warehouse.now()
    run(warehouse, "stop")
    with measure("load: raw, session states, marks"):
        subprocess.run([playhead, "simulate", *arguments], check=True)
    time.sleep(_BEFORE_NEXT_S)
    with measure("sessions, and their minutes"):
        run(warehouse, "sessions", since=since)
    time.sleep(_BEFORE_NEXT_S)
    with measure("minutes and seconds"):
        for hour in range(hours + 1):
            begin = ends_at // 3600 * 3600 - (hours - hour) * 3600
            run(warehouse, "minutes", **{"from": str(begin), "to": str(begin + 3600), "since": since})
    with measure("tens of seconds, hours, days"):
        warehouse.ask(_ONE_OF_NOW)
        run(warehouse, "start")
        _await_days(warehouse)
    return measured


def _await_days(warehouse: Warehouse) -> None:
    """Waits until no window is older than what it is made of."""
    finer = [
        ("quality_by_second", "quality_by_ten_seconds", "toStartOfInterval(second, INTERVAL 10 SECOND)", "ten_seconds"),
        ("quality_by_minute", "quality_by_hour", "toStartOfHour(minute)", "hour"),
        ("quality_by_hour", "quality_by_day", "toStartOfDay(hour)", "day"),
    ]
    deadline = time.monotonic() + _PASSES_SETTLE_S
    for source, target, begin, column in finer:
        behind = f"""
            SELECT count() AS n
            FROM (SELECT tenant, toDateTime({begin}, 'UTC') AS at, max(version) AS newest FROM {source} GROUP BY tenant, at) AS f
            LEFT JOIN (SELECT tenant, toDateTime({column}, 'UTC') AS at, max(version) AS newest FROM {target} GROUP BY tenant, at) AS c
                ON c.tenant = f.tenant AND c.at = f.at
            WHERE c.newest < f.newest"""
        while warehouse.value(behind) > 0:
            if time.monotonic() > deadline:
                raise SystemExit(f"tests/scale: {target} did not catch up within {_PASSES_SETTLE_S} s; see the engine's log")
            time.sleep(2)
