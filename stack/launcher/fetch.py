"""Downloads: the broker's jars and the engine's Python packages.

Both are pinned, checked against hashes that are committed, and put in place
whole: a download that was interrupted is thrown away and begun again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from .failure import Failure
from .instance import STACK_FOLDER, CHECKOUT, cache_folder

_POM = STACK_FOLDER / "kafka" / "pom.xml"
_JARS = STACK_FOLDER / "kafka" / "jars.sha256"
_REQUIREMENTS = (STACK_FOLDER / "clickhouse" / "requirements.txt", CHECKOUT / "tests" / "stack" / "requirements.txt")


def jar_folder() -> Path:
    """Where the broker's jars are once fetched."""
    return cache_folder() / "kafka"


def python() -> Path:
    """The interpreter that has the engine, once fetched."""
    return cache_folder() / "venv" / "bin" / "python"


def fetch_kafka(say: Callable[[str], None]) -> None:
    """Makes sure that every jar is there with its hash."""
    expected = _expected_jars()
    folder = jar_folder()
    if not _wrong_jars(folder, expected):
        return
    say(f"fetching Apache Kafka: {len(expected)} jars from Maven Central into {folder}")
    partial = folder.with_name("kafka.partial")
    shutil.rmtree(partial, ignore_errors=True)
    _run(
        ["mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies",
         f"-DoutputDirectory={partial}", "-DincludeScope=runtime"],
        "Maven could not fetch Kafka's jars",
    )  # fmt: skip
    wrong = _wrong_jars(partial, expected)
    if wrong:
        raise Failure(
            f"these jars do not have the hashes in {_JARS}: {', '.join(wrong)}\n"
            f"  Remove them from Maven's own cache (~/.m2/repository) and run 'stack/stack fetch' again."
        )
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _expected_jars() -> Dict[str, str]:
    pairs = (line.split() for line in _JARS.read_text(encoding="ascii").splitlines() if line)
    return {name: digest for digest, name in pairs}


def _wrong_jars(folder: Path, expected: Dict[str, str]) -> List[str]:
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
    names = expected.keys() | found.keys()
    return sorted(name for name in names if expected.get(name) != found.get(name))


def fetch_python(say: Callable[[str], None]) -> None:
    """Makes sure that the virtual environment holds exactly the pinned packages."""
    wanted = hashlib.sha256(sys.version.encode())
    for requirements in _REQUIREMENTS:
        wanted.update(requirements.read_bytes())
    venv = cache_folder() / "venv"
    seal = venv / "complete"
    if seal.exists() and seal.read_text(encoding="ascii") == wanted.hexdigest() and python().exists():
        return
    say(f"fetching the ClickHouse engine: Python packages (about 160 MB) into {venv}")
    shutil.rmtree(venv, ignore_errors=True)
    venv.parent.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(venv)], "Python could not make a virtual environment")
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--no-deps", "--require-hashes", "--only-binary=:all:"]  # fmt: skip
    for requirements in _REQUIREMENTS:
        command += ["-r", str(requirements)]
    _run(command, "pip could not install the pinned packages")
    seal.write_text(wanted.hexdigest(), encoding="ascii")


def _run(command: Sequence[str], failure: str) -> None:
    try:
        finished = subprocess.run(command, env=os.environ, check=False)
    except FileNotFoundError:
        raise Failure(f"{command[0]} is not installed: run 'stack/prerequisites demo'") from None
    if finished.returncode != 0:
        raise Failure(f"{failure} (exit {finished.returncode}): {' '.join(command)}")
