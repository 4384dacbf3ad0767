"""Receivers behind real servers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from lusha_async.webhooks import WebhookReceiver

from .helpers import until


@contextlib.asynccontextmanager
async def uvicorn_server(app: Any) -> AsyncIterator[str]:
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    task = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started or task.done())
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def by_itself(receiver: WebhookReceiver) -> AsyncIterator[str]:
    """The receiver as an ASGI application of its own."""
    async with uvicorn_server(receiver.asgi()) as url:
        yield url


@contextlib.asynccontextmanager
async def in_fastapi(receiver: WebhookReceiver) -> AsyncIterator[str]:
    """The receiver mounted in a FastAPI application, served by uvicorn."""
    from fastapi import FastAPI

    app = FastAPI(lifespan=receiver.lifespan)
    app.mount("/webhooks/lusha", receiver.asgi())
    async with uvicorn_server(app) as url:
        yield f"{url}webhooks/lusha/"


@contextlib.asynccontextmanager
async def in_aiohttp(receiver: WebhookReceiver) -> AsyncIterator[str]:
    """The receiver as a handler of an aiohttp application."""
    from aiohttp import web

    app = web.Application()
    app.cleanup_ctx.append(receiver.aiohttp_lifespan)
    app.router.add_route("*", "/webhooks/lusha", receiver.aiohttp)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/lusha"
    finally:
        await runner.cleanup()
