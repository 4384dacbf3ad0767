"""The bare loop: aiohttp, gather and msgspec into this package's own structs, and not a line more."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import msgspec

from lusha_async.v3.enrichment import ContactEnrichResponse

from ..bodies import RECORDS
from ..job import KEY, Done, Job
from .common import Tally, body, chunks, run_loop

DECODER = msgspec.json.Decoder(ContactEnrichResponse)


async def _run(job: Job) -> Done:
    room = asyncio.Semaphore(job.concurrency or 32)
    consuming = asyncio.Lock()
    latencies: list[float] = []
    tally = Tally()
    headers = {"Content-Type": "application/json", "api_key": KEY}

    async def one(numbers: range) -> None:
        async with room:
            data = msgspec.json.encode(body(numbers))
            began = time.perf_counter()
            async with session.post(job.url, data=data, headers=headers) as response:
                response.raise_for_status()
                answer = DECODER.decode(await response.read())
            latencies.append(time.perf_counter() - began)
        if job.pause:
            async with consuming:  # one slow consumer; nothing here holds the requests back for it
                await asyncio.sleep(job.pause * len(numbers) / RECORDS)
        tally.objects(answer.results)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:
        await asyncio.gather(*(one(numbers) for numbers in chunks(job.contacts)))
    return Done(sums=tally.sums(), latencies=latencies)


def run(job: Job) -> Done:
    """Enrich everything."""
    done: Done = run_loop(job, _run(job))
    return done
