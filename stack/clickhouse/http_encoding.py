"""HTTP content encodings, both ways, in bounded steps.

Decoders never return more than `STEP_BYTES` at a time, whatever a small input
expands to, so a request cannot fill the memory.
"""

import bz2
import lzma
import sys
import zlib
from typing import Iterator, Optional

import lz4.frame

from .errors import ServerError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STEP_BYTES = 256 * 1024

_DECODERS = {
    "zstd": zstd.ZstdDecompressor,
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "xz": lzma.LZMADecompressor,
    "bz2": bz2.BZ2Decompressor,
}


class _Inflate:
    """Gives zlib's decompressor the shape that the others share."""

    def __init__(self, window_bits: int):
        self._inner = zlib.decompressobj(window_bits)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


class Decoder:
    """Undoes one Content-Encoding; several frames in a row are one body."""

    def __init__(self, encoding: str):
        if encoding in ("gzip", "x-gzip", "deflate"):
            # 32 detects a gzip or zlib header by itself.
            self._new = lambda: _Inflate(32 + zlib.MAX_WBITS)
        elif encoding in _DECODERS:
            self._new = _DECODERS[encoding]
        else:
            raise ServerError(
                89, "UNKNOWN_COMPRESSION_METHOD",
                f"Unknown compression method '{encoding}'. Only 'gzip', 'deflate', 'zstd', 'lz4', 'xz' "
                "and 'bz2' are supported as content encodings",
            )  # fmt: skip
        self._encoding = encoding
        self._inner = self._new()
        self._fresh = True

    def decode(self, data: bytes) -> Iterator[bytes]:
        """Yields the plain bytes of `data` in bounded pieces."""
        try:
            while True:
                if self._inner.eof:
                    data = (self._inner.unused_data or b"") + data
                    if not data:
                        return
                    self._inner, self._fresh = self._new(), True
                piece = self._inner.decompress(data, STEP_BYTES)
                self._fresh = self._fresh and not data
                data = b""
                if piece:
                    yield piece
                elif self._inner.needs_input and not self._inner.eof:
                    return
        except (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, RuntimeError, ValueError) as failure:
            raise ServerError(
                271, "CANNOT_DECOMPRESS", f"Cannot decompress the body as {self._encoding}: {failure}"
            ) from None

    def finish(self) -> None:
        """Raises when the body ends inside a frame."""
        if not self._fresh and not self._inner.eof:
            raise ServerError(
                271, "CANNOT_DECOMPRESS", f"Cannot decompress the body as {self._encoding}: it ends too early"
            )


class _Lz4Frame:
    """Gives lz4's frame compressor the shape that the others share."""

    def __init__(self):
        self._inner = lz4.frame.LZ4FrameCompressor(auto_flush=True, block_linked=False)
        self._head = self._inner.begin()

    def compress(self, data: bytes) -> bytes:
        head, self._head = self._head, b""
        return head + self._inner.compress(data)

    def flush(self) -> bytes:
        head, self._head = self._head, b""
        return head + self._inner.flush()


def encoder(encoding: str):
    """A compressor with `compress(data)` and `flush()`, or None when there is none for it."""
    if encoding == "gzip":
        return zlib.compressobj(3, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    if encoding == "deflate":
        return zlib.compressobj(3, zlib.DEFLATED, zlib.MAX_WBITS)
    if encoding == "zstd":
        return zstd.ZstdCompressor(1)
    if encoding == "lz4":
        return _Lz4Frame()
    if encoding == "xz":
        return lzma.LZMACompressor(preset=1)
    return None


def preferred(accepted: str) -> Optional[str]:
    """The encoding to answer with for an Accept-Encoding header, in the server's order."""
    offered = {part.split(";")[0].strip().lower() for part in accepted.split(",")}
    return next((name for name in ("lz4", "zstd", "gzip", "deflate", "xz") if name in offered), None)
