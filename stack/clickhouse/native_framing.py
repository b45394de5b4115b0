"""ClickHouse's native compressed blocks, as `compress=1` and `decompress=1` ask for.

A block is a 16-byte checksum (CityHash128 v1.0.2), then what it covers: a method
byte, the compressed size (these nine bytes included) and the plain size, both
32-bit little-endian, and the compressed data.
"""

import struct
import sys
from typing import Iterator

import lz4.block
from clickhouse_cityhash.cityhash import CityHash128

from .errors import ServerError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LZ4, _ZSTD, _NONE = 0x82, 0x90, 0x02
_CHECKSUM_BYTES, _HEADER = 16, struct.Struct("<BII")
BLOCK_BYTES = 1024 * 1024
LARGEST_BLOCK_BYTES = 128 * 1024 * 1024


def _checksum(data: bytes) -> bytes:
    digest = CityHash128(data)
    return struct.pack("<QQ", digest >> 64, digest & 0xFFFF_FFFF_FFFF_FFFF)


class BlockEncoder:
    """Compresses into LZ4 blocks of at most `BLOCK_BYTES` plain bytes."""

    def compress(self, data: bytes) -> bytes:
        """The blocks for `data`, complete: nothing is held back."""
        return b"".join(self._block(data[at : at + BLOCK_BYTES]) for at in range(0, len(data), BLOCK_BYTES))

    @staticmethod
    def _block(data: bytes) -> bytes:
        packed = lz4.block.compress(data, store_size=False)
        body = _HEADER.pack(_LZ4, len(packed) + _HEADER.size, len(data)) + packed
        return _checksum(body) + body

    def flush(self) -> bytes:
        """Nothing is ever pending."""
        return b""


class BlockDecoder:
    """Reads blocks from a byte stream cut anywhere."""

    def __init__(self):
        self._pending = bytearray()

    def decode(self, data: bytes) -> Iterator[bytes]:
        """Yields the plain bytes of each block completed by `data`."""
        self._pending += data
        start = _CHECKSUM_BYTES
        while len(self._pending) >= start + _HEADER.size:
            method, packed_bytes, plain_bytes = _HEADER.unpack_from(self._pending, start)
            if max(packed_bytes, plain_bytes) > LARGEST_BLOCK_BYTES or packed_bytes < _HEADER.size:
                raise ServerError(
                    39, "TOO_LARGE_SIZE_COMPRESSED",
                    f"Too large size_compressed_without_checksum: {packed_bytes}. Most likely corrupted data",
                )  # fmt: skip
            end = start + packed_bytes
            if len(self._pending) < end:
                return
            checksum, body = bytes(self._pending[:start]), bytes(self._pending[start:end])
            del self._pending[:end]
            if _checksum(body) != checksum:
                raise ServerError(40, "CHECKSUM_DOESNT_MATCH", "Checksum doesn't match: corrupted data")
            yield self._plain(method, body[_HEADER.size :], plain_bytes)

    @staticmethod
    def _plain(method: int, packed: bytes, plain_bytes: int) -> bytes:
        try:
            if method == _LZ4:
                return lz4.block.decompress(packed, uncompressed_size=plain_bytes)
            if method == _ZSTD:
                return zstd.ZstdDecompressor().decompress(packed, plain_bytes)
            if method == _NONE:
                return packed
        except (lz4.block.LZ4BlockError, zstd.ZstdError, ValueError) as failure:
            raise ServerError(271, "CANNOT_DECOMPRESS", f"Cannot decompress: {failure}") from None
        raise ServerError(89, "UNKNOWN_COMPRESSION_METHOD", f"Unknown compression method: 0x{method:02x}")

    def finish(self) -> None:
        """Raises when the stream ends inside a block."""
        if self._pending:
            raise ServerError(
                33, "CANNOT_READ_ALL_DATA",
                f"Cannot read all data. Bytes read: {len(self._pending)}: the last compressed block is cut short",
            )  # fmt: skip
