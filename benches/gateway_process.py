"""A release build of the gateway as a process of its own, and what it uses."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_s(pid: int) -> float:
    """User and system time of a process so far; s."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mib(pid: int) -> float:
    """Memory that a process has now; MiB."""
    return _status_mib(pid, "VmRSS:")


def peak_rss_mib(pid: int) -> float:
    """Most memory that a process had since `forget_peak`; MiB."""
    return _status_mib(pid, "VmHWM:")


def forget_peak(pid: int) -> None:
    """From now on the peak is counted anew."""
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def _status_mib(pid: int, field: str) -> float:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


class Gateway:
    """A gateway with a topic of its own; `settings` are further settings, such as SPOOL__MODE."""

    def __init__(self, binary: pathlib.Path, **settings: str) -> None:
        self.port, self.operations = free_port(), free_port()
        self.folder = tempfile.mkdtemp(prefix="playhead-bench-")
        name = f"bench.{os.getpid()}"
        environment = os.environ | {
            "PLAYHEAD_HTTP__LISTEN": f"127.0.0.1:{self.port}",
            "PLAYHEAD_OPERATIONS__LISTEN": f"127.0.0.1:{self.operations}",
            "PLAYHEAD_SPOOL__FOLDER": f"{self.folder}/spool",
            "PLAYHEAD_KAFKA__TOPIC": name,
            "PLAYHEAD_KAFKA__PARTITIONS": "6",
            "PLAYHEAD_CLICKHOUSE__URL": "http://127.0.0.1:1",
            **{f"PLAYHEAD_{name}": value for name, value in settings.items()},
        }
        subprocess.run([binary, "topics"], env=environment, check=True, stdout=subprocess.DEVNULL)
        log = open(f"{self.folder}/log", "w")
        self.process = subprocess.Popen([binary, "serve"], env=environment, stdout=log, stderr=log)
        for _ in range(100):
            try:
                self.accepted()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the gateway does not start: see {self.folder}/log")

    def accepted(self) -> int:
        """Beacons accepted so far."""
        return int(self.sum("playhead_beacons_total", 'outcome="accepted"'))

    def syncs(self) -> int:
        """Syncs of the spool's records so far."""
        return int(self.sum("playhead_spool_sync_seconds_count", 'point="records"'))

    def syncing_s(self) -> float:
        """Time that those took; s."""
        return self.sum("playhead_spool_sync_seconds_sum", 'point="records"')

    def sum(self, metric: str, label: str = "") -> float:
        """Sum of all series of a metric that have this label."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.operations}/metrics", timeout=5) as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric) and label in line)

    def stop(self) -> None:
        """Asks it to end, and removes what it left."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
