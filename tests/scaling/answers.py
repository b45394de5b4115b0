"""Times what the analytics API answers when nothing that it keeps helps: each window is asked for once."""

import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from .queries import Timing, ids
from .warehouse import Warehouse

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "benches"))

from gateway_process import Gateway  # noqa: E402

_PATIENCE_S = 60
_WINDOWS = [("15 minutes", 900), ("last hour", 3600), ("six hours", 21600), ("last day", 86400)]
# What the pages and docs/operator-questions.md ask; windows are added.
_QUESTIONS = [
    "/v1/timeseries?metrics=plays,rebuffering_ratio,failures_before_start&step={step}",
    "/v1/timeseries?metrics=rebuffering_ratio&group_by=cdn&step={step}",
    "/v1/timeseries?metrics=rebuffering_ratio&step={step}&filter=app_version:is:{app_version}",
    "/v1/timeseries?metrics=startup_time&step={step}&filter=content_id:is:{content_id}",
    "/v1/breakdown?metrics=plays,rebuffering_ratio&group_by=cdn",
    "/v1/breakdown?metrics=plays&group_by=country",
    "/v1/breakdown?metrics=plays,startup_time&group_by=app_version",
    "/v1/breakdown?metrics=plays,rebuffering_ratio&group_by=content_id&limit=20",
    "/v1/breakdown?metrics=unique_viewers&group_by=device_class",
    "/v1/comparison?metrics=startup_time&group_by=device_class&against=previous",
    "/v1/changes?metric=rebuffering_ratio&against=previous",
    "/v1/changes?metric=failures_before_start&against=previous&dimensions=cdn,app_version",
    "/v1/top?dimension=content_id&metric=playing_ms",
    "/v1/top?dimension=app_version&metric=plays",
    "/v1/quality?",
    "/v1/errors?kind=fatal&group_by=app_version,error_code",
    "/v1/errors?error_code=decode_failed",
    "/v1/ads?group_by=ad_id",
    "/v1/delivery?group_by=device_class",
    "/v1/funnel?",
    "/v1/funnel?filter=content_id:is:{content_id}",
    "/v1/engagement?content_id={content_id}&step=10s",
    "/v1/sessions?limit=100",
    "/v1/sessions?viewer_id={viewer_id}",
    "/v1/sessions?content_id={content_id}&limit=100",
    "/v1/viewers/{viewer_id}?",
    "/v1/dimensions/app_version/values?",
    "/v1/usage?",
]
_PLACES = ["/v1/sessions/{session_id}", "/v1/sessions/{session_id}/beacons"]


def every(warehouse: Warehouse, tenant: str, ends_at: int, turns: int, binary: Path) -> list:
    """A `Timing` for each question and window, through a gateway of its own."""
    known = ids(warehouse, tenant)
    named = {**known, "content_id": known["content_ids"][0], "app_version": known["app_version"]}
    gateway = Gateway(binary, CLICKHOUSE__URL=warehouse.url, CLICKHOUSE__DATABASE=warehouse.database)
    timings = []
    try:
        for question in _QUESTIONS:
            for window, seconds in _WINDOWS:
                step, step_name = {900: (60, "1m"), 3600: (60, "1m"), 21600: (300, "5m"), 86400: (3600, "1h")}[seconds]
                path = question.format(**{**named, "step": step_name})
                # Each turn its own window, a step further back, so that no answer of before fits.
                paths = [f"{path}&{_span(ends_at - step * turn, seconds)}" for turn in range(turns + 1)]
                timings.append(_time(warehouse, gateway.port, path.split("?", 1)[0], _label(path), window, paths))
        for place in _PLACES:
            sessions = known["session_ids"][: turns + 1]
            paths = [place.format(session_id=session_id) for session_id in sessions]
            timings.append(_time(warehouse, gateway.port, place, "", "one session", paths))
    finally:
        gateway.stop()
    return timings


def _span(ends_at: int, seconds: int) -> str:
    moment = "%Y-%m-%dT%H:%M:%SZ"
    begin, end = (time.strftime(moment, time.gmtime(at)) for at in (ends_at - seconds, ends_at))
    return urllib.parse.urlencode({"from": begin, "to": end})


def _label(path: str) -> str:
    return path.partition("?")[2].partition("&step=")[0]


def _time(warehouse: Warehouse, port: int, resource: str, asked: str, window: str, paths: list) -> Timing:
    timing = Timing(f"{resource} {asked}"[:58], window, [], 0, 0, 0.0)
    for turn, path in enumerate(paths):
        if turn == 1:
            cpu_s = warehouse.cpu_s()
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=_PATIENCE_S) as answer:
                answer.read()
        except urllib.error.HTTPError as refusal:
            timing.failure = f"{refusal.code} {refusal.read()[:160].decode(errors='replace')}"
            return timing
        # The first one warms the file system's cache.
        if turn > 0:
            timing.times_ms.append((time.perf_counter() - began) * 1000)
    timing.cpu_ms = (warehouse.cpu_s() - cpu_s) * 1000 / max(1, len(timing.times_ms))
    return timing
