"""The bare loop that hands out matched outcomes one by one: the least an engine in Python can do, and no line more.

It checks, folds and counts nothing; a fault anywhere ends it. Between it and `ours` lies what the engine
does for its promises.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from lusha_async.bulk import Outcome, Status

from ..job import KEY, Done, Job
from .bare import DECODER
from .common import Tally, body, chunks, one_by_one, run_loop

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Stream:
    """Outcomes of all chunks, to be iterated while they arrive.

    Whoever decodes holds the `turn` until all was taken: the structs of many chunks, alive at once, cost more than
    decoding them.
    """

    def __init__(self, chunks: int) -> None:
        self.turn = asyncio.Lock()
        self._left = chunks
        self._ready: deque[Outcome[Any, Any]] = deque()
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()

    async def put(self, outcomes: Iterable[Outcome[Any, Any]]) -> None:
        self._ready.extend(outcomes)
        self._left -= 1
        self._arrived.set()
        self._taken.clear()
        await self._taken.wait()

    def __aiter__(self) -> _Stream:
        return self

    async def __anext__(self) -> Outcome[Any, Any]:
        while not self._ready:
            self._taken.set()
            if not self._left:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._ready.popleft()


async def _run(job: Job) -> Done:
    room = asyncio.Semaphore(job.concurrency or 32)
    latencies: list[float] = []
    tally = Tally()
    headers = {"Content-Type": "application/json", "api_key": KEY}
    parts = list(chunks(job.contacts))
    stream = _Stream(len(parts))

    async def one(numbers: range) -> None:
        async with room:
            question = body(numbers)
            data = msgspec.json.encode(question)
            began = time.perf_counter()
            async with session.post(job.url, data=data, headers=headers) as response:
                response.raise_for_status()
                answer = await response.read()
            latencies.append(time.perf_counter() - began)
            async with stream.turn:
                results = DECODER.decode(answer).results
                if [result.client_reference_id for result in results] != list(map(str, numbers)):
                    raise ValueError("the results are not in the order of their rows")
                outcomes = map(Outcome, numbers, question["contacts"], repeat(Status.FOUND), results)
                del results
                await stream.put(outcomes)

    connector = aiohttp.TCPConnector(limit=256)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        for numbers in parts:
            group.create_task(one(numbers))
        await one_by_one(stream, tally, job)
    return Done(sums=tally.sums(), latencies=latencies)


def run(job: Job) -> Done:
    """Enrich everything."""
    done: Done = run_loop(job, _run(job))
    return done
