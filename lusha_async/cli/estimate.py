"""Knowing before: what a list holds, and what it would take and cost. Nothing here spends anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest, LushaError
from ..records import company_query, contact_query
from .asking import records_of
from .columns import recognise, require
from .reading import survey
from .refusal import Refused
from .summary import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..bulk import Plan
    from ..client import LushaClient
    from .columns import Columns
    from .job import Job

NO_KEY = "00000000-0000-4000-8000-000000000000"
"""For a client that is never opened: it plans, and asks nobody."""
FOLD = 250_000
"""How many unique records an estimate remembers, to find duplicates without a ledger."""
SHOWN = 5
"""Unusable rows that are named."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What `lusha enrich` would do."""

    job: Job
    plan: Plan[dict[str, str], Any]

    def as_json(self) -> dict[str, Any]:
        """For `--json`. These names are part of the interface."""
        plan = self.plan
        return {
            "rows": plan.records,
            "invalid": plan.invalid,
            "duplicates": plan.duplicates,
            "from_ledger": plan.from_ledger,
            "to_ask": plan.to_send,
            "by_id": plan.by_id,
            "chunks": plan.chunks,
            "requests": plan.requests,
            "credits": {"least": plan.credits.least, "likely": plan.credits.likely, "most": plan.credits.most},
            "max_credits": plan.max_credits,
            "spent": plan.spent,
            "balance": plan.balance,
            "affordable": plan.affordable,
            "prices_known": plan.prices_known,
            "seconds": round(plan.seconds, 1),
            "binds": plan.binds,
        }

    def as_text(self) -> str:
        """For people."""
        return "\n".join(f"{name:<11}{text}" for name, text in self.lines())

    def lines(self) -> list[tuple[str, str]]:
        """Each figure with its name."""
        plan = self.plan
        known = f", {plan.from_ledger:,} known from the ledger" if plan.from_ledger else ""
        whose = "the account's prices" if plan.prices_known else "the documented prices: the account's are not known"
        lines = [
            ("Rows", f"{plan.records:,}: {plan.to_send:,} to ask about{known}"),
            ("Duplicates", f"{plan.duplicates:,}: asked about, and paid, once"),
            ("Unusable", f"{plan.invalid:,}: nothing to look them up by; not asked about"),
            ("Requests", f"{plan.requests:,}, of {plan.chunks:,} chunks"),
            ("Credits", f"{plan.credits.likely:,.10g} likely, {plan.credits.least:,.10g} to {plan.credits.most:,.10g}"),
            ("", f"by {whose}; likely: {plan.likely_basis}"),
            ("Time", f"about {duration(plan.seconds)}, bound by the limit per {plan.binds}"),
        ]
        if plan.spent:
            lines.append(("Spent", f"{plan.spent:,.10g} credits in earlier starts"))
        if plan.max_credits is not None:
            lines.append(("Ceiling", f"{plan.max_credits:,.10g} credits"))
        if plan.balance is not None:
            enough = "covers the most it can cost" if plan.affordable else "may not be enough"
            lines.append(("Balance", f"{plan.balance:,.10g} credits: {enough}"))
        return lines


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a list holds."""

    estimate: Estimate
    source: str
    headers: tuple[str, ...]
    used: dict[str, list[str]]
    """Column, and the fields it is used for."""
    unusable: tuple[tuple[int, str], ...]
    """The first rows that cannot be looked up, from 1, and why."""

    def as_json(self) -> dict[str, Any]:
        """For `--json`. These names are part of the interface."""
        return {
            "input": self.source,
            "columns": [{"name": name, "used_for": self.used.get(name, [])} for name in self.headers],
            "unusable_rows": [{"row": row, "reason": reason} for row, reason in self.unusable],
            **self.estimate.as_json(),
        }

    def as_text(self) -> str:
        """For people."""
        width = min(40, max((len(name) for name in self.headers), default=0))
        lines = [f"Columns of {self.source}:"]
        for name in self.headers:
            used = ", ".join(self.used.get(name, [])) or "kept, not used"
            lines.append(f"  {name[:40]:<{width}}  {used}")
        figures = self.estimate.as_text()
        first = [f"  row {row:,}: {reason}" for row, reason in self.unusable]
        return "\n".join([*lines, figures, *(["First unusable rows:", *first] if first else [])])


class Rows:
    """The records of an input, from its beginning each time."""

    def __init__(self, job: Job) -> None:
        self._job = job
        if job.piped:
            raise Refused("A list that comes through a pipe can be read once only: give a file for an estimate.")
        table = job.table()
        try:
            self.headers = survey(table).headers
        finally:
            table.close()
        self.columns: Columns = recognise(self.headers, job.kind.headers, job.columns)
        require(self.columns, self.headers, source=job.source, company=job.kind.company)

    def __iter__(self) -> Iterator[dict[str, str]]:
        table = self._job.table()
        try:
            rows = chain.from_iterable(
                records_of([row.fields for row in block], self.columns) for block in table.blocks()
            )
            yield from islice(rows, self._job.limit)
        finally:
            table.close()


def estimate(job: Job) -> Estimate:
    """What `lusha enrich` would do. Asks for account usage, which is free. Raises `Refused` or `LushaError`."""
    rows = Rows(job)
    job.access.check()
    return asyncio.run(_online(job, rows))


def inspect(job: Job) -> Inspection:
    """What a list holds. Asks nobody if there is no key."""
    rows = Rows(job)
    try:
        job.access.check()
    except Refused:
        if job.access.sandbox or job.access.api_key_file:
            raise
        found = asyncio.run(_plan(job, rows, job.access.client(NO_KEY)))
    else:
        found = asyncio.run(_online(job, rows))
    used: dict[str, list[str]] = {}
    for field, names in rows.columns.of.items():
        for place, name in enumerate(names):
            used.setdefault(name, []).append(field if place == 0 else f"{field}, if it is empty elsewhere")
    return Inspection(found, job.source, rows.headers, used, tuple(_unusable(job, rows)))


async def _online(job: Job, rows: Rows) -> Estimate:
    async with job.access.connect() as lusha:
        return await _plan(job, rows, lusha)


async def _plan(job: Job, rows: Rows, lusha: LushaClient) -> Estimate:
    options: dict[str, Any] = {"max_credits": job.max_credits, "fold": FOLD}
    if job.ledger is not None:
        options |= {
            "ledger": job.ledger,
            "on_doubt": job.on_doubt,
            "reuse": job.reuse,
            "retry_failed": job.retry_failed,
        }
    run = job.kind.start(lusha, rows, job.reveal, **options)
    return Estimate(job, await run.plan())


def _unusable(job: Job, rows: Rows) -> Iterator[tuple[int, str]]:
    """The first rows that would be refused, and why; never what stands in them."""
    query = company_query if job.kind.company else contact_query
    left = SHOWN
    for number, record in enumerate(rows, start=1):
        try:
            query(record, index=number)
        except InvalidRequest as error:
            yield number, str(error).removeprefix(f"record {number}: ")
            left -= 1
            if not left:
                return
        except LushaError:
            continue
