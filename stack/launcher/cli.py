"""The command line."""

import argparse
import subprocess
import sys

from . import commands, instance
from .failure import Failure
from .instance import STACK_FOLDER

_PARTS = "kafka (kafka2, kafka3 with three brokers), clickhouse or network (with --clients)"


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--instance", default="default", metavar="NAME", help="another stack beside the default one")
    shared.add_argument("--kafka-port", type=int, metavar="PORT", help="broker (PLAYHEAD_KAFKA_PORT, 9092)")
    shared.add_argument(
        "--kafka-controller-port", type=int, metavar="PORT", help="controller (PLAYHEAD_KAFKA_CONTROLLER_PORT, 9093)"
    )
    shared.add_argument("--clickhouse-port", type=int, metavar="PORT", help="HTTP (PLAYHEAD_CLICKHOUSE_PORT, 8123)")
    shared.add_argument(
        "--clickhouse-memory-mb", type=int, metavar="MB", help="what ClickHouse may hold (PLAYHEAD_CLICKHOUSE_MEMORY_MB, 6144)"
    )
    shared.add_argument("--brokers", type=int, choices=(1, 3), help="number of Kafka brokers (1)")
    shared.add_argument(
        "--clients", metavar="NAMES", help="put toxiproxy between the parts, with links of its own for each of these clients"
    )
    shared.add_argument(
        "--proxy-port", type=int, metavar="PORT", help="toxiproxy's HTTP interface; links follow (PLAYHEAD_PROXY_PORT, 8474)"
    )
    shared.add_argument(
        "--secured", action="store_true", help="TLS, logins and ACLs; certificates are taken two ports beyond --kafka-port"
    )

    parser = argparse.ArgumentParser(
        prog="stack/stack",
        description="Runs Apache Kafka and the ClickHouse engine on this machine, on 127.0.0.1 only.",
        epilog="examples:\n"
        "  stack/stack up              start everything and wait until it answers\n"
        "  stack/stack status          what runs, and where\n"
        "  stack/stack logs -f kafka   follow the broker's log\n"
        "  stack/stack down            stop; the data stay for the next up\n"
        "  stack/stack reset           stop and delete the data\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    def verb(name: str, text: str, example: str) -> argparse.ArgumentParser:
        return verbs.add_parser(
            name, help=text, description=text[0].upper() + text[1:] + ".", parents=[shared],
            epilog=f"examples:\n{example}", formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip

    add = verb(
        "up", "start what is not running and wait until it answers",
        "  stack/stack up\n  stack/stack up --only clickhouse\n"
        "  stack/stack up --instance drill --kafka-port 19092 --kafka-controller-port 19093 --clickhouse-port 18123\n"
        "  stack/stack up --instance chaos --brokers 3 --clients gateway,warehouse --kafka-port 19092"
        " --kafka-controller-port 19093 --clickhouse-port 18123 --proxy-port 19200\n",
    )  # fmt: skip
    add.add_argument("--only", metavar="PART", help=_PARTS)
    verb("down", "stop everything; the data stay", "  stack/stack down\n")
    verb("status", "say what runs; exit 1 unless all of it answers", "  stack/stack status\n")
    add = verb("logs", "print the end of the logs", "  stack/stack logs\n  stack/stack logs kafka -f\n")
    add.add_argument("part", nargs="?", help=_PARTS)
    add.add_argument("-f", "--follow", action="store_true", help="go on as they grow")
    add.add_argument("-n", "--lines", type=int, default=50, help="lines of each log (50)")
    verb("reset", "stop everything and delete its data and logs", "  stack/stack reset --instance drill\n")
    for name, text in (("start", "start one part"), ("stop", "stop one part; its data stay")):
        verb(name, text, f"  stack/stack {name} clickhouse\n").add_argument("part", help=_PARTS)
    verb("fetch", "download what is missing, and start nothing", "  stack/stack fetch\n")
    verb("check", "say which prerequisites are missing, and install nothing", "  stack/stack check\n")
    verb("env", "print the addresses as shell assignments", '  eval "$(stack/stack env)"\n')
    add = verb("test", "run the stack's own tests", "  stack/stack test\n  stack/stack test test_insert\n")
    add.add_argument("names", nargs="*", help="test modules, classes or methods (default: all)")
    return parser


def main() -> None:
    """Runs one subcommand; exits 1 with a message when it fails."""
    options = _parser().parse_args()
    try:
        _run(options)
    except Failure as failure:
        sys.exit(f"stack: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


def _run(options: argparse.Namespace) -> None:
    if options.verb == "fetch":
        return commands.fetch_all()
    if options.verb == "check":
        sys.exit(subprocess.run([str(STACK_FOLDER / "prerequisites"), "check"], check=False).returncode)
    if options.verb == "test":
        return commands.test(options.names)
    chosen = instance.load(options.instance, vars(options))
    if options.verb in ("up", "start"):
        with chosen.locked():
            return commands.up(chosen, options.only if options.verb == "up" else options.part)
    if options.verb in ("down", "stop", "reset") and not chosen.folder.exists():
        return commands.say(f"there is no instance '{chosen.name}': nothing to do")
    if options.verb in ("down", "stop"):
        with chosen.locked():
            return commands.down(chosen, None if options.verb == "down" else options.part)
    if options.verb == "reset":
        with chosen.locked():
            return commands.reset(chosen)
    if options.verb == "status":
        sys.exit(0 if commands.status(chosen) else 1)
    if options.verb == "logs":
        return commands.logs(chosen, options.part, options.follow, options.lines)
    return commands.environment(chosen)
