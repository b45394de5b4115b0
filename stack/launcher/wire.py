"""As much of Kafka's protocol as the launcher needs: one request, one answer."""

import socket
import ssl
import struct
from typing import Optional, Tuple

_CLIENT = b"stack"


def ask(
    address: Tuple[str, int], tls: Optional[ssl.SSLContext], api_key: int, version: int, body: bytes
) -> bytes:
    """Sends one request with an ordinary header; what comes after the answer's correlation id."""
    header = struct.pack(">hhih", api_key, version, 1, len(_CLIENT)) + _CLIENT
    with socket.create_connection(address, timeout=5) as plain:
        connection = tls.wrap_socket(plain, server_hostname=address[0]) if tls else plain
        with connection:
            connection.sendall(struct.pack(">i", len(header) + len(body)) + header + body)
            (size,) = struct.unpack(">i", _exactly(connection, 4))
            return _exactly(connection, min(size, 1 << 20))[4:]


def string(text: str) -> bytes:
    """A text with its length before it."""
    encoded = text.encode("utf-8")
    return struct.pack(">h", len(encoded)) + encoded


def broker_ports(address: Tuple[str, int], tls: Optional[ssl.SSLContext]) -> list:
    """Asks for the cluster's metadata (version 4, no topics) and returns the brokers' ports."""
    answer = ask(address, tls, 3, 4, struct.pack(">i?", 0, False))
    ports = []
    # The throttle time comes first.
    (count,) = struct.unpack_from(">i", answer, 4)
    at = 8
    for _ in range(count):
        (host_bytes,) = struct.unpack_from(">h", answer, at + 4)
        (broker_port,) = struct.unpack_from(">i", answer, at + 6 + host_bytes)
        (rack_bytes,) = struct.unpack_from(">h", answer, at + 10 + host_bytes)
        at += 12 + host_bytes + max(0, rack_bytes)
        ports.append(broker_port)
    return ports


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("the broker closed the connection")
        data += piece
    return data
