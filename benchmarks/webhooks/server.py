"""A receiver in a process of its own: ``python -m benchmarks.webhooks.server FACE STORE PATH``; prints its port."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import Any

from lusha_async.webhooks import MemoryStore, SQLiteStore, WebhookReceiver

SECRET = "benchmark"


def receiver(store: str, path: Path) -> WebhookReceiver:
    """A receiver whose handler does nothing: what is measured is the way to it."""
    kept: Any = MemoryStore() if store == "memory" else SQLiteStore(path, synchronous="FULL")
    made = WebhookReceiver(SECRET, store=kept, waive_opt_outs=True, backlog=100_000)

    @made.fallback
    async def nothing(_: object) -> None:
        return

    return made


async def serve_aiohttp(made: WebhookReceiver, stop: asyncio.Event) -> None:
    """aiohttp.web, until told to stop."""
    from aiohttp import web

    app = web.Application()
    app.cleanup_ctx.append(made.aiohttp_lifespan)
    app.router.add_route("*", "/", made.aiohttp)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await stop.wait()
    await runner.cleanup()


async def serve_uvicorn(made: WebhookReceiver, stop: asyncio.Event) -> None:
    """uvicorn, until told to stop."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(made.asgi(), port=0, log_level="error", access_log=False))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.should_exit = True
    await task


async def main(face: str, store: str, path: str) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    made = receiver(store, Path(path))
    await (serve_aiohttp if face == "aiohttp" else serve_uvicorn)(made, stop)
    print(made.counts.handled, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
