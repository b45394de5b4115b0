"""One HTTP answer: buffered until it is large or complete, then streamed."""

import json
import secrets
import string
import tempfile
from typing import Optional

from aiohttp import web

from .engine import Engine
from .errors import ServerError
from .http_encoding import encoder
from .native_framing import BlockEncoder
from .request import Call

DISPLAY_NAME = "playhead-stack"
_SPOOL_BYTES = 8 * 1024 * 1024
_STEP_BYTES = 256 * 1024

_CONTENT_TYPES = {
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "CSVWithNamesAndTypes": "text/csv; charset=UTF-8; header=present",
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONStrings": "application/json; charset=UTF-8",
    "JSONColumns": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "JSONCompactEachRow": "application/x-ndjson; charset=UTF-8",
    "NDJSON": "application/x-ndjson; charset=UTF-8",
    "JSONLines": "application/x-ndjson; charset=UTF-8",
    "XML": "application/xml; charset=UTF-8",
    "Markdown": "text/markdown; charset=UTF-8",
    "Native": "application/octet-stream",
    "RowBinary": "application/octet-stream",
    "RowBinaryWithNames": "application/octet-stream",
    "RowBinaryWithNamesAndTypes": "application/octet-stream",
    "Parquet": "application/octet-stream",
    "Arrow": "application/octet-stream",
    "ArrowStream": "application/octet-stream",
    "ORC": "application/octet-stream",
    "Avro": "application/octet-stream",
    "Protobuf": "application/octet-stream",
}


class Reply:
    """Collects a result and decides when its headers must go out.

    Until then a failure still gets its own status; after that it can only be
    written into the body, marked with the tag that the headers announced.
    """

    def __init__(self, request: web.Request, engine: Engine):
        self._request, self._engine = request, engine
        self._held = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)
        self._held_bytes, self._encoders, self._call = 0, [], None
        self._tag = "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))
        self.response: Optional[web.StreamResponse] = None
        self._format = ""

    def expect(self, call: Call) -> None:
        """Takes over from `call` how the answer is to be encoded."""
        self._call = call
        if call.native_result:
            self._encoders.append(BlockEncoder())
        if call.result_encoding:
            self._encoders.append(encoder(call.result_encoding))

    def result_format(self, name: str) -> None:
        """Announces that rows follow, in the format `name`."""
        self._format = name

    async def write(self, data: bytes) -> None:
        """Adds a piece of the result; waits while the client is slower."""
        if self.response is not None:
            await self._send(data)
            return
        self._held.write(data)
        self._held_bytes += len(data)
        if self._held_bytes > self._call.buffer_bytes and not self._call.wait_end:
            await self._start(200, {})
            await self._send_held()

    async def finish(self, summary: dict) -> None:
        """Ends a successful answer; `summary` goes into its header when that is not sent yet."""
        if self.response is None:
            await self._start(200, summary)
            await self._send_held()
        await self._end()

    async def fail(self, error: ServerError) -> None:
        """Ends the answer with `error`."""
        text = error.body(self._engine.version)
        if self.response is None:
            self._format = ""
            await self._start(error.status, {}, error.code)
            await self._send(text)
            await self._end()
            return
        mark = self._tag.encode()
        size = str(len(text)).encode()
        marked = b"\r\n__exception__\r\n" + mark + b"\r\n" + text + size + b" " + mark + b"\r\n__exception__\r\n"
        await self._send(b"", flush=True)
        await self._send(marked, flush=True)
        # The missing last chunk tells clients that look no further that the result is not whole.
        self.response.force_close()
        if self._request.transport is not None:
            self._request.transport.close()

    async def _start(self, status: int, summary: dict, code: int = 0) -> None:
        response = web.StreamResponse(status=status)
        headers = response.headers
        headers["Content-Type"] = _CONTENT_TYPES.get(self._format, "text/plain; charset=UTF-8")
        headers["X-ClickHouse-Server-Display-Name"] = DISPLAY_NAME
        headers["X-ClickHouse-Timezone"] = self._engine.timezone
        if self._call is not None:
            headers["X-ClickHouse-Query-Id"] = self._call.query_id.replace("\r", "").replace("\n", "")
            if self._call.result_encoding:
                headers["Content-Encoding"] = self._call.result_encoding
        if self._format:
            headers["X-ClickHouse-Format"] = self._format
        if code:
            headers["X-ClickHouse-Exception-Code"] = str(code)
        else:
            headers["X-ClickHouse-Exception-Tag"] = self._tag
            headers["X-ClickHouse-Summary"] = json.dumps(_summary(summary), separators=(",", ":"))
        if self._request.version >= (1, 1):
            response.enable_chunked_encoding()
        await response.prepare(self._request)
        self.response = response

    async def _send_held(self) -> None:
        self._held.seek(0)
        while piece := self._held.read(_STEP_BYTES):
            await self._send(piece)
        self.discard()

    async def _send(self, data: bytes, flush: bool = False) -> None:
        for step in self._encoders:
            data = step.compress(data) + (step.flush() if flush and _flushes_midway(step) else b"")
        if data:
            await self.response.write(data)

    async def _end(self) -> None:
        tail = b""
        for step in self._encoders:
            tail = (step.compress(tail) if tail else b"") + step.flush()
        if tail:
            await self.response.write(tail)
        await self.response.write_eof()

    def discard(self) -> None:
        """Frees what is held; more than once is harmless."""
        self._held.close()


def _flushes_midway(step) -> bool:
    """True for encoders whose `flush` would not be harmful before the end."""
    return isinstance(step, BlockEncoder)


def _summary(counts: dict) -> dict:
    names = (
        "read_rows", "read_bytes", "written_rows", "written_bytes", "total_rows_to_read",
        "result_rows", "result_bytes", "elapsed_ns",
    )  # fmt: skip
    return {name: str(counts.get(name, 0)) for name in names}
