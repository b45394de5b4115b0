"""The warehouse over HTTP, and the CPU time of its process."""

import http.client
import json
import os
import time
import urllib.parse
from pathlib import Path

# As the gateway asks (gateway/analytics/reader.rs).
READER_SETTINGS = {
    "readonly": "2",
    "result_overflow_mode": "throw",
    "max_result_bytes": str(64 * 1024 * 1024),
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "0",
    # The gateway's questions differ, so that nothing remembered of the last one helps the next.
    "use_query_condition_cache": "0",
}
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_S = 3600


class Refused(Exception):
    """The engine's own words."""


class Warehouse:
    """One database of one server, whose process is `pid`."""

    def __init__(self, url: str, database: str, pid: int):
        self.url, self.database = url, database
        address = urllib.parse.urlsplit(url)
        self._host, self._port = address.hostname, address.port
        self._pid = pid
        self._connection = None

    def ask(self, sql: str, parameters=None, settings=None) -> bytes:
        """Runs one statement and returns its whole result."""
        options = {"database": self.database, **(settings or {})}
        options.update({f"param_{name}": value for name, value in (parameters or {}).items()})
        path = "/?" + urllib.parse.urlencode(options)
        for attempt in (1, 2):
            connection = self._connection or http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE_S)
            self._connection = connection
            try:
                connection.request("POST", path, body=sql.encode())
                answer = connection.getresponse()
                body = answer.read()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                # An idle connection that the server closed.
                self._connection = None
                if attempt == 2:
                    raise
        self.summary = json.loads(answer.headers.get("X-ClickHouse-Summary") or "{}")
        if answer.status != 200:
            raise Refused(body.decode(errors="replace").strip())
        return body

    def rows(self, sql: str, parameters=None) -> list:
        """The rows of a small result, each a dict."""
        text = self.ask(f"{sql} FORMAT JSONEachRow", parameters, {"output_format_json_quote_64bit_integers": "0"})
        return [json.loads(line) for line in text.splitlines()]

    def value(self, sql: str, parameters=None):
        """The only value of a result."""
        (row,) = self.rows(sql, parameters)
        (value,) = row.values()
        return value

    def now(self) -> str:
        """The server's clock, as a parameter of type DateTime64(3, 'UTC')."""
        return self.value("SELECT toString(now64(3, 'UTC')) AS now")

    def cpu_s(self) -> float:
        """CPU time that the process has used so far; s."""
        fields = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> int:
        """Most memory that the process has held so far; MB."""
        for line in Path(f"/proc/{self._pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
        return 0


class Stretch:
    """Wall time and the engine's CPU time of a stretch of work: `with Stretch(warehouse) as s: ...`."""

    def __init__(self, warehouse: Warehouse):
        self._warehouse = warehouse
        self.wall_s = self.cpu_s = 0.0

    def __enter__(self):
        self._from = time.monotonic(), self._warehouse.cpu_s()
        return self

    def __exit__(self, *_):
        self.wall_s = time.monotonic() - self._from[0]
        self.cpu_s = self._warehouse.cpu_s() - self._from[1]
