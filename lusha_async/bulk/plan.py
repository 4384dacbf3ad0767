"""Knowing before: what a run would ask, skip and cost, without a paid call."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio.lowlevel
import anyio.to_thread

from ..errors import InvalidRequest
from .cost import NOTHING, Cost, Prices, prices_of
from .memory import Known, Settled
from .outcome import Outcome, Status
from .safety import learn_usage

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ..limits.simulate import Schedule
    from .intake import Intake
    from .journal import Book
    from .memory import Entry
    from .run import BulkRun
    from .setup import Setup

Item = TypeVar("Item")
Result = TypeVar("Result")

LOOK_UP = 1000
"""Records looked up in the ledger at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[Item, Result]):
    """What a run would do. Credits are credits, times seconds.

    `credits` is a promise as far as it can be one: `run` gives the run a `max_credits` of ``credits.most`` (what its
    ledger already counts comes on top), so repeats after lost answers, which nobody can foresee, do not make it dearer.
    """

    records: int
    """Records in the source."""
    invalid: int
    """Records that would be refused before sending."""
    duplicates: int
    """Records that need not be sent, because the same person or company stands in the list before."""
    from_ledger: int
    """Records whose outcome the ledger knows; those it holds as `unknown` included."""
    to_send: int
    """Records that would be asked about."""
    by_id: int
    """Of these, records asked about by their id: no search to pay."""
    chunks: int
    """Requests they fill, if nothing has to be repeated."""
    requests: int
    """All requests, one of account usage included where a ceiling needs its prices."""
    credits: Cost
    """The least: nobody is found. The likely: see `likely_basis`. The most: everybody is, with everything."""
    max_credits: float | None
    """The ceiling the run has: what does not fit under it ends `not_sent`."""
    spent: float
    """Charged or in doubt in earlier parts of the same run, by its ledger."""
    balance: float | None
    """Credits the account has left, where account usage said so."""
    prices_known: bool
    """Whether the account's own price list was used; else the documented one alone."""
    seconds: float
    """How long it takes on this account's windows, from now, at 0.3 s an answer."""
    binds: str
    """The window that costs most of that time: ``second``, ``minute``, ``hour`` or ``day``."""
    likely_basis: str
    """What the likely figure assumes."""
    _priced: bool = field(repr=False, compare=False)
    _again: Callable[..., BulkRun[Item, Result]] = field(repr=False, compare=False)

    def run(self, **changes: Any) -> BulkRun[Item, Result]:
        """The run itself, over the same source with the same options but for `changes` (see `BulkOptions`)."""
        if self._priced and "max_credits" not in changes:
            changes["max_credits"] = self.credits.most + self.spent
        return self._again(**changes)

    @property
    def affordable(self) -> bool | None:
        """Whether the balance covers the most it can cost; None where it is not known."""
        return None if self.balance is None else self.balance >= self.credits.most

    def __str__(self) -> str:
        from ..limits.quota import duration

        return (
            f"{self.records} records: {self.to_send} to ask about in {self.chunks} requests, {self.duplicates} "
            f"duplicates, {self.invalid} invalid, {self.from_ledger} from the ledger; {self.credits}; "
            f"about {duration(self.seconds)}"
        )


async def make_plan(setup: Setup[Item, Result], again: Callable[..., BulkRun[Item, Result]]) -> Plan[Item, Result]:
    """The plan of a run, which `again` makes."""
    if isinstance(setup.source, Iterator | AsyncIterator):
        raise InvalidRequest(
            "a plan reads the source and the run reads it again: give a list, or an iterable that can be read twice",
            field="source",
        )
    usage = await learn_usage(setup.sender, setup.operation)
    prices = prices_of(usage)
    book = await setup.safety.open_book(setup.sender, setup.operation, setup.request, reading=True)
    try:
        count = _Count(setup.new_intake(remembers=book is not None), book)
        await count.all(setup.source)
    finally:
        await setup.safety.close_ledger()
    spent = book.charged + book.in_doubt if book is not None else 0.0
    cost = count.cost(prices, setup.chunk_size)
    ceiling = setup.safety.max_credits
    if ceiling is not None:
        left = max(0.0, ceiling - spent)
        cost = Cost(min(cost.least, left), min(cost.likely, left), min(cost.most, left))
    chunks = count.chunks(setup.chunk_size)
    schedule = await anyio.to_thread.run_sync(_schedule, usage, chunks)
    remaining = getattr(getattr(usage, "credits", None), "remaining", None)
    priced = setup.operation.cost is not None
    return Plan(
        records=count.intake.count,
        invalid=count.invalid,
        duplicates=count.intake.count - count.invalid - count.known - count.main - count.by_id,
        from_ledger=count.known,
        to_send=count.main + count.by_id,
        by_id=count.by_id,
        chunks=chunks,
        requests=chunks + (priced and setup.operation.usage is not None),
        credits=cost,
        max_credits=ceiling,
        spent=spent,
        balance=None if remaining is None else float(remaining),
        prices_known=prices.from_account,
        seconds=schedule.seconds if schedule is not None else 0.0,
        binds=schedule.binds if schedule is not None else "second",
        likely_basis="7 of 10 records found; of these 9 in 10 with e-mail, 6 in 10 with phone",
        _priced=priced,
        _again=again,
    )


