"""The load: viewers whose truth is known, in a process of their own."""

import os
import subprocess
from pathlib import Path

from .world import World

_FAULTS = (
    "--duplicates-percent", "5", "--reorder-percent", "10", "--late-percent", "10", "--loss-percent", "2",
    "--wrong-clock-percent", "5",
)  # fmt: skip


class Viewers:
    """One run of the simulator."""

    def __init__(self, world: World, sessions: int, minutes: float, speed_up: float, seed: int):
        self.log = world.folder / "viewers.log"
        self.attempts = world.folder / "attempts.ndjson"
        command = [
            world.playhead, "simulate", "--viewers", str(sessions), "--length-minutes", f"{minutes:.1f}",
            "--speed-up", str(speed_up), "--seed", str(seed), "--gateway", world.address, *_FAULTS,
            "--attempts-file", str(self.attempts), "--verify", "--wait-seconds", "600", "--settle-seconds", "600",
        ]  # fmt: skip
        environment = {**os.environ, **world.settings("gateway1")}
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)

    def are_sending(self) -> bool:
        """Whether there is load; raises when the simulator has ended by itself in the middle of it."""
        if self._process.poll() is not None:
            return False
        # It writes the file when all is sent.
        return not self.attempts.exists()

    def verdict(self, within_s: float) -> "tuple[bool, str]":
        """Whether every number was equal, and the simulator's own words."""
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False, f"no verdict within {within_s:.0f} s; see {self.log}"
        text = self.log.read_text(encoding="utf-8", errors="replace")
        words = [line for line in text.splitlines() if line.startswith(("PASSED", "FAILED", "sent ", "Error", "not taken"))]
        if not self.attempts.exists():
            raise RuntimeError(f"the simulator did not come to its end:\n{_end_of(self.log)}")
        return self._process.returncode == 0, "\n".join(words) or _end_of(self.log)

    def stop(self) -> None:
        """Ends the simulator if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
