"""httpx and pydantic: the usual pair of generated clients."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from ..job import KEY, Done, Job
from .common import Tally, body, chunks, run_loop
from .shapes import Response


async def _run(job: Job) -> Done:
    most = job.concurrency or 32
    room = asyncio.Semaphore(most)
    latencies: list[float] = []
    tally = Tally()

    async def one(numbers: range) -> None:
        async with room:
            began = time.perf_counter()
            response = await client.post(job.url, json=body(numbers), headers={"api_key": KEY})
            response.raise_for_status()
            answer: Any = Response.model_validate_json(response.content)
            latencies.append(time.perf_counter() - began)
        tally.objects(answer.results)

    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:
        await asyncio.gather(*(one(numbers) for numbers in chunks(job.contacts)))
    return Done(sums=tally.sums(), latencies=latencies)


def run(job: Job) -> Done:
    """Enrich everything."""
    done: Done = run_loop(job, _run(job))
    return done
