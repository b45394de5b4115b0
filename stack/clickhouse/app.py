"""The HTTP interface: addresses, the bound on queries, and how data flows."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import AsyncIterator, Tuple

from aiohttp import web

from . import request as requests
from .engine import Engine, Query
from .errors import ServerError
from .pipes import Pipe
from .reply import Reply
from .statement import Statement, classify

_LOG = logging.getLogger("clickhouse")
LARGEST_QUERY_BYTES = 64 * 1024 * 1024


class Front:
    """Serves one engine; at most `max_queries` run at once."""

    def __init__(self, engine: Engine, max_queries: int):
        self._engine, self._max_queries = engine, max_queries
        # A few threads more than queries, so that a query can always be cancelled.
        self._threads = ThreadPoolExecutor(max_queries + 8, thread_name_prefix="query")
        self._running = {}

    def application(self) -> web.Application:
        """The aiohttp application with every address of the interface."""
        app = web.Application()
        app.router.add_get("/ping", _ok)
        app.router.add_get("/replicas_status", _ok)
        app.router.add_get("/", self._handle)
        app.router.add_post("/", self._handle)
        return app

    async def drain(self, patience_s: float) -> None:
        """Stops what still runs after the listener has closed; gives up after `patience_s`."""
        deadline = time.monotonic() + patience_s
        while self._running and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        reply = Reply(request, self._engine)
        try:
            call = await requests.parse(request)
            if request.method == "GET" and not call.query:
                return await _ok(request)
            reply.expect(call)
            await self._answer(call, reply, request.method == "GET")
        except ServerError as error:
            await reply.fail(error)
        except Exception as failure:  # A mistake in the front must not look like a broken network.
            _LOG.exception("the front failed")
            await reply.fail(ServerError(1001, "STD_EXCEPTION", f"{type(failure).__name__}: {failure}"))
        finally:
            reply.discard()
        return reply.response

    async def _answer(self, call: requests.Call, reply: Reply, over_get: bool) -> None:
        started = time.monotonic_ns()
        if len(self._running) >= self._max_queries:
            raise ServerError(
                202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                f"Too many simultaneous queries. Maximum: {self._max_queries}",
            )  # fmt: skip
        if call.query_id in self._running:
            raise ServerError(
                216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
                f"Query with id = {call.query_id} is already running",
            )  # fmt: skip
        self._running[call.query_id] = None
        work = _Work()
        try:
            statement, data = await _read_statement(call)
            work.query = await self._thread(self._engine.open, call.database, call.settings)
            await self._flow(statement, data, call, reply, work)
            counts = work.query.counts()
        except ServerError as error:
            if over_get and error.code == 164:
                error.text = error.text.replace("readonly mode.", _GET_IS_READONLY, 1)
            raise
        finally:
            await self._settle(call.query_id, work)
        if statement.kind == "insert":
            counts = {"written_rows": counts["result_rows"], "written_bytes": counts["result_bytes"]}
        counts["elapsed_ns"] = time.monotonic_ns() - started
        await reply.finish(counts)

    async def _flow(self, statement: Statement, data, call, reply: Reply, work: "_Work") -> None:
        """Runs the statement, moving rows to it or from it."""
        arguments = (call.default_format, call.parameters)
        if statement.kind == "insert":
            work.pipe = pipe = Pipe(loop_writes=True)
            sql, work.needs_all = statement.reading_from(pipe.path), True
            work.task = self._thread(work.query.run, sql, *arguments, (pipe.engine_fd,))
            async for piece in data:
                if not await pipe.write(piece):
                    break
            pipe.close()
            await asyncio.shield(work.task)
            return
        reply.result_format(statement.format or call.default_format)
        if statement.kind == "rows":
            work.pipe = pipe = Pipe(loop_writes=False)
            sql = statement.writing_to(pipe.path)
            work.task = self._thread(work.query.run, sql, *arguments, (pipe.engine_fd,))
            while piece := await pipe.read():
                await reply.write(piece)
            await asyncio.shield(work.task)
            return
        work.task = self._thread(work.query.run, statement.text, *arguments)
        rows = await asyncio.shield(work.task)
        if not rows:
            reply.result_format("")
        await reply.write(rows)

    def _thread(self, function, *arguments) -> asyncio.Future:
        return asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _settle(self, query_id: str, work: "_Work") -> None:
        """Frees what the query held, now if it has ended and else once it was stopped."""
        if work.task is None or work.task.done():
            work.release()
            del self._running[query_id]
            return
        stopping = asyncio.ensure_future(self._stop(query_id, work))
        self._running[query_id] = stopping

    async def _stop(self, query_id: str, work: "_Work") -> None:
        """Cancels a query whose client has gone, and waits for its end.

        The pipe of an INSERT stays open until the engine has the order: closing it
        before would look like the end of the data, and a half-sent body would be stored.
        """
        if not work.needs_all:
            work.close_pipe()
        while not work.task.done():
            if await self._thread(work.query.cancel):
                work.close_pipe()
            await asyncio.wait({work.task}, timeout=0.2)
        if not work.task.cancelled():
            work.task.exception()
        work.release()
        del self._running[query_id]


_GET_IS_READONLY = (
    "readonly mode. For queries over HTTP, method GET implies readonly. "
    "You should use method POST for modifying queries."
)


class _Work:
    """What one running query holds."""

    def __init__(self):
        self.query: Query = None
        self.pipe: Pipe = None
        self.task: asyncio.Future = None
        self.needs_all = False

    def close_pipe(self) -> None:
        if self.pipe is not None:
            self.pipe.close()

    def release(self) -> None:
        self.close_pipe()
        if self.query is not None and self.task is None:
            self.query.close()


async def _ok(_request: web.Request) -> web.Response:
    return web.Response(text="Ok.\n", headers={"Content-Type": "text/plain; charset=UTF-8"})


async def _read_statement(call: requests.Call) -> Tuple[Statement, AsyncIterator[bytes]]:
    """The statement, and the stream of data that follows it.

    An INSERT whose text is complete in the address needs nothing of the body to
    be read first; otherwise the text is in the body, up to `max_query_size`.
    """
    if call.query:
        statement = classify(call.query)
        if statement.kind == "insert":
            inline = call.query[statement.data :]
            # The server, too, puts a line break between the address's text and the body.
            return statement, _chain(inline + b"\n" if inline.strip() else b"", call.body)
    head = bytearray(call.query + b"\n" if call.query else b"")
    async for piece in call.body:
        head += piece
        if len(head) > call.max_query_bytes:
            break
    statement = classify(bytes(head))
    if statement.kind == "insert":
        return statement, _chain(bytes(head[statement.data :]), call.body)
    async for piece in call.body:
        head += piece
        if len(head) > LARGEST_QUERY_BYTES:
            raise ServerError(229, "QUERY_IS_TOO_LARGE", f"The query is larger than {LARGEST_QUERY_BYTES} bytes")
    return classify(bytes(head)), call.body


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for piece in rest:
        yield piece
