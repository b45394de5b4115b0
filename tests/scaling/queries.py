"""Times every query of sql/queries as the gateway would run it."""

import re
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .warehouse import READER_SETTINGS, Refused, Warehouse

CHECKOUT = Path(__file__).resolve().parents[2]
_GRAINS = {"minutes": "minute", "sessions": "session", "audience": "audience", "seconds": "second", "breaks": "break", "days": "day"}
# What the ranking queries are asked for: query, dimension, set of dimensions.
_RANKED = {
    "top/now": [("content_id", "")],
    "top/titles": [("content_id", "")],
    "top/sets": [("app_version", "application"), ("country", "network")],
}
_RANKED_BY = "sum(playing_ms)"
_LONGEST = "SELECT session_id AS id FROM sessions WHERE tenant = {tenant:String} ORDER BY beacons_received DESC LIMIT 50"
_VERSION = (
    "SELECT attributes.app_version AS id FROM sessions WHERE tenant = {tenant:String}"
    " GROUP BY id ORDER BY count() DESC LIMIT 1"
)
_OFTENEST = (
    "SELECT attributes.viewer_id AS id FROM sessions WHERE tenant = {tenant:String} AND id != ''"
    " GROUP BY id ORDER BY count() DESC LIMIT 1"
)
_MOST_WATCHED = "SELECT toString(content_id) AS id FROM sessions WHERE tenant = {tenant:String} GROUP BY content_id ORDER BY count() DESC LIMIT 10"


@dataclass
class Timing:
    """One query over one window."""

    query: str
    window: str
    times_ms: list
    rows: int
    read_rows: int
    read_mb: float
    # The engine's, each time; ms. What the time would be on one core with nothing else to do.
    cpu_ms: float = 0.0
    failure: str = ""

    def at(self, part: float) -> float:
        """A percentile; ms."""
        times = sorted(self.times_ms)
        return times[min(len(times) - 1, int(part * len(times)))] if times else float("nan")


def ids(warehouse: Warehouse, tenant: str) -> dict:
    """What there is most of, by its kind: the worst that a question can be about."""
    found = {
        name: [row["id"] for row in warehouse.rows(sql, {"tenant": tenant})]
        for name, sql in (("sessions", _LONGEST), ("viewers", _OFTENEST), ("titles", _MOST_WATCHED), ("versions", _VERSION))
    }
    return {
        "session_id": found["sessions"][0], "session_ids": found["sessions"], "viewer_id": found["viewers"][0],
        "content_ids": found["titles"], "app_version": found["versions"][0],
    }  # fmt: skip


# Plays of a window, with some or all of their columns.
_LISTS = ("sessions/list_sessions", "sessions/list_whole_sessions")


def every(warehouse: Warehouse, tenant: str, ends_at: int, turns: int) -> list:
    """A `Timing` for each query file and each window that suits it."""
    known_ids = ids(warehouse, tenant)
    timings = []
    for file in sorted((CHECKOUT / "sql" / "queries").rglob("*.sql")):
        name = str(file.relative_to(CHECKOUT / "sql" / "queries"))[: -len(".sql")]
        if name.startswith("explore/"):
            continue
        # Who is there, or left lately: the page asks for the first.
        sql = _with_formulas(file.stem, file.read_text(encoding="utf-8")).replace("${whom}", "_there")
        if name in _LISTS:
            # The first page of everything.
            sql = sql.replace("${plays}", "session_facts").replace("${filters}", "1").replace("${after}", "1")
        # The gateway writes the text of these and of explore/, or asks another query first: `answers.py` asks them through it.
        if re.search(r"\$\{(?!dimension)", sql) or "{session_key:" in sql:
            continue
        for dimension, dimension_set in _RANKED.get(name, [("", "")]):
            asked = sql.replace("${dimension}", dimension)
            wanted = dict(re.findall(r"\{(\w+):(\w+)", asked))
            label = f"{name} {dimension}".rstrip()
            for window, seconds in _windows(name, wanted):
                parameters = _parameters(wanted, tenant, known_ids, ends_at, seconds)
                parameters.update({"dimension": dimension, "dimension_set": dimension_set} if dimension else {})
                timings.append(_time(warehouse, label, window, asked, parameters, turns))
        if name in _LISTS:
            wanted = dict(re.findall(r"\{(\w+):(\w+)", sql))
            parameters = {**_parameters(wanted, tenant, known_ids, ends_at, 31 * 86400), "viewer_id": known_ids["viewer_id"]}
            timings.append(_time(warehouse, f"{name} of a viewer", "31 days", sql, parameters, turns))
    return timings


