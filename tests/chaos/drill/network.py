"""Breaks links and mends them, by toxiproxy's HTTP interface."""

import json
import urllib.error
import urllib.request
from typing import Sequence

_TOXIC = "drill"


class Network:
    """The proxies between the parts."""

    def __init__(self, address: str):
        self._address = address

    def add(self, name: str, port: int, upstream: int) -> None:
        """Puts one more proxy up."""
        self._ask("POST", "/proxies", {
            "name": name, "listen": f"127.0.0.1:{port}", "upstream": f"127.0.0.1:{upstream}", "enabled": True,
        })  # fmt: skip

    def cut(self, links: Sequence[str]) -> None:
        """Connections break, and new ones are refused."""
        for link in links:
            self._ask("POST", f"/proxies/{link}", {"enabled": False})

    def join(self, links: Sequence[str]) -> None:
        """Undoes `cut`."""
        for link in links:
            self._ask("POST", f"/proxies/{link}", {"enabled": True})

    def half_open(self, links: Sequence[str]) -> None:
        """Connections stay, and nothing comes through in either direction."""
        self._poison(links, "timeout", {"timeout": 0})

    def slow(self, links: Sequence[str], latency_ms: int) -> None:
        """Every piece takes so much longer, a fifth more or less, in each direction."""
        self._poison(links, "latency", {"latency": latency_ms, "jitter": latency_ms // 5})

    def clean(self, links: Sequence[str]) -> None:
        """Undoes `half_open` and `slow`."""
        for link in links:
            for stream in ("upstream", "downstream"):
                self._ask("DELETE", f"/proxies/{link}/toxics/{_TOXIC}-{stream}")

    def _poison(self, links: Sequence[str], kind: str, attributes: dict) -> None:
        for link in links:
            for stream in ("upstream", "downstream"):
                toxic = {"name": f"{_TOXIC}-{stream}", "type": kind, "stream": stream, "attributes": attributes}
                self._ask("POST", f"/proxies/{link}/toxics", toxic)

    def _ask(self, method: str, path: str, body: dict = None) -> None:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._address}{path}", data=data, method=method)
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"toxiproxy: {method} {path}: {error} {error.read().decode(errors='replace')}") from None
