"""The receiver as an ASGI application: reads a bounded body in bounded time, asks the receiver, writes its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio

from . import core
from .errors import UnreadableWebhook
from .reading import check_size
from .signature import header_values

if TYPE_CHECKING:
    from .core import Response
    from .receiver import WebhookReceiver

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class _Gone(Exception):
    """The client went away; there is nobody to answer."""


class ASGIApp:
    """What `WebhookReceiver.asgi` returns.

    Served by itself it starts and stops the receiver (ASGI lifespan). Mounted in another application it does not get
    those events: pass ``lifespan=receiver.lifespan`` to that one.
    """

    def __init__(self, receiver: WebhookReceiver) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(scope, receive)
        except _Gone:
            return
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else response.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        method: str = scope["method"]
        headers: list[tuple[bytes, bytes]] = list(scope.get("headers") or ())
        body = b""
        if method == "POST":
            try:
                with anyio.fail_after(self._receiver.body_timeout):
                    body = await self._body(headers, receive)
            except UnreadableWebhook as refusal:
                return self._receiver.refuse(refusal)
            except TimeoutError:
                return core.too_slow()
        query = bytes(scope.get("query_string") or b"").decode("latin-1")
        return await self._receiver.handle(method, query, headers, body)

    async def _body(self, headers: list[tuple[bytes, bytes]], receive: Receive) -> bytes:
        """The body, or `UnreadableWebhook` as soon as it is known to be too large."""
        limit = self._receiver.max_body
        for length in header_values(headers, "content-length"):
            core.check_announced(length, limit)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            part: bytes = message.get("body", b"")
            size += len(part)
            check_size(size, limit)
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._receiver.__aenter__()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await self._receiver.__aexit__()
        except Exception as error:
            await send({"type": "lifespan.shutdown.failed", "message": type(error).__name__})
            raise
        await send({"type": "lifespan.shutdown.complete"})