class _Count:
    """Reads a source the way a run does, and counts."""

    def __init__(self, intake: Intake[Any, Any, Any], book: Book | None) -> None:
        self.intake = intake
        self._book = book
        self._seen: set[Hashable] = set()
        self.invalid = 0
        self.known = 0
        self.main = 0
        self.by_id = 0

    async def all(self, source: Iterable[Any] | AsyncIterable[Any]) -> None:
        """Read it to the end."""
        if isinstance(source, AsyncIterable):
            waiting: list[Any] = []
            async for item in source:
                waiting.append(item)
                if len(waiting) >= LOOK_UP:
                    await self._take(waiting)
                    waiting = []
            await self._take(waiting)
        else:
            items = iter(source)
            while part := list(islice(items, LOOK_UP)):
                await self._take(part)
                await anyio.lowlevel.checkpoint()

    async def _take(self, items: list[Any]) -> None:
        if items:
            self.intake.add(items)
            await self._look_up()

    async def _look_up(self) -> None:
        unchecked = self.intake.take_unchecked()
        if self._book is not None and unchecked:
            fresh = [entry for entry in unchecked if entry.key not in self._seen]
            self._seen.update(entry.key for entry in fresh)
            self.intake.place(fresh, await self._book.recall(fresh))
            for entry in unchecked:
                _forget(entry)
        self._sort()

    def _sort(self) -> None:
        """Count what has found its place, as the run would dispatch it."""
        while self.intake.pending:
            chunk = self.intake.take_chunk()
            if chunk.route is self.intake.main_route:
                self.main += len(chunk.entries)
            else:
                self.by_id += len(chunk.entries)
            for entry in chunk.entries:
                _forget(entry)
        for outcome in self.intake.take_ready():
            self.invalid += outcome.status is Status.INVALID and not outcome.from_ledger
            self.known += outcome.from_ledger and outcome.duplicate_of is None

    def chunks(self, size: int) -> int:
        """Requests."""
        return -(-self.main // size) - (-self.by_id // size)

    def cost(self, prices: Prices, size: int) -> Cost:
        """Of all requests."""
        total = NOTHING
        for route, count in ((self.intake.main_route, self.main), (self.intake.id_route, self.by_id)):
            if route is None:
                continue
            full, rest = divmod(count, size)
            each = route.cost(size, prices) if full else NOTHING
            total += Cost(each.least * full, each.likely * full, each.most * full)
            total += route.cost(rest, prices) if rest else NOTHING
        return total


_PLANNED = Known(Settled.of([Outcome(index=0, item=None, status=Status.NOT_SENT)], None), 0)


def _forget(entry: Entry[Any, Any, Any]) -> None:
    """Let go of a record: a plan needs their number only."""
    entry.followers = None
    entry.known = entry.known or _PLANNED


def _schedule(usage: Any, requests: int) -> Schedule | None:
    """How long the requests take, by the account's own windows where they are known."""
    if not requests:
        return None
    from ..limits.plans import Plan as Windows
    from ..limits.simulate import simulate

    limits: dict[str, int | None] = {}
    left: dict[str, int] = {}
    for name, attribute in (("minute", "minute"), ("hour", "hourly"), ("day", "daily")):
        window = getattr(getattr(usage, "rate_limits", None), attribute, None)
        limit, remaining = getattr(window, "limit", None), getattr(window, "remaining", None)
        limits[name] = int(limit) if limit else None
        if limit and remaining is not None:
            left[name] = max(0, int(remaining))
    windows = Windows(minute=limits["minute"], hour=limits["hour"], day=limits["day"])
    return simulate(windows, requests, chunk=1, left=left, ask_usage=usage is not None)
