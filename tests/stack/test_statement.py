"""How the front tells statements apart; needs no engine."""

import random
import sys
import unittest

from own_stack import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "stack"))
from clickhouse.errors import ServerError, from_engine  # noqa: E402
from clickhouse.native_framing import BLOCK_BYTES, BlockDecoder, BlockEncoder  # noqa: E402
from clickhouse.statement import classify  # noqa: E402


class Statements(unittest.TestCase):
    def test_kinds(self):
        kinds = {
            "rows": (
                "select 1", "WITH 1 AS x SELECT x", "/* INSERT */ SELECT 1", "-- x\nSELECT 1", "(SELECT 1)",
                "FROM t SELECT a", "SELECT $$INSERT; $$", "# remark\nSELECT 1",
            ),
            "insert": (
                "INSERT INTO t VALUES (1)", "insert into t format CSV 1", "INSERT INTO `a b`.`c``d` (x, y) FORMAT TSV",
                "INSERT INTO TABLE FUNCTION null('a UInt8') FORMAT CSV", "INSERT INTO FUNCTION null('a UInt8') VALUES (1)",
                "INSERT INTO values VALUES (1)", "INSERT INTO format.select FORMAT JSONEachRow {}",
                "INSERT INTO t (* EXCEPT(b)) SETTINGS async_insert = 0 VALUES (1)", "INSERT INTO t VALUES ('; DROP')",
            ),
            "other": (
                "INSERT INTO t SELECT 1", "INSERT INTO t (a) WITH 1 AS x SELECT x", "CREATE TABLE t (a UInt8) ENGINE = Null",
                "SHOW TABLES", "SYSTEM RELOAD DICTIONARIES", "INSERT INTO t", "nonsense", "EXPLAIN SELECT 1",
                "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
            ),
        }  # fmt: skip
        for kind, texts in kinds.items():
            for text in texts:
                self.assertEqual(classify(text.encode()).kind, kind, text)

    def test_where_the_data_begin(self):
        cases = {
            b"INSERT INTO t FORMAT CSV\n1\n": b"1\n",
            b"INSERT INTO t FORMAT CSV\r\n1\n": b"1\n",
            b"INSERT INTO t FORMAT CSV 1": b"1",
            b"INSERT INTO t FORMAT Native\n\n\x00\xff": b"\n\x00\xff",
            b"INSERT INTO t VALUES(1), (2)": b"(1), (2)",
        }
        for text, data in cases.items():
            statement = classify(text)
            self.assertEqual(text[statement.data :], data)

    def test_how_files_are_put_in(self):
        statement = classify(b"INSERT INTO t (a) SETTINGS max_threads = 1 VALUES (1)")
        self.assertEqual(
            statement.reading_from("/f").split(),
            b"INSERT INTO t (a) FROM INFILE '/f' COMPRESSION 'none' SETTINGS max_threads = 1 FORMAT Values".split(),
        )
        for text, expected in {
            b"SELECT 1": b"SELECT 1 INTO OUTFILE '/f' APPEND COMPRESSION 'none'",
            b"SELECT 1; -- end": b"SELECT 1 INTO OUTFILE '/f' APPEND COMPRESSION 'none'",
            b"SELECT format FROM t FORMAT CSV": b"SELECT format FROM t INTO OUTFILE '/f' APPEND COMPRESSION 'none' FORMAT CSV",
        }.items():
            self.assertEqual(classify(text).writing_to("/f").split(), expected.split())

    def test_what_is_refused(self):
        for text, code in {
            b"": 62, b" -- nothing\n": 62, b"SELECT 1; DROP TABLE t": 62, b"create named collection c as a = 1": 48,
            b"SELECT 1 INTO OUTFILE 'x'": 358, b"INSERT INTO t FROM INFILE 'x' FORMAT CSV": 78,
        }.items():  # fmt: skip
            with self.assertRaises(ServerError) as refused:
                classify(text)
            self.assertEqual(refused.exception.code, code, text)
        self.assertEqual(classify(b"SELECT * FROM infile").kind, "rows")
        self.assertEqual(classify(b"INSERT INTO outfile VALUES (1)").kind, "insert")

    def test_no_text_breaks_it(self):
        pieces = ["SELECT", "INSERT INTO", "FORMAT", "VALUES", "'", '"', "`", "(", ")", ";", "$$", "/*", "*/", "--", "\\",
                  "\n", " ", "t", "ü", "\x00", "SETTINGS", "a=1", ".", ","]  # fmt: skip
        chance = random.Random(7)
        for _ in range(5000):
            text = " ".join(chance.choices(pieces, k=chance.randrange(12))).encode()
            try:
                statement = classify(text)
            except ServerError:
                continue
            self.assertIn(statement.kind, ("rows", "insert", "other"))

    def test_a_long_text_is_read_in_linear_time(self):
        for text in (b"SELECT " + b"(" * 200_000, b"SELECT '" + b"\\'" * 200_000, b"/*" * 200_000, b"$a$" * 100_000):
            classify(text)


class Errors(unittest.TestCase):
    def test_codes_names_and_texts(self):
        plain = from_engine(RuntimeError("Code: 60. DB::Exception: No t. (UNKNOWN_TABLE)"))
        self.assertEqual((plain.code, plain.name, plain.status), (60, "UNKNOWN_TABLE", 404))
        nested = from_engine(
            RuntimeError(
                "Code: 27. DB::Exception: Code: 27. DB::Exception: Bad row: (in file/uri /proc/self/fd/9): While executing "
                "File: data for INSERT was parsed from file. (CANNOT_PARSE_TEXT) (version 26.1.2.1). (CANNOT_PARSE_TEXT)"
            )
        )
        self.assertEqual(nested.text, "Code: 27. DB::Exception: Bad row. (CANNOT_PARSE_TEXT)")
        self.assertEqual(nested.body("26.1"), b"Code: 27. DB::Exception: Bad row. (CANNOT_PARSE_TEXT) (version 26.1)\n")
        self.assertEqual(from_engine(RuntimeError("odd")).status, 500)


class NativeFraming(unittest.TestCase):
    def test_blocks_come_back_however_they_are_cut(self):
        chance = random.Random(3)
        plain = chance.randbytes(BLOCK_BYTES + 12345) + b"x" * 100_000
        framed = BlockEncoder().compress(plain)
        for step in (1 << 20, 4096, 7777):
            decoder = BlockDecoder()
            pieces = [piece for at in range(0, len(framed), step) for piece in decoder.decode(framed[at : at + step])]
            decoder.finish()
            self.assertEqual(b"".join(pieces), plain)

    def test_a_size_that_lies_is_refused(self):
        with self.assertRaises(ServerError) as refused:
            list(BlockDecoder().decode(bytes(16) + b"\x82" + b"\xff" * 8))
        self.assertEqual(refused.exception.name, "TOO_LARGE_SIZE_COMPRESSED")


if __name__ == "__main__":
    unittest.main()
