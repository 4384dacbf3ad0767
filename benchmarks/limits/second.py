"""One client process against the strict server: ``python -m benchmarks.limits.second JSON`` prints JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
import msgspec
from aiolimiter import AsyncLimiter

from lusha_async.clock import SystemClock
from lusha_async.limits import LocalLimits, PathWatcher, Permit, Priority, RedisLimits, Scope

SETTLED = 3.0
"""Seconds that the issue gives a limiter to learn."""


@dataclass(frozen=True)
class Case:
    """What to run."""

    port: int
    name: str
    limiter: str = "ours"
    latency: float = 0.3
    jitter: float = 0.0
    requests: int = 1_000
    concurrency: int = 64
    connect: float = 0.0
    """Seconds that each new connection takes to open."""
    cold: bool = False
    """Every request on a new connection."""
    singles: float = 0.0
    """Single calls per second beside the run."""
    redis: str = ""
    seconds: float = 0.0
    """Run for so long instead of `requests`."""


Leave = Callable[[Priority], AbstractAsyncContextManager[Permit | None]]


def limiter(case: Case) -> tuple[Leave, Any]:
    """A way to wait for one's turn, by the name of the case."""
    if case.limiter in ("ours", "redis"):
        limits: LocalLimits
        limits = RedisLimits(case.redis, share=1 / 8) if case.redis else LocalLimits()
        limits.bind(account=f"benchmark-{case.name.split('.')[0]}", clock=SystemClock())
        scope = Scope(f"POST /{case.name}")

        @asynccontextmanager
        async def leave(priority: Priority) -> AsyncIterator[Permit | None]:
            yield await limits.acquire(scope, priority=priority)

        return leave, limits
    if case.limiter == "gather":
        gate: Any = contextlib.nullcontext
    elif case.limiter == "semaphore+sleep":
        semaphore = asyncio.Semaphore(25)

        @asynccontextmanager
        async def gate() -> AsyncIterator[None]:
            async with semaphore:
                yield
                await asyncio.sleep(1.0)
    else:
        bucket = {"AsyncLimiter(25, 1)": AsyncLimiter(25, 1), "AsyncLimiter(1, 1/25)": AsyncLimiter(1, 1 / 25)}[
            case.limiter
        ]

        def gate() -> Any:
            return bucket

    @asynccontextmanager
    async def plain(priority: Priority) -> AsyncIterator[Permit | None]:
        async with gate():
            yield None

    return plain, None


async def run(case: Case) -> dict[str, Any]:
    """Send them all; say what the client saw."""
    leave, limits = limiter(case)
    if limits is not None:
        await limits.start()
    trace = aiohttp.TraceConfig()

    async def headers_sent(_: Any, context: SimpleNamespace, __: Any) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx.sent()

    async def connecting(_: Any, context: SimpleNamespace, __: Any) -> None:
        if isinstance(context.trace_request_ctx, PathWatcher):
            context.trace_request_ctx.connecting()

    async def connected(_: Any, context: SimpleNamespace, __: Any) -> None:
        if isinstance(context.trace_request_ctx, PathWatcher):
            context.trace_request_ctx.connected()

    async def slow_connect(*_: Any) -> None:
        await asyncio.sleep(case.connect)

    trace.on_request_headers_sent.append(headers_sent)
    trace.on_request_chunk_sent.append(headers_sent)
    trace.on_connection_create_start.append(connecting)
    trace.on_connection_create_end.append(connected)
    if case.connect:
        trace.on_connection_create_start.append(slow_connect)
    connector = aiohttp.TCPConnector(limit=0, force_close=case.cold)
    url = f"http://127.0.0.1:{case.port}/{case.name}?latency={case.latency}&jitter={case.jitter}"
    refused, answered = 0, 0
    waits: list[float] = []
    numbers = iter(range(case.requests if not case.seconds else 10**9))
    ends = time.monotonic() + case.seconds if case.seconds else float("inf")

    async with aiohttp.ClientSession(connector=connector, trace_configs=[trace]) as session:

        async def call(priority: Priority) -> None:
            nonlocal refused, answered
            async with leave(priority) as permit:
                if priority is Priority.INTERACTIVE and permit is not None:
                    waits.append(permit.waited)
                async with session.post(url, data=b"{}", trace_request_ctx=permit) as response:
                    await response.read()
                if permit is not None:
                    permit.answered(response.status, response.headers, None)
                refused += response.status == 429
                answered += 1

        async def worker() -> None:
            for _ in numbers:
                if time.monotonic() > ends:
                    return
                await call(Priority.BULK)

        async def single_calls() -> None:
            async with asyncio.TaskGroup() as group:
                while True:
                    await asyncio.sleep(1 / case.singles)
                    group.create_task(call(Priority.INTERACTIVE))

        beside = asyncio.ensure_future(single_calls()) if case.singles else None
        workers = case.requests if case.limiter == "gather" else case.concurrency
        await asyncio.gather(*(worker() for _ in range(workers)))
        if beside is not None:
            beside.cancel()
            await asyncio.wait([beside])
    if limits is not None:
        await limits.aclose()
    return {"case": asdict(case), "answered": answered, "refused": refused, "waits": sorted(waits)}


if __name__ == "__main__":
    chosen = msgspec.json.decode(sys.argv[1], type=Case)
    print(json.dumps(asyncio.run(run(chosen))))
