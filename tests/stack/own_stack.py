"""A stack of the tests' own, with free ports, which they may kill.

It is started when the first test asks for it and deleted at the end of the run.
"""

import atexit
import functools
import os
import re
import socket
import subprocess
import urllib.parse
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STACK = CHECKOUT / "stack" / "stack"


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OwnStack:
    """One instance; `kafka` and `url` are its addresses."""

    def __init__(self, name: str):
        self.name = name
        ports = {"kafka": free_port(), "kafka-controller": free_port(), "clickhouse": free_port()}
        self._flags = [f"--{part}-port={port}" for part, port in ports.items()]
        self.kafka = f"127.0.0.1:{ports['kafka']}"
        self.clickhouse_port = ports["clickhouse"]
        self.url = f"http://127.0.0.1:{ports['clickhouse']}"
        self.folder = CHECKOUT / ".stack" / name
        atexit.register(self.run, "reset")

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """Runs the launcher on this instance and returns what it printed."""
        command = [str(STACK), *arguments, "--instance", self.name, *self._flags]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, **options)

    def up(self, *arguments: str) -> str:
        """Starts what is missing; fails the test that asked when it cannot."""
        finished = self.run("up", *arguments)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def pid(self, part: str) -> int:
        """The process of `part`."""
        return int((self.folder / f"{part}.pid").read_text())

    def kill(self, part: str) -> None:
        """Kills `part` as a crash would."""
        os.kill(self.pid(part), 9)

    def resident_mb(self, peak: bool) -> float:
        """Memory of the engine's process, now or at its highest since `forget_peak`."""
        status = Path(f"/proc/{self.pid('clickhouse')}/status").read_text()
        name = "VmHWM" if peak else "VmRSS"
        return int(re.search(rf"{name}:\s+(\d+) kB", status).group(1)) / 1024

    def forget_peak(self) -> None:
        """Begins a new measurement of the peak."""
        Path(f"/proc/{self.pid('clickhouse')}/clear_refs").write_text("5")


@functools.cache
def engine() -> OwnStack:
    """A running stack with the engine only."""
    stack = OwnStack(f"test-engine-{os.getpid()}")
    stack.up("--only", "clickhouse")
    return stack


class Answer:
    """What curl got: `status`, `headers` (lower-case names) and `body`."""

    def __init__(self, output: bytes):
        while True:
            head, _, output = output.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            self.status = int(lines[0].split()[1])
            if self.status != 100:
                break
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.body = output

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def curl(url: str, *arguments: str, data: bytes = None, query: dict = None) -> Answer:
    """Sends one request by curl; `data` becomes a POST body, `query` the address's parameters."""
    address = url if query is None else f"{url}/?{urllib.parse.urlencode(query)}"
    command = ["curl", "--silent", "--show-error", "--include", "--max-time", "120", *arguments, address]
    if data is not None:
        command[1:1] = ["--data-binary", "@-"]
    finished = subprocess.run(command, input=data, capture_output=True, check=False)
    if not finished.stdout:
        raise AssertionError(f"curl: exit {finished.returncode}: {finished.stderr.decode()}")
    answer = Answer(finished.stdout)
    answer.curl_status = finished.returncode
    return answer


def ask(stack: OwnStack, sql: str, database: str = "default", **query: str) -> str:
    """Runs `sql` and returns its result; an error of the engine fails the test."""
    answer = curl(stack.url, data=sql.encode(), query={"database": database, **query})
    assert answer.status == 200, f"{sql[:200]}\n{answer.text}"
    return answer.text


def fresh_database(stack: OwnStack, name: str) -> str:
    """An empty database called `name`."""
    ask(stack, f"DROP DATABASE IF EXISTS {name}")
    ask(stack, f"CREATE DATABASE {name}")
    return name
