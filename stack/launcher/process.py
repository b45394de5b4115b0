"""Processes in the background: started, found again by their pid file, stopped."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Mapping, Optional, Sequence

from .failure import Failure


def command_line(pid: int) -> str:
    """What process `pid` runs, or nothing when it is gone (a zombie counts as gone)."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


class Background:
    """A process known by its pid file and by a mark in its command line.

    The mark (its data folder) tells it from a stranger that got the same pid
    after a reboot, so a stale pid file never does harm.
    """

    def __init__(self, pid_file: Path, mark: Path, log: Path):
        self.pid_file, self.mark, self.log = pid_file, mark, log
        self._child: Optional[subprocess.Popen] = None

    def pid(self) -> Optional[int]:
        """The pid while the process runs; a stale pid file is removed."""
        if self._child is not None:
            # Its own child needs no guessing, and shows no command line in its first moment.
            return self._child.pid if self._child.poll() is None else None
        try:
            pid = int(self.pid_file.read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return None
        if str(self.mark) in command_line(pid):
            return pid
        self.pid_file.unlink(missing_ok=True)
        return None

    def start(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> int:
        """Starts the process in a session of its own; what it prints goes to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            log.write(f"--- started {time.strftime('%Y-%m-%dT%H:%M:%S%z')}\n".encode())
            log.flush()
            self._child = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=folder,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{self._child.pid}\n", encoding="ascii")
        return self._child.pid

    def stop(self, patience_s: float) -> bool:
        """Asks the process to end, insists after `patience_s`; False when none ran."""
        pid = self.pid()
        if pid is None:
            return False
        _signal(pid, signal.SIGTERM)
        if not self._gone(pid, patience_s):
            _signal(pid, signal.SIGKILL)
            if not self._gone(pid, 10):
                raise Failure(f"process {pid} does not end, even after kill -9 {pid}; see {self.log}")
        self.pid_file.unlink(missing_ok=True)
        return True

    def _gone(self, pid: int, patience_s: float) -> bool:
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if self.pid() != pid:
                return True
            time.sleep(0.05)
        return False

    def last_lines(self, count: int) -> str:
        """The end of the log, for an error message."""
        try:
            with open(self.log, "rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(0, log.tell() - 64 * 1024))
                lines = log.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return "(no log)"
        return "\n".join(lines[-count:])


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
