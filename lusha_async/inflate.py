"""Compressed bodies, decompressed in one go and within a bound.

aiohttp would do it piece by piece while a body arrives, which takes a fifth longer (benchmarks/README.md), and would
leave nothing to keep: what is remembered of a run is remembered as it came.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

ACCEPTED = "gzip, deflate"
"""What to put into ``Accept-Encoding``."""
_WITH_HEADER = 32 + zlib.MAX_WBITS
"""gzip or zlib, whichever the first bytes say."""


LARGEST = 256 * 1024 * 1024
"""Bytes, decompressed, beyond which an answer is not read on. A hundred full records are about 0.25 MB."""


class Packed(NamedTuple):
    """A body as it came over the wire."""

    body: bytes
    encoding: str

    def unpacked(self) -> bytes:
        """As it was before. Raises `Unreadable`."""
        return inflate(self.body, self.encoding)


class Unreadable(ValueError):
    """A body that is not what its ``Content-Encoding`` says, is cut off, or grows beyond the bound."""


def inflate(body: bytes, encoding: str, *, most: int = LARGEST) -> bytes:
    """A body as it was before its ``Content-Encoding``; at most `most` bytes. Raises `Unreadable`."""
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(f"encoded as {encoding[:20]!r}, which nobody asked for")
    try:
        return _inflated(body, _WITH_HEADER, most)
    except zlib.error:
        if encoding != "deflate":
            raise Unreadable("not what its Content-Encoding says") from None
    try:
        return _inflated(body, -zlib.MAX_WBITS, most)  # some servers leave the header of deflate out
    except zlib.error:
        raise Unreadable("not what its Content-Encoding says") from None


def _inflated(body: bytes, wbits: int, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:  # a gzip file may consist of several
        stream = zlib.decompressobj(wbits)
        part = stream.decompress(body, most + 1 - size)
        size += len(part)
        if size > most:
            raise Unreadable("larger than any answer")
        if not stream.eof:
            raise Unreadable("cut off")
        parts.append(part)
        body = stream.unused_data.lstrip(b"\0")
    return parts[0] if len(parts) == 1 else b"".join(parts)
