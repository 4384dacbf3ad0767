"""aiohttp and the standard library's json: dicts."""

from __future__ import annotations

import asyncio
import time

import aiohttp

from ..job import KEY, Done, Job
from .common import Tally, body, chunks, run_loop


async def _run(job: Job) -> Done:
    room = asyncio.Semaphore(job.concurrency or 32)
    latencies: list[float] = []
    tally = Tally()

    async def one(numbers: range) -> None:
        async with room:
            began = time.perf_counter()
            async with session.post(job.url, json=body(numbers), headers={"api_key": KEY}) as response:
                response.raise_for_status()
                answer = await response.json()
            latencies.append(time.perf_counter() - began)
        tally.mappings(answer["results"])

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:
        await asyncio.gather(*(one(numbers) for numbers in chunks(job.contacts)))
    return Done(sums=tally.sums(), latencies=latencies)


def run(job: Job) -> Done:
    """Enrich everything."""
    done: Done = run_loop(job, _run(job))
    return done
