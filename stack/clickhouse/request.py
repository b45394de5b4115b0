"""What one HTTP request asks for, in the terms of the engine."""

import asyncio
import re
import uuid
from dataclasses import dataclass, field
from typing import AsyncIterator, Optional

from aiohttp import web

from .errors import ServerError
from .http_encoding import Decoder, preferred
from .native_framing import BlockDecoder

# Parameters of the HTTP interface itself; every other one is a setting of the query.
_INTERFACE = {
    "query", "database", "default_format", "query_id", "session_id", "session_timeout", "session_check",
    "close_session", "user", "password", "quota_key", "role", "stacktrace", "compress", "decompress",
    "buffer_size", "wait_end_of_query", "http_wait_end_of_query", "http_response_buffer_size",
    "enable_http_compression", "client_protocol_version", "log_comment",
}  # fmt: skip

# Settings that clients send to a server's HTTP interface and that mean nothing here.
_IGNORED_PREFIXES = ("http_", "send_progress_in_http_headers", "cancel_http_readonly_queries_on_client_close")

_SETTING_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_TRUE = {"1", "true"}

DEFAULT_BUFFER_BYTES = 1024 * 1024
LARGEST_BUFFER_BYTES = 16 * 1024 * 1024
LARGEST_FORM_FIELD_BYTES = 10 * 1024 * 1024


@dataclass
class Call:
    """One request, parsed; `body` yields its plain bytes, which are not read yet."""

    query: bytes
    body: AsyncIterator[bytes]
    database: str = ""
    query_id: str = ""
    default_format: str = "TabSeparated"
    settings: dict = field(default_factory=dict)
    parameters: dict = field(default_factory=dict)
    native_result: bool = False
    result_encoding: Optional[str] = None
    buffer_bytes: int = DEFAULT_BUFFER_BYTES
    wait_end: bool = False

    @property
    def max_query_bytes(self) -> int:
        """How much of the text before the data may be read into memory."""
        given = self.settings.get("max_query_size", "")
        return int(given) if given.isdigit() and int(given) > 0 else 262144


async def parse(request: web.Request) -> Call:
    """Reads the address and headers, and a form's fields, but no plain body."""
    pairs = [(name, value.encode("utf-8", "surrogateescape")) for name, value in request.query.items()]
    body = _plain_body(request)
    if request.content_type == "multipart/form-data":
        pairs += [pair async for pair in _form_fields(request)]
        body = _nothing()
    given = {name: value.decode("utf-8", "replace") for name, value in pairs}
    call = Call(query=b"".join(value for name, value in pairs if name == "query"), body=body)
    headers = request.headers
    call.database = given.get("database") or headers.get("X-ClickHouse-Database", "")
    call.query_id = given.get("query_id") or headers.get("X-ClickHouse-Query-Id") or str(uuid.uuid4())
    call.default_format = given.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated"
    call.native_result = given.get("compress") in _TRUE
    if given.get("enable_http_compression", "1") in _TRUE:
        call.result_encoding = preferred(headers.get("Accept-Encoding", ""))
    call.wait_end = bool({given.get("wait_end_of_query"), given.get("http_wait_end_of_query")} & _TRUE)
    size = given.get("buffer_size") or given.get("http_response_buffer_size") or ""
    if size.isdigit() and int(size) > 0:
        call.buffer_bytes = min(int(size), LARGEST_BUFFER_BYTES)
    for name, value in given.items():
        if name.startswith("param_"):
            call.parameters[name[len("param_") :]] = value
        elif name not in _INTERFACE and not name.startswith(_IGNORED_PREFIXES):
            if not _SETTING_NAME.match(name):
                raise ServerError(115, "UNKNOWN_SETTING", f"Unknown setting '{name}'")
            call.settings[name] = value
    if request.method == "GET" and call.settings.get("readonly", "0") == "0":
        call.settings["readonly"] = "2"
    return call


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def _plain_body(request: web.Request) -> AsyncIterator[bytes]:
    """The body without its content encoding and native framing."""
    decoders = []
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding and encoding != "identity":
        decoders.append(Decoder(encoding))
    if request.query.get("decompress") in _TRUE:
        decoders.append(BlockDecoder())
    async for chunk in request.content.iter_any():
        for piece in _through(decoders, chunk):
            yield piece
            # Decoding is work for the processor: let other requests in between.
            await asyncio.sleep(0)
    for decoder in decoders:
        decoder.finish()


def _through(decoders: list, chunk: bytes):
    if not decoders:
        yield chunk
        return
    for piece in decoders[0].decode(chunk):
        yield from _through(decoders[1:], piece)


async def _form_fields(request: web.Request):
    """The name and value of each field; files (external tables) are refused."""
    try:
        reader = await request.multipart()
        async for part in reader:
            if part.filename is not None:
                raise ServerError(48, "NOT_IMPLEMENTED", "External tables are not supported by the embedded engine")
            value = bytearray()
            while chunk := await part.read_chunk():
                value += chunk
                if len(value) > LARGEST_FORM_FIELD_BYTES:
                    raise ServerError(36, "BAD_ARGUMENTS", f"The form field '{part.name}' is too large")
            yield part.name or "", bytes(value)
    except (ValueError, AssertionError) as failure:
        raise ServerError(36, "BAD_ARGUMENTS", f"The form cannot be read: {failure}") from None