def _windows(name: str, wanted: dict) -> list:
    if "from" not in wanted:
        return [("now", 0)]
    if name == "sessions/show_session":
        return [("one session", None)]
    if name == "freshness":
        return [("last hour", 3600)]
    if name.startswith("live/"):
        # The longest that the page asks for.
        return [("15 minutes", 900), ("last hour", 3600), ("six hours", 21600), *([("last day", 86400)] if name == "live/concurrency" else [])]
    return [("15 minutes", 900), ("last hour", 3600), ("last day", 86400)]


def _parameters(wanted: dict, tenant: str, known_ids: dict, ends_at: int, seconds) -> dict:
    """A value for each name; a name that is not known here is a new kind of query."""
    begin, end = (0, 7258118400) if seconds is None else (ends_at - seconds, ends_at)
    steps = next((s for s in (1, 5, 10, 15, 30) if (seconds or 0) / s <= 1000), 60)
    hours_from = -(-begin // 3600) * 3600
    hours_to = max(hours_from, ends_at // 3600 * 3600 if end == ends_at else end // 3600 * 3600)
    known = {
        "hours_from": _moment(hours_from), "hours_to": _moment(hours_to), "parted_hour": _moment(0),
        "tenant": tenant, "session_id": known_ids["session_id"], "from": _moment(begin), "to": _moment(end), "limit": "100",
        "content_limit": "10", "since": _moment(ends_at - 3600), "status": "", "viewer_id": "", "content_id": "", "content_ids": str(known_ids["content_ids"]), "step_seconds": str(steps), "window_seconds": str(seconds or 1),
    }  # fmt: skip
    return {name: known[name] for name in wanted if name in known}


def _moment(unix_s: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime(unix_s))


def _with_formulas(stem: str, sql: str) -> str:
    if "${metrics}" not in sql:
        return sql
    if stem in ("titles", "sets"):
        return sql.replace("${metrics}", f"{_RANKED_BY} AS value_0")
    registry = tomllib.loads((CHECKOUT / "sql" / "metrics.toml").read_text(encoding="utf-8"))
    formulas = [metric["formula"] for metric in registry["metric"] if metric["grain"] == _GRAINS[stem]]
    return sql.replace("${metrics}", ", ".join(f"{formula} AS value_{n}" for n, formula in enumerate(formulas)))


def _time(warehouse: Warehouse, name: str, window: str, sql: str, parameters: dict, turns: int) -> Timing:
    timing = Timing(name, window, [], 0, 0, 0.0)
    settings = {**READER_SETTINGS, "default_format": "JSONEachRow"}
    try:
        # The first one warms the file system's cache; nothing else remembers answers.
        for turn in range(turns + 1):
            if turn == 1:
                cpu_s = warehouse.cpu_s()
            began = time.perf_counter()
            body = warehouse.ask(sql, parameters, settings)
            took_ms = (time.perf_counter() - began) * 1000
            if turn > 0:
                timing.times_ms.append(took_ms)
            elif took_ms > 5000:
                # As slow as that, ten turns tell no more than one.
                timing.times_ms.append(took_ms)
                break
        if turn > 0:
            timing.cpu_ms = (warehouse.cpu_s() - cpu_s) * 1000 / turns
        timing.rows = body.count(b"\n")
        timing.read_rows = int(warehouse.summary.get("read_rows", 0))
        timing.read_mb = int(warehouse.summary.get("read_bytes", 0)) / 1e6
    except Refused as refusal:
        timing.failure = str(refusal).splitlines()[0][:160]
    return timing
