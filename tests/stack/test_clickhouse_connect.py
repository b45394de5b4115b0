"""The Python client of ClickHouse, as an analyst's notebook uses it."""

import datetime
import unittest

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from own_stack import ask, engine, fresh_database


class ClickHouseConnect(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = engine()
        cls.database = fresh_database(cls.stack, "notebook")
        ask(
            cls.stack,
            "CREATE TABLE plays (id UInt64 COMMENT 'number of the play', title LowCardinality(String), "
            "started DateTime64(3) COMMENT 'when it began', bitrate_kbps Nullable(Float64), "
            "tags Map(String, String), states Array(String)) "
            "ENGINE = MergeTree ORDER BY id COMMENT 'one row a play'",
            cls.database,
        )
        ask(
            cls.stack,
            "CREATE VIEW plays_v (id UInt64 COMMENT 'number of the play', title String COMMENT 'what was played') "
            "AS SELECT id, title FROM plays WHERE id > 0 COMMENT 'plays for readers'",
            cls.database,
        )
        cls.client = cls.connect()

    @classmethod
    def connect(cls, **options):
        client = clickhouse_connect.get_client(
            host="127.0.0.1", port=cls.stack.clickhouse_port, database=cls.database, **options
        )
        cls.addClassCleanup(client.close)
        return client

    def setUp(self):
        self.client.command("TRUNCATE TABLE plays")

    def test_tables_and_a_view_with_its_comments(self):
        self.assertEqual(self.client.query("SHOW TABLES").result_rows, [("plays",), ("plays_v",)])
        columns = self.client.query(
            "SELECT name, type, comment FROM system.columns WHERE database = {db:String} AND table = {t:String} ORDER BY position",
            parameters={"db": self.database, "t": "plays_v"},
        )
        self.assertEqual(
            columns.result_rows, [("id", "UInt64", "number of the play"), ("title", "String", "what was played")]
        )
        described = self.client.query("DESCRIBE TABLE plays_v").result_rows
        self.assertEqual([(row[0], row[4]) for row in described], [("id", "number of the play"), ("title", "what was played")])
        comment = self.client.query("SELECT comment FROM system.tables WHERE name = 'plays_v'").result_rows
        self.assertEqual(comment, [("plays for readers",)])

    def test_rows_go_in_and_come_back(self):
        began = datetime.datetime(2026, 11, 21, 10, 30, 0, 125000)
        rows = [
            [number, f"title {number % 3}", began, None if number % 2 else number * 1.5, {"k": "v"}, ["play", "stall"]]
            for number in range(20_000)
        ]
        names = ["id", "title", "started", "bitrate_kbps", "tags", "states"]
        for compression in ("lz4", "zstd", "gzip", False):
            self.setUp()
            client = self.connect(compress=compression)
            self.assertEqual(client.insert("plays", rows, column_names=names).written_rows, 20_000)
            found = client.query("SELECT * FROM plays ORDER BY id")
            self.assertEqual(found.column_names, tuple(names))
            self.assertEqual([list(row) for row in found.result_rows], rows, compression)

    def test_parameters_and_settings(self):
        rows = self.client.query(
            "SELECT {n:UInt32} AS n, {s:String} AS s, {l:Array(UInt8)} AS l, getSetting('max_result_rows') AS m",
            parameters={"n": 7, "s": "it's\n\\ü", "l": [1, 2]},
            settings={"max_result_rows": 5},
        )
        self.assertEqual(rows.first_row, (7, "it's\n\\ü", [1, 2], 5))

    def test_a_large_result_streams(self):
        rows, total = 0, 0
        with self.client.query_row_block_stream("SELECT number, toString(number) FROM numbers(2000000)") as stream:
            for block in stream:
                rows += len(block)
                total += sum(row[0] for row in block)
        self.assertEqual((rows, total), (2_000_000, 1_999_999_000_000))

    def test_errors_arrive_before_and_within_a_result(self):
        with self.assertRaisesRegex(DatabaseError, "UNKNOWN_TABLE"):
            self.client.query("SELECT * FROM no_such_table")
        sql = "SELECT number, throwIf(number = 2900000, 'half way') FROM numbers(3000000)"
        with self.assertLogs("clickhouse_connect", "WARNING"), self.assertRaisesRegex(StreamFailureError, "half way"):
            with self.client.query_row_block_stream(sql) as stream:
                for _ in stream:
                    pass

    def test_raw_formats(self):
        self.assertEqual(self.client.raw_insert("plays", ["id", "title"], b"1,a\n2,b\n", fmt="CSV").written_rows, 2)
        self.assertEqual(self.client.raw_query("SELECT id, title FROM plays ORDER BY id", fmt="CSV"), b'1,"a"\n2,"b"\n')


if __name__ == "__main__":
    unittest.main()
