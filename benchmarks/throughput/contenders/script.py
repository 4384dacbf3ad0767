"""The script people write: a semaphore, a sleep against the limit, every answer in one list."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp

from ..job import KEY, Done, Job
from .common import Tally, body, chunks, run_loop

PER_SECOND = 25
"""With a limit of 25 a second: 25 at once, and each of them sleeps for a second before it lets the next one go."""


async def _run(job: Job) -> Done:
    room = asyncio.Semaphore(PER_SECOND if job.limited else job.concurrency or 32)
    latencies: list[float] = []
    refused = 0

    async def one(session: aiohttp.ClientSession, numbers: range) -> list[dict[str, Any]]:
        nonlocal refused
        async with room:
            while True:
                began = time.perf_counter()
                async with session.post(job.url, json=body(numbers), headers={"api_key": KEY}) as response:
                    if response.status == 429:
                        refused += 1
                        await asyncio.sleep(1)
                        continue
                    response.raise_for_status()
                    answer = await response.json()
                latencies.append(time.perf_counter() - began)
                await asyncio.sleep(1.0 if job.limited else 0.0)
                results: list[dict[str, Any]] = answer["results"]
                return results

    async with aiohttp.ClientSession() as session:
        answers = await asyncio.gather(*(one(session, numbers) for numbers in chunks(job.contacts)))
    tally = Tally()
    for results in answers:
        tally.mappings(results)
    return Done(sums=tally.sums(), latencies=latencies, note=f"{refused} times 429" if refused else "")


def run(job: Job) -> Done:
    """Enrich everything."""
    done: Done = run_loop(job, _run(job))
    return done
