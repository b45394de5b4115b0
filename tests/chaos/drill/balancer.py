"""One address in front of several gateways, as a balancer of TCP connections is.

    python3 balancer.py LISTEN_PORT GATEWAY_PORT:OPERATIONS_PORT ...

A gateway gets connections while its `/readyz` answers 200; where a connection is refused the next one is tried.
It runs as a process of its own, so that nothing else delays what passes through it.
"""

import asyncio
import contextlib
import sys
import urllib.error
import urllib.request

_CHECK_EVERY_S = 0.25
# The gateway asks its brokers for up to two seconds before it answers.
_CHECK_WITHIN_S = 4
_PIECE_BYTES = 64 * 1024


class Gateway:
    """One of those behind the address."""

    def __init__(self, port: int, operations_port: int):
        self.port, self.operations_port, self.is_ready = port, operations_port, False

    async def watch(self) -> None:
        """Keeps `is_ready` true to what the gateway says."""
        while True:
            self.is_ready = await asyncio.get_running_loop().run_in_executor(None, self._ask)
            await asyncio.sleep(_CHECK_EVERY_S)

    def _ask(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.operations_port}/readyz"
            with urllib.request.urlopen(address, timeout=_CHECK_WITHIN_S) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False


class Balancer:
    """Gives each connection to a gateway, in turn."""

    def __init__(self, gateways: list):
        self._gateways, self._turn = gateways, 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connects one client; ends with it."""
        self._turn += 1
        places = [(self._turn + place) % len(self._gateways) for place in range(len(self._gateways))]
        # With none ready the client had better hear it from a gateway than from here.
        for place in sorted(places, key=lambda place: not self._gateways[place].is_ready):
            try:
                upstream = await asyncio.open_connection("127.0.0.1", self._gateways[place].port)
                break
            except OSError:
                continue
        else:
            return writer.close()
        await asyncio.gather(_pass(reader, upstream[1]), _pass(upstream[0], writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def main(listen: int, gateways: list) -> None:
    """Serves until the process is ended."""
    balancer = Balancer(gateways)
    watching = [asyncio.create_task(gateway.watch()) for gateway in gateways]
    server = await asyncio.start_server(balancer.take, "127.0.0.1", listen)
    async with server:
        await asyncio.gather(server.serve_forever(), *watching)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), [Gateway(*map(int, pair.split(":"))) for pair in sys.argv[2:]]))
