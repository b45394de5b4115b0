"""The ClickHouse engine behind its HTTP front."""

import os
import urllib.error
import urllib.request

from .fetch import python
from .instance import STACK_FOLDER, Instance
from .process import Background
from .secured import Secrets


class ClickHouse:
    """The engine of an instance."""

    name = "clickhouse"

    def __init__(self, instance: Instance):
        self.instance = instance
        self.folder = instance.folder / "clickhouse"
        self.background = Background(
            instance.folder / "clickhouse.pid", self.folder / "data", instance.logs / "clickhouse.log"
        )
        self.port = instance.clickhouse_port
        self.address = instance.clickhouse_url

    def ports(self) -> list:
        """(port, environment variable, flag) of the port it listens on."""
        return [(self.port, "PLAYHEAD_CLICKHOUSE_PORT", "--clickhouse-port")]

    def start(self) -> None:
        """Starts the front, which starts the engine over the instance's data."""
        command = [str(python()), "-m", "clickhouse", "--data", str(self.folder / "data"),
                   "--logs", str(self.instance.logs), "--port", str(self.port),
                   "--memory-mb", str(self.instance.clickhouse_memory_mb)]  # fmt: skip
        if self.instance.secured:
            secrets = Secrets(self.instance.folder / "kafka" / "secured")
            secrets.make()
            command += ["--kafka-secrets", str(secrets.folder)]
        environment = {**os.environ, "PYTHONPATH": str(STACK_FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.background.start(command, environment, self.folder)

    def ready(self) -> bool:
        """True when a query is answered."""
        try:
            with urllib.request.urlopen(f"{self.address}/?query=SELECT+1", timeout=5) as answer:
                return answer.read() == b"1\n"
        except (OSError, urllib.error.URLError):
            return False
