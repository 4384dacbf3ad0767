"""A server that answers with exactly these bytes, over a real socket: what no well-behaved server would send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Seen:
    """What the server saw."""

    url: str
    requests: list[bytes] = field(default_factory=list)


RESET = b"\0reset"
"""Instead of an answer: the connection is dropped."""
SILENCE = b"\0silence"
"""Instead of an answer: nothing, for ever."""


def answer(body: bytes, status: int = 200, *, length: int | None = None, extra: str = "") -> bytes:
    """An answer; `length` lies about how much is coming."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n{extra}Connection: close\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def serving(answers: Sequence[bytes]) -> AsyncIterator[Seen]:
    """Serve these answers, one per connection, the last one again and again."""
    left = list(answers)
    seen = Seen("")

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            seen.requests.append(head + await reader.readexactly(length))
            reply = left.pop(0) if len(left) > 1 else left[0]
            if reply == SILENCE:
                await asyncio.sleep(60)
            if reply != RESET:
                writer.write(reply)
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    seen.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield seen
    finally:
        server.close()
