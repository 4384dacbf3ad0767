"""A listener for development: a port of this machine, and the events that arrive at it as an async iterator."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

from .receiver import WebhookReceiver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from .core import Delivery
    from .events import Event
    from .runner import Counts
    from .signature import Secret


class Listener:
    """Receives deliveries at a port and hands their events out, each once. For development; needs aiohttp.

    It answers on every path: the challenge, and deliveries signed with one of `secrets`. When `backlog` events wait to
    be fetched, further deliveries get 503, and Lusha repeats them. `port` 0 picks a free one.

        async with Listener(secret, port=9000) as events:
            async for event in events:
                print(event.type)
    """

    def __init__(
        self, secrets: Secret | Iterable[Secret], *, host: str = "127.0.0.1", port: int = 9000, backlog: int = 1_000
    ) -> None:
        self.host = host
        self.port = port
        self._inbox = _Inbox(backlog)
        self._receiver = WebhookReceiver(secrets, queue=self._inbox, waive_opt_outs=True)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens: known once it does, if the port was 0."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def counts(self) -> Counts:
        """What came: accepted, repeats, and what was refused."""
        return self._receiver.counts

    def add_secret(self, secret: Secret) -> None:
        """Accept one more secret."""
        self._receiver.add_secret(secret)

    async def __aenter__(self) -> Self:
        from aiohttp import web

        app = web.Application()
        app.cleanup_ctx.append(self._receiver.aiohttp_lifespan)
        app.router.add_route("*", "/{path:.*}", self._receiver.aiohttp)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = int(runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
        self.close()

    def close(self) -> None:
        """Take in nothing more: the iteration ends with what is here already."""
        self._inbox.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return (await self._inbox.get()).event


class _Inbox:
    """A bounded queue that can be closed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: deque[Delivery] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    def put_nowait(self, item: Delivery, /) -> None:
        """Take a delivery, or raise."""
        if self._closed or len(self._held) >= self._limit:
            raise asyncio.QueueFull
        self._held.append(item)
        self._changed.set()

    def close(self) -> None:
        """What is held can still be fetched; nothing more comes."""
        self._closed = True
        self._changed.set()

    async def get(self) -> Delivery:
        """The next delivery. Raises StopAsyncIteration at the end."""
        while not self._held:
            if self._closed:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._held.popleft()
