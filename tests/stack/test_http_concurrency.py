"""Many queries at once: the bound, health checks meanwhile, clients that go away."""

import concurrent.futures
import os
import subprocess
import time
import unittest

from own_stack import ask, curl, engine

MAX_QUERIES = 100
SLOW = "SELECT sum(sleepEachRow(0.1)) FROM numbers(600) SETTINGS max_block_size = 1"


class Concurrency(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = engine()
        cls.url = cls.stack.url

    def setUp(self):
        self.clients = []
        self.addCleanup(self.all_gone)

    def start_slow(self, count):
        for _ in range(count):
            command = ["curl", "-sS", "-o", "/dev/null", "--data-binary", SLOW, self.url + "/"]
            self.clients.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    def all_gone(self):
        for client in self.clients:
            client.kill()
            client.wait()
        self.clients.clear()
        self.wait_until(lambda: self.running() == 0)

    def running(self):
        return int(ask(self.stack, "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(0.1)%' AND query NOT LIKE '%system%'"))

    def wait_until(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline, "the condition did not come true within 30 s")
            time.sleep(0.05)

    def is_full(self):
        if curl(self.url + "/", data=b"SELECT 1").status != 200:
            return True
        # The question itself may have held the last place when the last client asked for it.
        if self.clients[-1].poll() is not None:
            self.start_slow(1)
        return False

    def test_queries_run_side_by_side(self):
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            sql = b"SELECT sleep(1), count() FROM numbers(10)"
            answers = list(threads.map(lambda _: curl(self.url + "/", data=sql).text, range(8)))
        self.assertEqual(answers, ["0\t10\n"] * 8)
        self.assertLess(time.monotonic() - started, 5)

    def test_the_bound_and_its_error(self):
        self.start_slow(MAX_QUERIES - 1)
        self.wait_until(lambda: self.running() == MAX_QUERIES - 1)
        started = time.monotonic()
        self.assertEqual(curl(self.url + "/ping").text, "Ok.\n")
        self.assertLess(time.monotonic() - started, 1)
        self.start_slow(1)
        # The last place is taken: its owner shows only in the refusal of the next one.
        self.wait_until(self.is_full)
        answer = curl(self.url + "/", data=b"SELECT 1")
        self.assertEqual((answer.status, answer.headers["x-clickhouse-exception-code"]), (500, "202"))
        self.assertIn(f"Too many simultaneous queries. Maximum: {MAX_QUERIES}. (TOO_MANY_SIMULTANEOUS_QUERIES)", answer.text)
        self.assertEqual(curl(self.url + "/ping").text, "Ok.\n")
        for client in self.clients:
            client.kill()
        self.wait_until(lambda: curl(self.url + "/", data=b"SELECT 1").text == "1\n")

    def test_a_query_is_cancelled_when_its_client_goes_away(self):
        self.start_slow(3)
        self.wait_until(lambda: self.running() == 3)
        for client in self.clients:
            client.kill()
        started = time.monotonic()
        self.wait_until(lambda: self.running() == 0)
        self.assertLess(time.monotonic() - started, 5)

    def test_a_client_that_stops_reading_holds_nobody_up(self):
        sql = "SELECT+number,repeat('x',100)+FROM+numbers(100000000)"
        lazy = subprocess.Popen(["curl", "-sS", "--limit-rate", "1k", "-o", "/dev/null", f"{self.url}/?query={sql}"])
        self.clients.append(lazy)
        for _ in range(20):
            self.assertEqual(ask(self.stack, "SELECT 1"), "1\n")
        self.stack.forget_peak()
        before = self.stack.resident_mb(peak=True)
        time.sleep(2)
        self.assertLess(self.stack.resident_mb(peak=True) - before, 100)

    def test_a_query_id_is_used_once_at_a_time(self):
        sql = "SELECT sleepEachRow(0.1) FROM numbers(30) SETTINGS max_block_size = 1"
        first = subprocess.Popen(["curl", "-sS", "--data-binary", sql, f"{self.url}/?query_id=twice"], stdout=subprocess.PIPE)
        # Asking with the id before the first query runs would take the id from it.
        self.wait_until(lambda: self.running() == 1)
        answer = curl(self.url, data=b"SELECT 1", query={"query_id": "twice"})
        self.assertEqual(answer.headers["x-clickhouse-exception-code"], "216")
        self.assertEqual(first.communicate()[0], b"0\n" * 30)
        self.assertEqual(curl(self.url, data=b"SELECT 1", query={"query_id": "twice"}).text, "1\n")

    def test_no_file_or_memory_is_left_behind(self):
        def files():
            return len(os.listdir(f"/proc/{self.stack.pid('clickhouse')}/fd"))

        for _ in range(10):
            ask(self.stack, "SELECT 1")
        before = files()
        for _ in range(100):
            ask(self.stack, "SELECT number FROM numbers(1000)")
            curl(self.url + "/", data=b"SELECT throwIf(number = 900) FROM numbers(1000)")
            curl(self.url + "/", data=b"INSERT INTO FUNCTION null('a UInt8') FORMAT CSV x")
            curl(self.url + "/", data=b"SELECT nonsense FORMAT Nonsense")
        self.assertLessEqual(files(), before + 3)


if __name__ == "__main__":
    unittest.main()
