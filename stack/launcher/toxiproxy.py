"""The proxies between the parts: one process for all of them."""

import json
import os
import urllib.error
import urllib.request

from .fetch import toxiproxy
from .instance import Instance
from .network import links
from .process import Background


class Toxiproxy:
    """The proxies of an instance; what they do is told to their HTTP interface."""

    name = "network"

    def __init__(self, instance: Instance):
        self.instance = instance
        self._proxies = instance.folder / "proxies.json"
        self.background = Background(instance.folder / "network.pid", self._proxies, instance.logs / "network.log")
        self.port = instance.proxy_port
        self.address = f"http://127.0.0.1:{self.port}"

    def ports(self) -> list:
        """(port, environment variable, flag) of each port it listens on."""
        listening = [self.port, *(link.port for link in links(self.instance))]
        return [(port, "PLAYHEAD_PROXY_PORT", "--proxy-port") for port in listening]

    def start(self) -> None:
        """Starts the proxies, all of them open."""
        proxies = [
            {"name": link.name, "listen": f"127.0.0.1:{link.port}", "upstream": f"127.0.0.1:{link.upstream}", "enabled": True}
            for link in links(self.instance)
        ]
        self._proxies.parent.mkdir(parents=True, exist_ok=True)
        self._proxies.write_text(json.dumps(proxies, indent=1) + "\n", encoding="utf-8")
        command = [str(toxiproxy()), "-host", "127.0.0.1", "-port", str(self.port), "-config", str(self._proxies)]
        self.background.start(command, {**os.environ, "LOG_LEVEL": "warn"}, self._proxies.parent)

    def ready(self) -> bool:
        """True when all proxies are there."""
        try:
            with urllib.request.urlopen(f"{self.address}/proxies", timeout=5) as answer:
                return len(json.load(answer)) >= len(links(self.instance))
        except (OSError, urllib.error.URLError, ValueError):
            return False
