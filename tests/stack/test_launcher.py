"""The launcher: harmless repetitions, clear messages, and ways out."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from own_stack import CHECKOUT, STACK, OwnStack, ask

sys.path.insert(0, str(CHECKOUT / "stack"))
from launcher import fetch  # noqa: E402


class Launcher(unittest.TestCase):
    def setUp(self):
        self.stack = OwnStack(f"test-launcher-{os.getpid()}")
        self.addCleanup(self.stack.run, "reset")

    def test_a_second_up_is_harmless_and_reset_deletes(self):
        self.assertIn("clickhouse answers on", self.stack.up("--only", "clickhouse"))
        first = self.stack.pid("clickhouse")
        ask(self.stack, "CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a")
        self.assertIn("clickhouse is already running", self.stack.up("--only", "clickhouse"))
        self.assertEqual(self.stack.pid("clickhouse"), first)
        status = self.stack.run("status")
        self.assertRegex(status.stdout, r"clickhouse +answers")
        self.assertRegex(status.stdout, r"kafka +stopped")
        self.assertEqual(status.returncode, 1)
        self.assertIn("ClickHouse 26.1", self.stack.run("logs", "clickhouse").stdout)
        self.assertIn(f"PLAYHEAD_CLICKHOUSE_URL={self.stack.url}\n", self.stack.run("env").stdout)
        self.stack.run("reset")
        self.assertFalse(self.stack.folder.exists())

    def test_ports_are_remembered(self):
        self.stack.up("--only", "clickhouse")
        plain = [str(STACK), "env", "--instance", self.stack.name]
        self.assertIn(self.stack.url, subprocess.run(plain, capture_output=True, text=True, check=True).stdout)

    def test_a_taken_port_is_named_with_its_owner(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.stack.clickhouse_port))
            taken.listen()
            finished = self.stack.run("up")
        self.assertEqual(finished.returncode, 1)
        self.assertIn(f"port {self.stack.clickhouse_port} is taken by process {os.getpid()}", finished.stderr)
        self.assertIn("PLAYHEAD_CLICKHOUSE_PORT", finished.stderr)
        self.assertIn("--clickhouse-port", finished.stderr)

    def test_a_stale_pid_file_does_no_harm(self):
        bystander = subprocess.Popen(["sleep", "60"])
        self.addCleanup(bystander.wait)
        self.addCleanup(bystander.kill)
        self.stack.folder.mkdir(parents=True)
        (self.stack.folder / "clickhouse.pid").write_text(f"{bystander.pid}\n")
        self.stack.up("--only", "clickhouse")
        self.assertNotEqual(self.stack.pid("clickhouse"), bystander.pid)
        self.stack.kill("clickhouse")
        self.assertIn("clickhouse was not running", self.stack.run("down").stdout)
        self.assertIsNone(bystander.poll())

    def test_a_part_that_cannot_start_shows_its_log(self):
        self.stack.folder.mkdir(parents=True)
        (self.stack.folder / "clickhouse").mkdir()
        (self.stack.folder / "clickhouse" / "data").write_text("this should be a folder")
        finished = self.stack.run("up", "--only", "clickhouse")
        self.assertEqual(finished.returncode, 1)
        self.assertIn("clickhouse ended. The end of", finished.stderr)
        self.assertIn("FileExistsError", finished.stderr)
        self.assertNotIn("Traceback", finished.stderr.split("The end of")[0])

    def test_a_missing_prerequisite_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for command in ("python3", "env", "tail"):
                os.symlink(shutil.which(command), f"{folder}/{command}")
            environment = {**os.environ, "PATH": folder}
            finished = self.stack.run("up", "--only", "kafka", env=environment)
        self.assertEqual(finished.returncode, 1)
        self.assertIn("java is not installed: run 'stack/prerequisites demo'", finished.stderr)

    def test_wrong_names_are_explained(self):
        for arguments in (("start", "zookeeper"), ("up", "--only", "minio")):
            finished = self.stack.run(*arguments)
            self.assertIn("choose from kafka, clickhouse", finished.stderr)
        finished = subprocess.run([str(STACK), "up", "--instance", "../x"], capture_output=True, text=True, check=False)
        self.assertIn("is no name for an instance", finished.stderr)
        finished = self.stack.run("status", env={**os.environ, "PLAYHEAD_KAFKA_PORT": "x"})
        self.assertEqual(finished.returncode, 1)

    def test_every_subcommand_has_help_with_an_example(self):
        for verb in ("up", "down", "status", "logs", "reset", "start", "stop", "fetch", "check", "env", "test"):
            shown = subprocess.run([str(STACK), verb, "--help"], capture_output=True, text=True, check=True).stdout
            self.assertRegex(shown, rf"examples:\n.*stack/stack {verb}", verb)


class Downloads(unittest.TestCase):
    def test_a_damaged_or_unfinished_download_is_repaired(self):
        fetch.fetch_kafka(print)
        whole = fetch.jar_folder()
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder)
            shutil.copytree(whole, cache / "kafka")
            shutil.copytree(whole, cache / "kafka.partial")
            (cache / "kafka" / "kafka-clients-4.1.1.jar").write_bytes(b"half a jar")
            (cache / "kafka" / "stranger.jar").write_bytes(b"a jar of somebody else")
            elsewhere = mock.patch.dict(os.environ, {"PLAYHEAD_CACHE_DIR": folder})
            elsewhere.start()
            self.addCleanup(elsewhere.stop)
            said = []
            fetch.fetch_kafka(said.append)
            self.assertRegex(said[0], "fetching Apache Kafka: 46 jars")
            self.assertEqual(
                {jar.name: jar.read_bytes() for jar in (cache / "kafka").iterdir()},
                {jar.name: jar.read_bytes() for jar in whole.iterdir()},
            )
            fetch.fetch_kafka(said.append)
            self.assertEqual(len(said), 1)


if __name__ == "__main__":
    unittest.main()
