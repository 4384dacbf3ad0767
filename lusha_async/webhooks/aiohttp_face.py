"""The receiver as an aiohttp handler. Imported on first use: nothing else here needs aiohttp."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from aiohttp import web

from . import core
from .errors import UnreadableWebhook
from .reading import check_size

if TYPE_CHECKING:
    from .core import Response
    from .receiver import WebhookReceiver


async def answer(receiver: WebhookReceiver, request: web.Request) -> web.Response:
    """One request, read with the receiver's limits."""
    body = b""
    if request.method == "POST":
        try:
            with anyio.fail_after(receiver.body_timeout):
                body = await _body(request, receiver.max_body)
        except UnreadableWebhook as refusal:
            return _response(receiver.refuse(refusal))
        except TimeoutError:
            return _response(core.too_slow())
    # raw_headers, as request.headers would hide a header that was sent twice; the wire's query, not a decoded one
    query = request.rel_url.raw_query_string
    return _response(await receiver.handle(request.method, query, request.raw_headers, body))


async def _body(request: web.Request, limit: int) -> bytes:
    core.check_announced(request.headers.get("Content-Length", ""), limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.content.iter_any():
        size += len(part)
        check_size(size, limit)
        parts.append(part)
    return b"".join(parts)


def _response(response: Response) -> web.Response:
    headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
    return web.Response(status=response.status, headers=headers, body=response.body)
