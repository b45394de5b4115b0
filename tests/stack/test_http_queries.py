"""Queries over the HTTP interface, as curl sends them."""

import gzip
import json
import lzma
import unittest
import zlib

from own_stack import ask, curl, engine, fresh_database


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = engine()
        cls.url = cls.stack.url

    def get(self, sql, *arguments, **query):
        return curl(self.url, *arguments, query={"query": sql, **query})

    def post(self, sql, *arguments, **query):
        return curl(self.url, *arguments, data=sql.encode(), query=query)

    def test_health_checks(self):
        for path in ("/ping", "/", "/replicas_status"):
            answer = curl(self.url + path)
            self.assertEqual((answer.status, answer.text), (200, "Ok.\n"), path)
        self.assertEqual(curl(self.url + "/nowhere").status, 404)

    def test_get_and_post_answer_alike(self):
        self.assertEqual(self.get("SELECT 1 + 1").text, "2\n")
        self.assertEqual(self.post("SELECT 1 + 1").text, "2\n")
        # The address and the body are one text, as on the server.
        self.assertEqual(curl(self.url, data=b"3 + 4", query={"query": "SELECT"}).text, "7\n")

    def test_headers_say_what_came_back(self):
        answer = self.post("SELECT number FROM numbers(10) FORMAT JSONEachRow", query_id="mine-1")
        self.assertEqual(answer.headers["x-clickhouse-query-id"], "mine-1")
        self.assertEqual(answer.headers["x-clickhouse-format"], "JSONEachRow")
        self.assertEqual(answer.headers["x-clickhouse-timezone"], "UTC")
        self.assertEqual(answer.headers["content-type"], "application/x-ndjson; charset=UTF-8")
        self.assertTrue(answer.headers["x-clickhouse-server-display-name"])
        summary = json.loads(answer.headers["x-clickhouse-summary"])
        self.assertEqual((summary["read_rows"], summary["result_rows"]), ("10", "10"))
        self.assertGreater(int(summary["elapsed_ns"]), 0)

    def test_database_format_and_query_id_also_come_as_headers(self):
        fresh_database(self.stack, "q_headers")
        answer = self.post(
            "SELECT currentDatabase() AS d", "-H", "X-ClickHouse-Database: q_headers",
            "-H", "X-ClickHouse-Format: JSONCompactEachRow", "-H", "X-ClickHouse-Query-Id: mine-2",
        )  # fmt: skip
        self.assertEqual(answer.text, '["q_headers"]\n')
        self.assertEqual(answer.headers["x-clickhouse-query-id"], "mine-2")

    def test_database_and_settings_last_for_one_query(self):
        fresh_database(self.stack, "q_once")
        sql = "SELECT currentDatabase(), getSetting('max_threads') = 3"
        self.assertEqual(self.post(sql, database="q_once", max_threads="3").text, "q_once\t1\n")
        for _ in range(20):
            self.assertEqual(self.post("SELECT currentDatabase()").text, "default\n")
            self.assertEqual(self.post("SELECT getSetting('max_result_rows')").text, "0\n")
            self.assertEqual(self.post("SELECT getSetting('max_result_rows')", max_result_rows="7").text, "7\n")

    def test_settings_with_changing_defaults_are_fixed(self):
        names = ("async_insert", "deduplicate_blocks_in_dependent_materialized_views", "implicit_select")
        for name in names:
            self.assertEqual(self.post(f"SELECT getSetting('{name}')").text, "false\n", name)

    def test_parameters(self):
        awkward = "it's\ta \\ line\nand 100 % ünï"
        escaped = awkward.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        answer = self.post("SELECT {s:String} = {t:String}, {n:UInt8} + 1", param_s=escaped, param_t=escaped, param_n="41")
        self.assertEqual(answer.text, "1\t42\n")
        answer = self.post("SELECT {s:String} FORMAT RawBLOB", param_s=escaped)
        self.assertEqual(answer.text, awkward)
        self.assertEqual(self.post("SELECT name FROM {t:Identifier} LIMIT 1", param_t="system.databases").status, 404)
        self.assertEqual(self.post("SELECT {missing:String}").headers["x-clickhouse-exception-code"], "456")

    def test_a_form_carries_query_and_parameters(self):
        form = ["-F", "query=SELECT {a:UInt8} + {b:UInt8}", "-F", "param_a=20", "-F", "param_b=22"]
        self.assertEqual(curl(self.url + "/", *form).text, "42\n")

    def test_default_format(self):
        self.assertEqual(self.get("SELECT 1 AS a", default_format="JSONEachRow").text, '{"a":1}\n')
        self.assertEqual(self.get("SELECT 1 AS a FORMAT CSV", default_format="JSONEachRow").text, "1\n")
        self.assertEqual(self.get("SHOW DATABASES LIKE 'system'", default_format="JSONEachRow").text, '{"name":"system"}\n')

    def test_clauses_at_the_end_of_a_query(self):
        for tail in ("FORMAT CSV", "SETTINGS max_threads = 1 FORMAT CSV", "FORMAT CSV SETTINGS max_threads = 1",
                     "FORMAT CSV;", "-- a remark", "/* FORMAT JSON */", "; -- the end"):  # fmt: skip
            self.assertEqual(self.post(f"SELECT 1 {tail}").text, "1\n", tail)
        self.assertEqual(self.post("SELECT 'FORMAT JSON' AS format").text, "FORMAT JSON\n")
        self.assertEqual(self.post("(SELECT 1) UNION ALL (SELECT 2) ORDER BY 1").status, 400)

    def test_statements_without_rows(self):
        database = fresh_database(self.stack, "q_ddl")
        answer = self.post("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a", database=database)
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertNotIn("x-clickhouse-format", answer.headers)
        self.assertEqual(ask(self.stack, "INSERT INTO t SELECT number FROM numbers(5)", database), "")
        self.assertEqual(ask(self.stack, "SELECT sum(a) FROM t", database), "10\n")

    def test_errors_have_the_servers_status_and_text(self):
        cases = {
            "SELECT 1 +": (400, 62, "SYNTAX_ERROR"),
            "": (400, 62, "SYNTAX_ERROR"),
            "SELECT 1; SELECT 2": (400, 62, "SYNTAX_ERROR"),
            "SELECT * FROM no_such_table": (404, 60, "UNKNOWN_TABLE"),
            "SELECT no_such_column FROM system.one": (404, 47, "UNKNOWN_IDENTIFIER"),
            "SELECT noSuchFunction()": (404, 46, "UNKNOWN_FUNCTION"),
            "SELECT 1 FORMAT NoSuchFormat": (404, 73, "UNKNOWN_FORMAT"),
            "SELECT toDate('x')": (400, 38, "CANNOT_PARSE_DATE"),
            "SELECT throwIf(1)": (500, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
            "SELECT sleepEachRow(1) FROM numbers(9) SETTINGS max_execution_time = 1, max_block_size = 1": (408, 159, "TIMEOUT_EXCEEDED"),
            "CREATE NAMED COLLECTION c AS a = 1": (501, 48, "NOT_IMPLEMENTED"),
            "SELECT 1 INTO OUTFILE '/tmp/never'": (500, 358, "INTO_OUTFILE_NOT_ALLOWED"),
            "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV": (404, 78, "UNKNOWN_TYPE_OF_QUERY"),
        }  # fmt: skip
        for sql, (status, code, name) in cases.items():
            answer = self.post(sql)
            self.assertEqual(answer.status, status, sql)
            self.assertEqual(answer.headers["x-clickhouse-exception-code"], str(code), sql)
            self.assertRegex(answer.text, rf"(?s)^Code: {code}\. DB::Exception: .*\({name}\) \(version 26\.1\.", sql)
            self.assertEqual(answer.text.count("DB::Exception"), 1, answer.text)
        self.assertEqual(self.get("SELECT 1", no_such_setting="1").headers["x-clickhouse-exception-code"], "115")
        self.assertEqual(self.get("SELECT 1", database="no_such_db").headers["x-clickhouse-exception-code"], "81")

    def test_get_is_readonly_and_so_is_readonly(self):
        answer = self.get("CREATE DATABASE never")
        self.assertEqual((answer.status, answer.headers["x-clickhouse-exception-code"]), (500, "164"))
        self.assertIn("method GET implies readonly", answer.text)
        answer = self.post("CREATE DATABASE never", readonly="1")
        self.assertEqual((answer.status, answer.headers["x-clickhouse-exception-code"]), (500, "164"))
        self.assertEqual(self.post("SELECT 1", readonly="1").text, "1\n")
        self.assertEqual(self.post("SELECT count() FROM system.databases WHERE name = 'never'").text, "0\n")

    def test_results_are_compressed_as_the_client_accepts(self):
        sql = "SELECT number, 'some text' FROM numbers(100000)"
        plain = self.post(sql).body
        decoders = {"gzip": gzip.decompress, "deflate": zlib.decompress, "xz": lzma.decompress}
        for encoding, decode in decoders.items():
            answer = self.post(sql, "-H", f"Accept-Encoding: {encoding}")
            self.assertEqual(answer.headers["content-encoding"], encoding)
            self.assertLess(len(answer.body), len(plain) / 2)
            self.assertEqual(decode(answer.body), plain, encoding)
        answer = self.post(sql, "-H", "Accept-Encoding: gzip", enable_http_compression="0")
        self.assertEqual(answer.body, plain)
        answer = self.post("SELECT nope", "-H", "Accept-Encoding: gzip")
        self.assertIn(b"UNKNOWN_IDENTIFIER", gzip.decompress(answer.body))

    def test_an_error_in_the_middle_is_marked_and_breaks_the_answer(self):
        sql = "SELECT number, throwIf(number = 2900000, 'half way') FROM numbers(3000000)"
        answer = self.post(sql)
        tag = answer.headers["x-clickhouse-exception-tag"]
        self.assertEqual(answer.status, 200)
        self.assertNotEqual(answer.curl_status, 0, "curl must notice that the answer is not whole")
        body = answer.body.decode()
        self.assertIn(f"\r\n__exception__\r\n{tag}\r\nCode: 395. DB::Exception: half way", body)
        self.assertTrue(body.endswith(f" {tag}\r\n__exception__\r\n"))
        # Nothing is sent before the end when the client asks for that.
        answer = self.post(sql, wait_end_of_query="1")
        self.assertEqual((answer.status, answer.curl_status), (500, 0))
        self.assertTrue(answer.text.startswith("Code: 395. DB::Exception: half way"))

    def test_long_queries(self):
        filler = "'" + "x" * 400_000 + "'"
        answer = self.post(f"SELECT length({filler})")
        self.assertEqual(answer.headers["x-clickhouse-exception-code"], "62")
        self.assertIn("Max query size exceeded", answer.text)
        self.assertEqual(self.post(f"SELECT length({filler})", max_query_size="1000000").text, "400000\n")
        self.assertEqual(self.get("SELECT length('" + "x" * 100_000 + "')").text, "100000\n")

    def test_every_value_survives_a_binary_format(self):
        sql = "SELECT toUInt8(number) FROM numbers(256)"
        self.assertEqual(self.post(sql, default_format="RowBinary").body, bytes(range(256)))


if __name__ == "__main__":
    unittest.main()
