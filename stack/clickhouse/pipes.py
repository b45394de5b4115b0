"""Pipes between the event loop and the engine's threads.

The engine opens its end by name (``/proc/self/fd/N``), blocks on it and so
feels the client's pace; the loop's end never blocks.
"""

import asyncio
import fcntl
import os

CHUNK_BYTES = 256 * 1024


class Pipe:
    """A pipe of which the loop keeps one end and the engine's thread the other."""

    def __init__(self, loop_writes: bool):
        read_fd, write_fd = os.pipe()
        self.fd, self.engine_fd = (write_fd, read_fd) if loop_writes else (read_fd, write_fd)
        os.set_blocking(self.fd, False)
        try:
            fcntl.fcntl(self.fd, fcntl.F_SETPIPE_SZ, CHUNK_BYTES)
        except OSError:
            # A machine that limits pipes gives its default size, which only costs speed.
            pass

    @property
    def path(self) -> str:
        """The name by which the engine opens its end."""
        return f"/proc/self/fd/{self.engine_fd}"

    async def write(self, data: bytes) -> bool:
        """Writes all of `data`; False when the engine has stopped reading."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self.fd, view) :]
            except BlockingIOError:
                await self._ready(writing=True)
            except BrokenPipeError:
                return False
        return True

    async def read(self) -> bytes:
        """The next bytes, or none once the engine's end is closed."""
        while True:
            try:
                return os.read(self.fd, CHUNK_BYTES)
            except BlockingIOError:
                await self._ready(writing=False)

    async def _ready(self, writing: bool) -> None:
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        add, remove = (loop.add_writer, loop.remove_writer) if writing else (loop.add_reader, loop.remove_reader)
        add(self.fd, event.set)
        try:
            await event.wait()
        finally:
            remove(self.fd)

    def close(self) -> None:
        """Closes the loop's end; more than once is harmless."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
