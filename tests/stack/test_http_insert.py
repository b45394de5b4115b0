"""INSERT over the HTTP interface: every way that data comes, and bounded memory."""

import gzip
import json
import lzma
import socket
import subprocess
import sys
import time
import unittest
import zlib
from pathlib import Path

import lz4.frame
from own_stack import ask, curl, engine, fresh_database


class Inserts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = engine()
        cls.url = cls.stack.url
        cls.database = fresh_database(cls.stack, "inserts")

    def setUp(self):
        ask(
            self.stack,
            "CREATE OR REPLACE TABLE t (a UInt64, b String DEFAULT concat('default ', toString(a))) "
            "ENGINE = MergeTree ORDER BY a",
            self.database,
        )

    def send(self, *arguments, data, query=None, **parameters):
        given = {"database": self.database, **parameters}
        if query is not None:
            given["query"] = query
        return curl(self.url, *arguments, data=data, query=given)

    def rows(self):
        return ask(self.stack, "SELECT a, b FROM t ORDER BY a FORMAT CSV", self.database)

    def test_statement_and_data_in_every_place(self):
        cases = [
            ("INSERT INTO t FORMAT CSV", b"1,x\n2,y\n"),
            (None, b"INSERT INTO t FORMAT CSV\n1,x\n2,y\n"),
            (None, b"INSERT INTO t (b, a) FORMAT JSONEachRow {\"a\":1,\"b\":\"x\"} {\"a\":2,\"b\":\"y\"}"),
            (None, b"insert into t values (1, 'x'), (1 + 1, lower('Y'))"),
            ("INSERT INTO t VALUES", b"(1, 'x'), (2, 'y')"),
            ("INSERT INTO t VALUES (1, 'x'),", b"(2, 'y')"),
            ("INSERT INTO t", b"FORMAT CSV\n1,x\n2,y\n"),
            ("INSERT INTO inserts.t (a, b) SETTINGS max_threads = 1 FORMAT TSV", b"1\tx\n2\ty\n"),
            ("INSERT INTO TABLE `t` FORMAT TSV", b"1\tx\n2\ty\n"),
            ("INSERT INTO FUNCTION remote('127.0.0.1', inserts.t) FORMAT TSV", b"1\tx\n2\ty\n"),
            (None, b"INSERT INTO t SELECT number + 1, char(120 + number) FROM numbers(2)"),
        ]
        for query, data in cases:
            self.setUp()
            answer = self.send(data=data, query=query)
            self.assertEqual((answer.status, answer.body), (200, b""), (query, data, answer.text))
            self.assertEqual(self.rows(), '1,"x"\n2,"y"\n', (query, data))

    def test_defaults_and_column_lists(self):
        self.send(data=b'{"a":1}', query="INSERT INTO t FORMAT JSONEachRow")
        self.send(data=b"2\n", query="INSERT INTO t (a) FORMAT CSV")
        self.assertEqual(self.rows(), '1,"default 1"\n2,"default 2"\n')

    def test_summary_counts_written_rows(self):
        answer = self.send(data=b"1,x\n2,y\n3,z\n", query="INSERT INTO t FORMAT CSV")
        self.assertEqual(json.loads(answer.headers["x-clickhouse-summary"])["written_rows"], "3")

    def test_binary_data_arrive_byte_by_byte(self):
        values = bytes(range(256)) * 8
        rows = b"".join(bytes([value, 0, 0, 0, 0, 0, 0, 0]) + b"\x01" + bytes([value]) for value in values)
        for query, data in (("INSERT INTO t FORMAT RowBinary", rows), (None, b"INSERT INTO t FORMAT RowBinary\n" + rows)):
            self.setUp()
            self.assertEqual(self.send(data=data, query=query).status, 200)
            found = ask(self.stack, "SELECT count(), uniqExact(a, b), countIf(char(a) = b) FROM t", self.database)
            self.assertEqual(found, "2048\t256\t2048\n")

    def test_native_and_parquet_go_in_as_they_came_out(self):
        ask(self.stack, "INSERT INTO t SELECT number, toString(number) FROM numbers(100000)", self.database)
        for name in ("Native", "Parquet", "Arrow", "RowBinaryWithNamesAndTypes", "JSONCompactEachRow"):
            data = curl(self.url, data=f"SELECT * FROM inserts.t LIMIT 100000 FORMAT {name}".encode()).body
            answer = self.send(data=data, query=f"INSERT INTO t FORMAT {name}")
            self.assertEqual(answer.status, 200, (name, answer.text))
        self.assertEqual(ask(self.stack, "SELECT count(), uniqExact(a, b) FROM t", self.database), "600000\t100000\n")

    def test_encoded_bodies(self):
        data = "".join(f"{number},row {number}\n" for number in range(10_000)).encode()
        encoders = {
            "gzip": gzip.compress, "deflate": zlib.compress, "xz": lzma.compress, "lz4": lz4.frame.compress,
        }  # fmt: skip
        for encoding, encode in encoders.items():
            for query in ("INSERT INTO t FORMAT CSV", None):
                self.setUp()
                text = data if query else b"INSERT INTO t FORMAT CSV\n" + data
                answer = self.send("-H", f"Content-Encoding: {encoding}", data=encode(text), query=query)
                self.assertEqual(answer.status, 200, (encoding, answer.text))
                self.assertEqual(ask(self.stack, "SELECT count(), sum(a) FROM t", self.database), "10000\t49995000\n")
        answer = self.send("-H", "Content-Encoding: gzip", data=gzip.compress(data)[:-20], query="INSERT INTO t FORMAT CSV")
        self.assertIn("CANNOT_DECOMPRESS", answer.text)
        answer = self.send("-H", "Content-Encoding: nonsense", data=data, query="INSERT INTO t FORMAT CSV")
        self.assertIn("UNKNOWN_COMPRESSION_METHOD", answer.text)
        self.assertEqual(ask(self.stack, "SELECT count() FROM t", self.database), "10000\n")

    def test_native_framing_both_ways(self):
        ask(self.stack, "INSERT INTO t SELECT number, toString(number) FROM numbers(50000)", self.database)
        framed = curl(self.url, data=b"SELECT * FROM inserts.t ORDER BY a FORMAT Native", query={"compress": "1"})
        self.assertEqual(framed.status, 200)
        answer = self.send(data=framed.body, query="INSERT INTO t FORMAT Native", decompress="1")
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(ask(self.stack, "SELECT count(), uniqExact(a) FROM t", self.database), "100000\t50000\n")
        broken = framed.body[:40] + bytes([framed.body[40] ^ 1]) + framed.body[41:]
        answer = self.send(data=broken, query="INSERT INTO t FORMAT Native", decompress="1")
        self.assertIn("CHECKSUM_DOESNT_MATCH", answer.text)
        answer = self.send(data=framed.body[:-7], query="INSERT INTO t FORMAT Native", decompress="1")
        self.assertIn("CANNOT_READ_ALL_DATA", answer.text)
        self.assertEqual(ask(self.stack, "SELECT count() FROM t", self.database), "100000\n")

    def test_native_framing_is_what_the_engine_writes(self):
        # A table's column file holds the same blocks, so the engine itself gives the example.
        ask(
            self.stack,
            "CREATE OR REPLACE TABLE framed (a UInt64 CODEC(LZ4)) ENGINE = MergeTree ORDER BY tuple() "
            "SETTINGS min_bytes_for_wide_part = 0",
            self.database,
        )
        ask(self.stack, "INSERT INTO framed SELECT number FROM numbers(100000)", self.database)
        part = ask(self.stack, "SELECT path FROM system.parts WHERE active AND table = 'framed'", self.database).strip()
        blocks = (Path(part) / "a.bin").read_bytes()
        answer = self.send(data=blocks, query="INSERT INTO t (a) FORMAT RowBinary", decompress="1")
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(ask(self.stack, "SELECT count(), sum(a) FROM t", self.database), "100000\t4999950000\n")

    def test_bad_data_are_refused_and_nothing_is_stored(self):
        answer = self.send(data=b"1,x\nnot a number,y\n", query="INSERT INTO t FORMAT CSV")
        self.assertEqual((answer.status, answer.headers["x-clickhouse-exception-code"]), (400, "27"))
        self.assertIn("(at row 2)", answer.text)
        self.assertNotIn("/proc/", answer.text)
        answer = self.send(data=b'{"a":1,"nope":2}', query="INSERT INTO t FORMAT JSONEachRow", input_format_skip_unknown_fields="0")
        self.assertEqual(answer.headers["x-clickhouse-exception-code"], "117")
        answer = self.send(data=b"1\n", query="INSERT INTO no_such_table FORMAT CSV")
        self.assertEqual((answer.status, answer.headers["x-clickhouse-exception-code"]), (404, "60"))
        answer = self.send(data=b"1,x\n", query="INSERT INTO t FORMAT NoSuchFormat")
        self.assertEqual((answer.status, answer.headers["x-clickhouse-exception-code"]), (404, "73"))
        answer = self.send(data=b"1,x\n", query="INSERT INTO t FORMAT CSV", readonly="1")
        self.assertEqual(answer.headers["x-clickhouse-exception-code"], "164")
        self.assertEqual(self.rows(), "")

    def test_a_large_refused_body_does_not_hang(self):
        data = b"not a number,y\n" * 4_000_000
        started = time.monotonic()
        self.assertEqual(self.send(data=data, query="INSERT INTO t FORMAT CSV").status, 400)
        self.assertLess(time.monotonic() - started, 30)

    def test_a_client_that_goes_away_stores_nothing(self):
        before = self.running()
        with socket.create_connection(("127.0.0.1", self.stack.clickhouse_port)) as connection:
            rows = b"".join(b"%d,x\n" % number for number in range(1000))
            connection.sendall(
                b"POST /?database=inserts&query=INSERT+INTO+t+FORMAT+CSV HTTP/1.1\r\nHost: x\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % len(rows) + rows + b"\r\n"
            )
            self.wait_until(lambda: self.running() == before + 1)
        self.wait_until(lambda: self.running() == before)
        self.assertEqual(self.rows(), "")
        self.assertEqual(self.send(data=b"1,x\n", query="INSERT INTO t FORMAT CSV").status, 200)

    def running(self):
        return int(ask(self.stack, "SELECT count() FROM system.processes WHERE query NOT LIKE '%system.processes%'"))

    def wait_until(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, "the condition did not come true within 20 s")
            time.sleep(0.05)

    def test_a_body_of_any_size_in_bounded_memory(self):
        # Twice the size must not cost more: what is held is blocks, not the body.
        peaks = {}
        for million_rows in (5, 10):
            self.setUp()
            self.stack.forget_peak()
            started_mb = self.stack.resident_mb(peak=False)
            maker_text = (
                "import sys\n"
                f"for block in range({million_rows * 1000}):\n"
                "    start = block * 1000\n"
                "    sys.stdout.write(''.join(f'{row},{\"x\" * 90}\\n' for row in range(start, start + 1000)))\n"
            )
            maker = subprocess.Popen([sys.executable, "-c", maker_text], stdout=subprocess.PIPE)
            sender = subprocess.run(
                ["curl", "-sS", "-X", "POST", "-H", "Expect:", "-T", "-",
                 f"{self.url}/?database=inserts&query=INSERT+INTO+t+FORMAT+CSV"],
                stdin=maker.stdout, capture_output=True, check=True,
            )  # fmt: skip
            maker.stdout.close()
            self.assertEqual((maker.wait(), sender.stdout), (0, b""))
            expected = million_rows * 1_000_000
            self.assertEqual(ask(self.stack, "SELECT count(), uniqExact(a) FROM t", self.database), f"{expected}\t{expected}\n")
            peaks[million_rows] = self.stack.resident_mb(peak=True)
            print(f"INSERT of {million_rows * 100} MB: {started_mb:.0f} MB before, peak {peaks[million_rows]:.0f} MB")
        self.assertLess(peaks[10], 1500)
        self.assertLess(peaks[10], peaks[5] + 400)

    def test_a_result_of_any_size_in_bounded_memory(self):
        self.stack.forget_peak()
        before = self.stack.resident_mb(peak=True)
        command = ["curl", "-sS", f"{self.url}/?query=SELECT+number,repeat('x',90)+FROM+numbers(10000000)+FORMAT+CSV"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
            size = sum(len(piece) for piece in iter(lambda: reader.stdout.read(1 << 20), b""))
        self.assertEqual(reader.returncode, 0)
        peak = self.stack.resident_mb(peak=True)
        print(f"result of {size / 1e6:.0f} MB: {before:.0f} MB before, peak {peak:.0f} MB")
        self.assertGreater(size, 900_000_000)
        self.assertLess(peak, before + 500)


if __name__ == "__main__":
    unittest.main()
