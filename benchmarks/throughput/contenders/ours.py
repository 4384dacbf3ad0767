"""This package: the bulk engine with typed outcomes, and its limiter where there is a limit."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from lusha_async import LushaClient
from lusha_async.limits import LocalLimits, NoLimits

from ..bodies import RECORDS, row
from ..job import KEY, REVEAL, Done, Job
from .common import Tally, one_by_one, run_loop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lusha_async.bulk import Outcome
    from lusha_async.v3.common import Contact


class Timed(LushaClient):
    """A client that notes how long each call takes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.latencies: list[float] = []

    async def send(self, *args: Any, **options: Any) -> Any:
        """As always, timed."""
        began = time.perf_counter()
        reply = await super().send(*args, **options)
        self.latencies.append(time.perf_counter() - began)
        return reply


def _rows(contacts: int) -> Iterator[dict[str, str]]:
    return map(row, range(contacts))


def _add(tally: Tally, outcomes: Sequence[Outcome[Any, Contact]]) -> None:
    for outcome in outcomes:
        contact: Any = outcome.result
        tally.contacts += 1
        tally.connections += contact.linkedin_connections
        tally.emails += len(contact.emails)
        tally.phones += len(contact.phones)
        tally.pairs += outcome.index * contact.linkedin_connections


async def _in_batches(run: Any, tally: Tally, job: Job) -> None:
    async for outcomes in run.batches():
        _add(tally, outcomes)
        if job.pause:
            await asyncio.sleep(job.pause * len(outcomes) / RECORDS)


async def _run(job: Job) -> Done:
    tally = Tally()
    limits = LocalLimits() if job.limited else NoLimits()
    async with Timed(KEY, base_url=job.base_url, limits=limits) as lusha:
        rows = _rows(job.contacts)
        async with lusha.contacts.bulk_search_and_enrich(rows, reveal=REVEAL, concurrency=job.concurrency) as run:
            await (_in_batches if job.contender == "ours-batches" else one_by_one)(run, tally, job)
    report = run.report
    note = f"{report.retries} repeats" if report.retries else ""
    return Done(sums=tally.sums(), latencies=lusha.latencies, note=note)


def run(job: Job) -> Done:
    """Enrich everything."""
    done: Done = run_loop(job, _run(job))
    return done
