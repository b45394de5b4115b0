"""Grants and takes away rights at a broker, with the arguments of Kafka's own `kafka-acls.sh`, which is not among the
jars of the embedded broker."""

import argparse
import struct
import sys
from pathlib import Path

from . import wire
from .secured import tls

_CREATE, _DELETE = 30, 31
_RESOURCES = {"topic": 2, "group": 3, "cluster": 4}
_OPERATIONS = {
    name.lower(): code
    for code, name in enumerate(
        ("All", "Read", "Write", "Create", "Delete", "Alter", "Describe", "ClusterAction", "DescribeConfigs",
         "AlterConfigs", "IdempotentWrite"),
        start=2,
    )  # fmt: skip
}
_LITERAL, _ALLOW = 3, 3


def main() -> None:
    """Runs one command; exits 1 with the broker's reason when it refuses."""
    options = _parser().parse_args()
    settings = dict(
        line.split("=", 1) for line in options.command_config.read_text(encoding="utf-8").splitlines() if "=" in line
    )
    context = tls(Path(settings["ssl.truststore.location"]), Path(settings["ssl.keystore.location"]))
    entries = [
        struct.pack(">b", _RESOURCES[kind]) + wire.string(name) + struct.pack(">b", _LITERAL)
        + wire.string(options.principal) + wire.string("*") + struct.pack(">bb", _OPERATIONS[operation.lower()], _ALLOW)
        for kind, name in _resources(options)
        for operation in options.operation
    ]  # fmt: skip
    host, port = options.bootstrap_server.split(",")[0].rsplit(":", 1)
    body = struct.pack(">i", len(entries)) + b"".join(entries)
    answer = wire.ask((host, int(port)), context, _CREATE if options.add else _DELETE, 1, body)
    # After the throttle time: a list, of whose first entry the error comes first.
    count, error = struct.unpack_from(">ih", answer, 4)
    if count and error:
        sys.exit(f"kafka-acls: the broker refuses: error {error}")
    print(f"{'granted' if options.add else 'taken away'}: {', '.join(options.operation)} for {options.principal}")


def _resources(options: argparse.Namespace) -> list:
    named = [("topic", options.topic), ("group", options.group), ("cluster", "kafka-cluster" if options.cluster else None)]
    return [(kind, name) for kind, name in named if name]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kafka-acls.sh", description=__doc__)
    parser.add_argument("--bootstrap-server", required=True)
    parser.add_argument("--command-config", required=True, type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--add", action="store_true")
    what.add_argument("--remove", action="store_true")
    parser.add_argument("--allow-principal", required=True, dest="principal")
    parser.add_argument("--operation", action="append", required=True)
    parser.add_argument("--topic")
    parser.add_argument("--group")
    parser.add_argument("--cluster", action="store_true")
    return parser
