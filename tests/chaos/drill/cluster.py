"""What the brokers say of themselves, asked past the proxies in Kafka's own protocol."""

import socket
import struct
from dataclasses import dataclass
from typing import List, Sequence

_METADATA, _DESCRIBE_QUORUM = 3, 55
_CLIENT = b"chaos"
_WITHIN_S = 2


@dataclass(frozen=True)
class Partition:
    """One partition as the cluster sees it."""

    topic: str
    number: int
    leader: int
    replicas: int
    in_sync: int

    @property
    def is_whole(self) -> bool:
        """Whether it has a leader and every copy follows."""
        return self.leader > 0 and self.in_sync == self.replicas


def partitions(ports: Sequence[int]) -> List[Partition]:
    """Every partition, by the first broker that answers; raises OSError when none does."""
    return _first(ports, _partitions)


def controller(ports: Sequence[int]) -> int:
    """The node that is the active controller."""
    return _first(ports, _controller)


def _first(ports: Sequence[int], ask):
    failure = OSError("no broker is asked")
    for port in ports:
        try:
            return ask(port)
        except (OSError, struct.error, IndexError) as error:
            failure = OSError(f"broker on port {port}: {error}")
    raise failure


def _partitions(port: int) -> List[Partition]:
    header = struct.pack(">hhih", _METADATA, 4, 1, len(_CLIENT)) + _CLIENT
    # Of all topics, and none is to be created.
    answer = _Answer(_exchange(port, header + struct.pack(">i?", -1, False)))
    answer.number("i")  # throttle time
    for _ in range(answer.number("i")):
        answer.number("i"), answer.text(), answer.number("i"), answer.text()
    answer.text()  # cluster
    answer.number("i")  # any broker, as controllers are not shown to clients
    found = []
    for _ in range(answer.number("i")):
        answer.number("h")
        topic = answer.text()
        answer.number("?")
        for _ in range(answer.number("i")):
            answer.number("h")
            number, leader = answer.number("i"), answer.number("i")
            replicas, in_sync = answer.numbers(), answer.numbers()
            found.append(Partition(topic, number, leader, len(replicas), len(in_sync)))
    return found


def _controller(port: int) -> int:
    name = b"__cluster_metadata"
    header = struct.pack(">hhih", _DESCRIBE_QUORUM, 0, 1, len(_CLIENT)) + _CLIENT + b"\0"
    # Lengths of compact arrays and texts are one more than they are; a zero ends each group of fields.
    body = b"\x02" + bytes([len(name) + 1]) + name + b"\x02" + struct.pack(">i", 0) + b"\0\0\0"
    answer = _Answer(_exchange(port, header + body))
    answer.skip(1)
    if error := answer.number("h"):
        raise OSError(f"the quorum cannot be described: error {error}")
    answer.skip(1 + 1 + len(name) + 1)
    answer.number("i")
    if error := answer.number("h"):
        raise OSError(f"the quorum has no leader: error {error}")
    return answer.number("i")


def _exchange(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=_WITHIN_S) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", _exactly(connection, 4))
        # The correlation id is ours.
        return _exactly(connection, min(size, 1 << 20))[4:]


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("the connection was closed")
        data += piece
    return data


class _Answer:
    """Reads an answer from its beginning."""

    def __init__(self, data: bytes):
        self._data, self._at = data, 0

    def number(self, kind: str) -> int:
        (value,) = struct.unpack_from(f">{kind}", self._data, self._at)
        self._at += struct.calcsize(f">{kind}")
        return value

    def numbers(self) -> List[int]:
        return [self.number("i") for _ in range(self.number("i"))]

    def text(self) -> str:
        length = max(0, self.number("h"))
        self._at += length
        return self._data[self._at - length : self._at].decode("utf-8", "replace")

    def skip(self, count: int) -> None:
        self._at += count
