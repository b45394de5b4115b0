"""What the subcommands do."""

import os
import shutil
import subprocess
import time
from typing import List, Optional

from . import fetch, ports
from .clickhouse import ClickHouse
from .failure import Failure
from .instance import CHECKOUT, Instance, cache_folder
from .kafka import Broker
from .toxiproxy import Toxiproxy

READY_S = 90
_SHOWN_LINES = 30


def say(text: str) -> None:
    """One line of progress."""
    print(f"stack: {text}", flush=True)


def parts(instance: Instance, only: Optional[str] = None) -> list:
    """The parts of `instance` in starting order; those of `only` when it is given."""
    every: List = [Toxiproxy(instance)] if instance.clients else []
    every += [Broker(instance, node) for node in range(1, instance.brokers + 1)]
    every.append(ClickHouse(instance))
    if only is None:
        return every
    chosen = [part for part in every if part.name == only or (only == "kafka" and part.name.startswith("kafka"))]
    if not chosen:
        raise Failure(f"there is no part '{only}': choose from {', '.join(part.name for part in every)}")
    return chosen


def up(instance: Instance, only: Optional[str]) -> None:
    """Starts what is not running, and returns when all of it answers."""
    chosen = parts(instance, only)
    missing = [part for part in chosen if part.background.pid() is None]
    for part in missing:
        for port, variable, flag in part.ports():
            ports.require_free(port, variable, flag)
    if any(isinstance(part, Broker) for part in missing):
        fetch.fetch_kafka(say)
    if any(isinstance(part, ClickHouse) for part in missing):
        fetch.fetch_python(say)
    if any(isinstance(part, Toxiproxy) for part in missing):
        fetch.fetch_toxiproxy(say)
    instance.remember()
    waiting = []
    try:
        for part in chosen:
            if part in missing:
                say(f"starting {part.name} on {part.address}")
                part.start()
            else:
                say(f"{part.name} is already running on {part.address} (pid {part.background.pid()})")
            waiting.append((part, time.monotonic()))
        _await_answers(waiting, missing)
    except BaseException:
        for part in missing:
            part.background.stop(patience_s=5)
        raise


def _await_answers(waiting: list, fresh: list) -> None:
    """Waits until each of the (part, start time) answers; raises when one of them cannot."""
    while waiting:
        for part, since in list(waiting):
            waited = time.monotonic() - since
            if part.ready():
                if part in fresh:
                    say(f"{part.name} answers on {part.address} after {waited:.1f} s")
                waiting.remove((part, since))
                continue
            ended = part.background.pid() is None
            if ended or waited > READY_S:
                what = "ended" if ended else f"did not answer within {READY_S} s"
                end_of_log = part.background.last_lines(_SHOWN_LINES)
                raise Failure(
                    f"{part.name} {what}. The end of {part.background.log}:\n{end_of_log}\n"
                    f"  All of it: stack/stack logs {part.name}. A fresh start: stack/stack stop {part.name}, then up."
                )
        time.sleep(0.1)


def down(instance: Instance, only: Optional[str]) -> None:
    """Stops what runs, the engine before the broker; the data stay."""
    for part in reversed(parts(instance, only)):
        if part.background.stop(patience_s=20):
            say(f"{part.name} stopped")
        else:
            say(f"{part.name} was not running")


def status(instance: Instance) -> bool:
    """Prints one line a part; True when all of them answer."""
    whole = True
    for part in parts(instance):
        pid = part.background.pid()
        state = "stopped" if pid is None else "answers" if part.ready() else "does not answer"
        whole = whole and state == "answers"
        owner = f" pid {pid}" if pid else ""
        print(f"{part.name:<11} {state:<16} {part.address}{owner}")
    return whole


def logs(instance: Instance, only: Optional[str], follow: bool, lines: int) -> None:
    """Prints the end of the logs, and goes on with it when asked."""
    files = [part.background.log for part in parts(instance, only)]
    files = [str(file) for file in files if file.exists()]
    if only in (None, "clickhouse") and (instance.logs / "engine.log").exists():
        files.append(str(instance.logs / "engine.log"))
    if not files:
        raise Failure(f"there are no logs yet in {instance.logs}: run 'stack/stack up'")
    command = ["tail", "-n", str(lines), *(["-F"] if follow else []), *files]
    try:
        subprocess.run(command, check=False)
    except KeyboardInterrupt:
        pass


def reset(instance: Instance) -> None:
    """Stops the instance and deletes its data and logs; downloads stay."""
    down(instance, None)
    if instance.folder.exists():
        shutil.rmtree(instance.folder)
        say(f"deleted {instance.folder}")


def environment(instance: Instance) -> None:
    """Prints the addresses as shell assignments."""
    print(f"export PLAYHEAD_KAFKA_BROKERS={instance.bootstrap_servers}")
    print(f"export PLAYHEAD_KAFKA_PORT={instance.kafka_port}")
    print(f"export PLAYHEAD_KAFKA_CONTROLLER_PORT={instance.kafka_controller_port}")
    print(f"export PLAYHEAD_CLICKHOUSE_URL={instance.clickhouse_url}")
    print(f"export PLAYHEAD_CLICKHOUSE_PORT={instance.clickhouse_port}")
    print(f"export PLAYHEAD_STACK_DIR={instance.folder}")
    print(f"export PLAYHEAD_STACK_PYTHON={fetch.python()}")


def fetch_all() -> None:
    """Downloads what is missing, and starts nothing."""
    fetch.fetch_kafka(say)
    fetch.fetch_python(say)
    say(f"everything is in {cache_folder()}")


def test(arguments: List[str]) -> None:
    """Replaces this process by the stack's own tests."""
    fetch.fetch_python(say)
    tests = CHECKOUT / "tests" / "stack"
    interpreter = str(fetch.python())
    # The tests break connections, and not every client closes what was broken.
    command = [interpreter, "-W", "ignore::ResourceWarning", "-m", "unittest", *(arguments or ["discover", "-v", "-s", str(tests), "-t", str(tests)])]
    os.chdir(tests)
    os.execv(interpreter, command)
