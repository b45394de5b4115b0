"""The embedded engine: one process-wide instance, one short-lived connection a query.

A connection serialises its queries and keeps its settings, so each query gets
one of its own (2 ms) and the settings, database and parameters of a request can
never leak into another one.
"""

import os
import threading
import uuid
from typing import Mapping, Optional

from chdb import _chdb

from .errors import ServerError, from_engine

# What the embedded engine sets differently from a server, and what later
# releases changed the default of.
_BASELINE = {
    "allow_introspection_functions": "0",
    "implicit_select": "0",
    "storage_file_read_method": "pread",
    "async_insert": "0",
    "deduplicate_blocks_in_dependent_materialized_views": "0",
}


def quoted(text: str) -> str:
    """`text` as a SQL string literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


class Engine:
    """Owns the data folder; alive from construction until `close`."""

    def __init__(self, path: str, config_file: str, log_file: str):
        self._source = f"{path}?config-file={config_file}&log-level=warning&logger.log={log_file}"
        self._keeper = _chdb.connect(self._source)
        self._lock = threading.Lock()
        version, timezone = self.ask("SELECT version(), timezone() FORMAT TSV").decode().split()
        self.version, self.timezone = version, timezone

    def ask(self, sql: str) -> bytes:
        """Runs a short query of the front's own and returns its result."""
        with self._lock:
            return self._keeper.query(sql, "TSV").bytes()

    def open(self, database: str, settings: Mapping[str, str]) -> "Query":
        """A fresh query context with its database and settings in force.

        Raises `ServerError` for an unknown database or a refused setting.
        """
        query = Query(self, _chdb.connect(self._source))
        try:
            query.prepare(database, settings)
        except BaseException:
            query.close()
            raise
        return query

    def close(self) -> None:
        """Stops the engine once the last query is closed."""
        self._keeper.close()


class Query:
    """One query on a connection of its own; used by one thread at a time."""

    def __init__(self, engine: Engine, connection):
        self._engine, self._connection = engine, connection
        self._mark = uuid.uuid4().hex
        self.result: Optional[object] = None

    def prepare(self, database: str, settings: Mapping[str, str]) -> None:
        """Applies the baseline, then the request's database and settings."""
        changes = {**_BASELINE, **settings, "log_comment": self._mark}
        try:
            if database:
                self._connection.query(f"USE {identifier(database)}", "TSV")
            assignments = ", ".join(f"{name} = {quoted(value)}" for name, value in changes.items())
            self._connection.query(f"SET {assignments}", "TSV")
        except RuntimeError as failure:
            raise from_engine(failure) from None

    def run(self, sql: bytes, default_format: str, parameters: Mapping[str, str], done_fds=()) -> bytes:
        """Executes `sql` and returns what was not written elsewhere.

        `done_fds` are pipe ends held for this query; they are closed when it ends,
        however it ends, so that whoever is at the other end learns of it.
        """
        try:
            self.result = self._connection.query(sql, default_format, params=dict(parameters))
            return self.result.bytes()
        except UnicodeDecodeError:
            raise ServerError(62, "SYNTAX_ERROR", "Syntax error: the query is not valid UTF-8") from None
        except RuntimeError as failure:
            raise from_engine(failure) from None
        finally:
            self.close()
            for fd in done_fds:
                os.close(fd)

    def cancel(self) -> bool:
        """Asks the engine to stop this query; False when it has not begun, or is over."""
        mark = quoted(self._mark)
        return self._engine.ask(f"KILL QUERY WHERE Settings['log_comment'] = {mark} ASYNC") != b""

    def counts(self) -> dict:
        """Rows and bytes: of the result, and as read from storage; zeros before the end."""
        result = self.result
        if result is None:
            return {"result_rows": 0, "result_bytes": 0, "read_rows": 0, "read_bytes": 0}
        return {
            "result_rows": result.rows_read(),
            "result_bytes": result.bytes_read(),
            "read_rows": result.storage_rows_read(),
            "read_bytes": result.storage_bytes_read(),
        }

    def close(self) -> None:
        """Frees the connection; more than once is harmless."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
