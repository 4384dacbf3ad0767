"""A strict server in a process of its own: 25 requests in ANY second per path, counted where they arrive.

``python -m benchmarks.limits.server`` prints its port. ``POST /{name}?latency=&jitter=`` waits half the latency and up
to `jitter` seconds (the request's way), is counted, waits the other half and answers. ``GET /stats/{name}`` tells the
moments of arrival, accepted and refused.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from bisect import bisect_right, insort

from aiohttp import web

LIMIT = 25


class Counter:
    """What arrived at one path."""

    def __init__(self) -> None:
        self.accepted: list[float] = []
        self.refused: list[float] = []

    def arrive(self, now: float) -> bool:
        """Whether the request fits into the last second."""
        fits = len(self.accepted) - bisect_right(self.accepted, now - 1.0) < LIMIT
        insort(self.accepted if fits else self.refused, now)
        return fits


def application() -> web.Application:
    """The server."""
    counters: dict[str, Counter] = {}

    async def call(request: web.Request) -> web.Response:
        await request.read()
        latency, jitter = float(request.query.get("latency", 0)), float(request.query.get("jitter", 0))
        await asyncio.sleep(latency / 2 + random.uniform(0, jitter))
        fits = counters.setdefault(request.match_info["name"], Counter()).arrive(time.monotonic())
        await asyncio.sleep(latency / 2)
        return web.json_response({"ok": fits}, status=200 if fits else 429)

    async def stats(request: web.Request) -> web.Response:
        counter = counters.get(request.match_info["name"], Counter())
        return web.json_response({"accepted": counter.accepted, "refused": counter.refused})

    app = web.Application()
    app.router.add_post("/{name}", call)
    app.router.add_get("/stats/{name}", stats)
    return app


async def serve() -> None:
    """Until killed."""
    runner = web.AppRunner(application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)  # ends with the process that started it


if __name__ == "__main__":
    asyncio.run(serve())
