"""The gateways: each a process with a spool of its own."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Dict, Mapping

from launcher.process import Background

_SPOOL_MB = 24
# Without a disk of its own a spool is so small that some seconds fill it.
_BOUND = {
    "PLAYHEAD_KAFKA__BATCH_MAX_BYTES": "16384",
    "PLAYHEAD_SPOOL__SEGMENT_BYTES": "32768",
    "PLAYHEAD_SPOOL__MAX_BYTES": "65536",
}
_METRIC = re.compile(r"^(playhead_[a-z_]+?)(?:\{[^}]*\})? ([0-9.e+-]+)$", re.MULTILINE)


class Gateway:
    """Gateway number `number`; its name is that of its links."""

    def __init__(self, number: int, folder: Path, port: int, operations_port: int, settings: Mapping[str, str]):
        self.name, self.folder, self.port, self.operations_port = f"gateway{number}", folder, port, operations_port
        self.spool = folder / "spool"
        self._settings = settings
        # Empty: everything is told by the environment. Its name marks the process as this drill's.
        self._file = folder / "playhead.toml"
        self._background = Background(folder / "pid", self._file, folder / "gateway.log")
        self.has_own_disk = False
        # How often it ended without being killed.
        self.own_ends = 0

    def prepare(self) -> None:
        """Gives the spool a small disk of its own where that may be done, so that it can be filled."""
        self.spool.mkdir(parents=True, exist_ok=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_SPOOL_MB}m,mode=700", "tmpfs", str(self.spool)]
        if os.geteuid() == 0 and shutil.which("mount"):
            self.has_own_disk = subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def start(self) -> None:
        """Starts the process; it is not waited for."""
        bound = {"PLAYHEAD_SPOOL__SEGMENT_BYTES": str(1024 * 1024)} if self.has_own_disk else _BOUND
        environment = {
            **os.environ, **self._settings, **bound,
            "PLAYHEAD_HTTP__LISTEN": f"127.0.0.1:{self.port}",
            "PLAYHEAD_OPERATIONS__LISTEN": f"127.0.0.1:{self.operations_port}",
            "PLAYHEAD_SPOOL__FOLDER": str(self.spool),
        }  # fmt: skip
        self._file.touch()
        command = [self._settings["PLAYHEAD_BIN"], "--config", str(self._file), "serve"]
        self._background.start(command, environment, self.folder)

    def pid(self) -> int:
        """The process; 0 while none runs."""
        return self._background.pid() or 0

    def answers(self) -> bool:
        """Whether it takes beacons; one that has ended by itself is started again, as a supervisor would."""
        if not self.pid():
            self.own_ends += 1
            self.start()
        return bool(self.readiness())

    def kill(self) -> None:
        """Ends the process as a crash would."""
        if pid := self.pid():
            os.kill(pid, signal.SIGKILL)
            while self.pid():
                time.sleep(0.005)

    def stop(self) -> None:
        """Ends the process for good, and takes its disk away."""
        self._background.stop(patience_s=30)
        if os.path.ismount(self.spool):
            subprocess.run(["umount", str(self.spool)], check=False)

    def fill_disk(self) -> None:
        """Leaves not one block of the spool's disk free."""
        with open(self.spool / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(64 * 1024))
            except OSError:
                pass

    def free_disk(self) -> None:
        """Undoes `fill_disk`."""
        (self.spool / "filler").unlink(missing_ok=True)

    def readiness(self) -> str:
        """What `/readyz` says; empty where it does not answer or is not ready."""
        return self._get("/readyz").strip()

    def metrics(self) -> Dict[str, float]:
        """Each metric, summed over its labels; empty where it does not answer."""
        found: Dict[str, float] = {}
        for name, value in _METRIC.findall(self._get("/metrics")):
            found[name] = found.get(name, 0.0) + float(value)
        return found

    def _get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.operations_port}{path}", timeout=4) as answer:
                return answer.read().decode()
        except (OSError, urllib.error.URLError):
            return ""
