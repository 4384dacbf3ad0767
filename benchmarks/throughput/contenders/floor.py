"""The floor: aiohttp posts prepared bytes and reads bytes. Nobody is faster with aiohttp, nobody learns less."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import msgspec

from ..bodies import Sums
from ..job import Done, Job
from .common import body, chunks, run_loop


async def _run(job: Job) -> Done:
    room = asyncio.Semaphore(job.concurrency or 32)
    latencies: list[float] = []
    received = 0
    headers = {"Content-Type": "application/json"}

    async def one(numbers: range) -> None:
        nonlocal received
        async with room:
            data = msgspec.json.encode(body(numbers))
            began = time.perf_counter()
            async with session.post(job.url, data=data, headers=headers) as response:
                read = await response.read()
            received += len(read)
            latencies.append(time.perf_counter() - began)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:
        await asyncio.gather(*(one(numbers) for numbers in chunks(job.contacts)))
    return Done(sums=Sums(), latencies=latencies, checked=False, received=received)


def run(job: Job) -> Done:
    """Read everything."""
    done: Done = run_loop(job, _run(job))
    return done
