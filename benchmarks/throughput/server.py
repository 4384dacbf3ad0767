"""The server of the benchmarks: answers enrichment as fast as it can. ``python -m benchmarks.throughput.server``.

The first part of the path says how: ``/gzip/v3/...``, ``/plain.wide/v3/...``, ``/plain.latency=200.limit=25/v3/...``.
It is one asyncio protocol, not an application framework, because it shares the machine with what is measured.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import deque
from functools import cache
from typing import Any

from .bodies import Answer

_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: *(\d+)")
_REFERENCE = re.compile(rb'"clientReferenceId": ?"([^"]{1,22})"')
_QUOTA = b"".join(
    b"x-rate-limit-%b: %d\r\nx-%b-requests-left: %d\r\nx-%b-usage: 0\r\n" % (window, limit, window, limit, window)
    for window, limit in ((b"minute", 100_000), (b"hourly", 1_000_000), (b"daily", 10_000_000))
)
SETTLED = 6.0
"""Seconds from the first request after which nothing is the start any more, not even at five seconds for an answer."""
_USAGE_PATH = b"/account/usage"
_WINDOW = {"limit": 10_000_000, "used": 0, "remaining": 10_000_000, "resetsAt": "2099-01-01T00:00:00.000Z"}
_USAGE = json.dumps({"rateLimits": {"minute": _WINDOW, "hourly": _WINDOW, "daily": _WINDOW}}).encode()
_TOO_MANY = json.dumps({"statusCode": 429, "message": "Rate limit exceeded. Reset in 1 seconds"}).encode()


@cache
def answer(*, wide: bool) -> Answer:
    """The answer of a shape, prepared once."""
    return Answer(wide=wide)


class Variant:
    """One way to answer, and what was seen of it. `limit` requests are let through in ANY second."""

    def __init__(self, name: str) -> None:
        words = name.split(".")
        values = dict(word.split("=") for word in words if "=" in word)
        self.gzip = "gzip" in words
        self.wide = "wide" in words
        self.latency = float(values.get("latency", 0)) / 1000
        self.limit = int(values.get("limit", 0))
        self.reset()

    def reset(self) -> None:
        """Forget what was seen."""
        self.accepted: list[float] = []
        self.refused = 0
        self.records = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self._log: deque[float] = deque(maxlen=self.limit or None)
        self._cpu = time.process_time()

    def allows(self, path: bytes) -> bool:
        """Whether a request that arrives now is within the limit; counts it. Account usage has a limit of its own."""
        if path.endswith(_USAGE_PATH):
            return True
        now = time.monotonic()
        if self.limit and len(self._log) == self.limit and now - self._log[0] < 1.0:
            self.refused += 1
            return False
        if self.limit:
            self._log.append(now)
            self.accepted.append(now)
        return True

    def stats(self) -> dict[str, Any]:
        """What was seen since the last reset."""
        first, last = (self.accepted[0], self.accepted[-1]) if self.accepted else (0.0, 0.0)
        later = [moment for moment in self.accepted if moment >= first + SETTLED] or [0.0]
        return {
            "accepted": len(self.accepted),
            "refused": self.refused,
            "records": self.records,
            "most_in_flight": self.most_in_flight,
            "seconds": last - first,
            "later_accepted": len(later),
            "later_seconds": later[-1] - later[0],
            "cpu_ms": (time.process_time() - self._cpu) * 1000,
        }

    def respond(self, path: bytes, body: bytes) -> bytes:
        """The whole response to a request that is let through."""
        if path.endswith(_USAGE_PATH):
            return _response(b"200 OK", _USAGE, b"")
        references = _REFERENCE.findall(body)[:100]
        self.records += len(references)
        made = answer(wide=self.wide)
        if self.gzip:
            return _response(b"200 OK", made.gzipped(references), b"Content-Encoding: gzip\r\n")
        return _response(b"200 OK", made.plain(references), b"")


def _response(status: bytes, body: bytes, headers: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Type: application/json; charset=utf-8\r\n%b%bContent-Length: %d\r\n\r\n%b" % (
        status,
        _QUOTA,
        headers,
        len(body),
        body,
    )


class Connection(asyncio.Protocol):
    """One keep-alive connection without pipelining."""

    transport: asyncio.Transport

    def __init__(self, variants: dict[bytes, Variant]) -> None:
        self._variants = variants
        self._buffer = bytearray()
        self._wanted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect until a request is whole."""
        self._buffer += data
        if len(self._buffer) < self._wanted:
            return
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, end)
        self._wanted = end + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) < self._wanted:
            return
        head, body = bytes(self._buffer[:end]), bytes(self._buffer[end + 4 : self._wanted])
        del self._buffer[: self._wanted]
        self._wanted = 0
        self._request(head.split(b" ", 2)[1], body)

    def _request(self, path: bytes, body: bytes) -> None:
        _, name, rest = path.split(b"/", 2)
        variant = self._variants.get(name)
        if variant is None:
            variant = self._variants[name] = Variant(name.decode())
        if rest == b"_stats":
            self.transport.write(_response(b"200 OK", json.dumps(variant.stats()).encode(), b""))
        elif rest == b"_reset":
            variant.reset()
            self.transport.write(_response(b"200 OK", b"{}", b""))
        elif not variant.allows(rest):
            self.transport.write(_response(b"429 Too Many Requests", _TOO_MANY, b""))
        elif variant.latency:
            variant.in_flight += 1
            variant.most_in_flight = max(variant.most_in_flight, variant.in_flight)
            asyncio.get_running_loop().call_later(variant.latency, self._late, variant, rest, body)
        else:
            self.transport.write(variant.respond(rest, body))

    def _late(self, variant: Variant, path: bytes, body: bytes) -> None:
        variant.in_flight -= 1
        if not self.transport.is_closing():
            self.transport.write(variant.respond(path, body))


async def _serve() -> None:
    answer(wide=False)
    variants: dict[bytes, Variant] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(variants), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # ends with whoever started it


if __name__ == "__main__":
    asyncio.run(_serve())
