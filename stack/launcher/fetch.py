"""Downloads: the broker's jars, the engine's Python packages, the proxy's sources.

All are pinned, checked against hashes that are committed, and put in place
whole: a download that was interrupted is thrown away and begun again.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Sequence

from .failure import Failure
from .instance import CHECKOUT, STACK_FOLDER, cache_folder

_POM = STACK_FOLDER / "kafka" / "pom.xml"
_JARS = STACK_FOLDER / "kafka" / "jars.sha256"
_PROXY = STACK_FOLDER / "toxiproxy"
_REQUIREMENTS = (STACK_FOLDER / "clickhouse" / "requirements.txt", CHECKOUT / "tests" / "stack" / "requirements.txt")


def jar_folder() -> Path:
    """Where the broker's jars are once fetched."""
    return cache_folder() / "kafka"


def python() -> Path:
    """The interpreter that has the engine, once fetched."""
    return cache_folder() / "venv" / "bin" / "python"


def toxiproxy() -> Path:
    """The proxy between the parts, once built; named after what is pinned."""
    pinned = hashlib.sha256((_PROXY / "go.mod").read_bytes() + (_PROXY / "go.sum").read_bytes())
    return cache_folder() / f"toxiproxy-{pinned.hexdigest()[:12]}"


def fetch_toxiproxy(say: Callable[[str], None]) -> None:
    """Makes sure that the proxy is built, from sources with the hashes of go.sum."""
    with _lock():
        built = toxiproxy()
        if built.exists():
            return
        say(f"building toxiproxy with Go into {built.parent}")
        partial = built.with_name("toxiproxy.partial")
        command = ["go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-o", str(partial),
                   "github.com/Shopify/toxiproxy/v2/cmd/server"]  # fmt: skip
        _run(command, "Go could not build toxiproxy", needs="test", folder=_PROXY)
        partial.rename(built)


def fetch_kafka(say: Callable[[str], None]) -> None:
    """Makes sure that every jar is there with its hash."""
    with _lock():
        expected, folder = _expected_jars(), jar_folder()
        if not _wrong_jars(folder, expected):
            return
        say(f"fetching Apache Kafka: {len(expected)} jars from Maven Central into {folder}")
        partial = folder.with_name("kafka.partial")
        shutil.rmtree(partial, ignore_errors=True)
        _run(
            ["mvn", "-q", "-B", "-Dstyle.color=never", "-f", str(_POM), "dependency:copy-dependencies",
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
    """Makes sure that the virtual environment holds exactly the pinned packages.

    It is a link to a folder named after what is pinned, so that a change of the
    pins never pulls the packages away under an engine that runs.
    """
    wanted = hashlib.sha256(sys.version.encode())
    for requirements in _REQUIREMENTS:
        wanted.update(requirements.read_bytes())
    link = cache_folder() / "venv"
    folder = cache_folder() / f"venv-{wanted.hexdigest()[:12]}"
    with _lock():
        if not (folder / "complete").exists() or not (folder / "bin" / "python").exists():
            _install_packages(folder, say)
        if not link.is_symlink() or os.readlink(link) != folder.name:
            previous = os.readlink(link) if link.is_symlink() else ""
            link.unlink(missing_ok=True)
            link.symlink_to(folder.name)
            for old in cache_folder().glob("venv-*"):
                if old.name not in (folder.name, previous):
                    shutil.rmtree(old, ignore_errors=True)


def _install_packages(folder: Path, say: Callable[[str], None]) -> None:
    say(f"fetching the ClickHouse engine: Python packages (about 200 MB) into {folder}")
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], "Python could not make a virtual environment")
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--no-deps", "--require-hashes", "--only-binary=:all:"]  # fmt: skip
    for requirements in _REQUIREMENTS:
        command += ["-r", str(requirements)]
    _run(command, "pip could not install the pinned packages")
    (folder / "complete").touch()


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    """Holds the cache for one command at a time; a command that was killed holds nothing."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with open(cache_folder() / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str], failure: str, needs: str = "demo", folder: Path = CHECKOUT) -> None:
    try:
        finished = subprocess.run(command, env=os.environ, cwd=folder, check=False)
    except FileNotFoundError:
        raise Failure(f"{command[0]} is not installed: run 'stack/prerequisites {needs}'") from None
    if finished.returncode != 0:
        raise Failure(f"{failure} (exit {finished.returncode}): {' '.join(command)}")
