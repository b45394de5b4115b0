"""Runs the front: ``python -m clickhouse --data DIR --logs DIR --port 8123``."""

import argparse
import asyncio
import os
import signal
from pathlib import Path

os.environ["TZ"] = "UTC"

from aiohttp import web  # noqa: E402

from . import engine_config  # noqa: E402
from .app import Front  # noqa: E402
from .engine import Engine  # noqa: E402

_LONGEST_LINE_BYTES = 1024 * 1024


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m clickhouse",
        description="ClickHouse's HTTP interface over the embedded engine, on 127.0.0.1 only.",
        epilog="example: python -m clickhouse --data .stack/default/clickhouse/data --logs /tmp --port 8123",
    )
    parser.add_argument("--data", type=Path, required=True, help="the engine's data folder")
    parser.add_argument("--logs", type=Path, required=True, help="folder for the engine's log")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--max-queries", type=int, default=100, help="queries at once (default 100)")
    parser.add_argument("--memory-mb", type=int, default=6144, help="memory bound of the engine (default 6144)")
    parser.add_argument(
        "--kafka-session-timeout-ms",
        type=int,
        default=6000,
        help="how long the group waits for a dead consumer (default 6000)",
    )
    parser.add_argument("--kafka-secrets", type=Path, help="folder of a secured broker, whose login Kafka tables use")
    return parser.parse_args()


async def _serve(options: argparse.Namespace, engine: Engine) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    front = Front(engine, options.max_queries)
    runner = web.AppRunner(
        front.application(),
        access_log=None,
        auto_decompress=False,
        handler_cancellation=True,
        keepalive_timeout=60,
        max_line_size=_LONGEST_LINE_BYTES,
        max_field_size=_LONGEST_LINE_BYTES,
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port, reuse_address=True, shutdown_timeout=2).start()
    print(f"ClickHouse {engine.version} answers on http://127.0.0.1:{options.port}", flush=True)
    await stop.wait()
    await runner.cleanup()
    await front.drain(patience_s=5)


def main() -> None:
    """Starts the engine, then the front, and stops both on SIGTERM or SIGINT."""
    options = _arguments()
    options.data.mkdir(parents=True, exist_ok=True)
    options.logs.mkdir(parents=True, exist_ok=True)
    config = options.data.parent / "engine.xml"
    engine_config.write(config, options.memory_mb * 1024 * 1024, options.kafka_session_timeout_ms, options.kafka_secrets)
    engine = Engine(str(options.data), str(config), str(options.logs / "engine.log"))
    asyncio.run(_serve(options, engine))
    engine.close()
    # A thread in a query that cannot be cancelled would hold the exit up.
    os._exit(0)


main()
