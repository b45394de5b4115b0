"""Says who holds a port, before a start fails on it."""

import os
import socket
from pathlib import Path
from typing import Optional

from .failure import Failure
from .process import command_line


def require_free(port: int, variable: str, flag: str) -> None:
    """Raises `Failure` when something listens on 127.0.0.1:`port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do it: a connection that is still closing does not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return
        except OSError:
            pass
    holder = _holder(port)
    by = f" by process {holder}: {command_line(holder)[:120]}" if holder else ""
    raise Failure(
        f"port {port} is taken{by}\n"
        f"  End that process, or choose another port: {flag} PORT, or {variable}=PORT in the environment."
    )


def _holder(port: int) -> Optional[int]:
    """The pid that listens on `port`, where the system tells."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for folder in Path("/proc").glob("[0-9]*/fd") if inodes else ():
        try:
            if any(os.readlink(fd) in inodes for fd in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue
    return None
