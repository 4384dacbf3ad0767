"""A bulk run: records in, one outcome each out, while requests go on concurrently.

The tasks belong to the `async with`: one runner task owns the task group, whole chunks of outcomes travel through one
`Backlog`, and the iterator only reads. No task group is ever open across a yield.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio

from ..errors import ClientStateError, LushaError
from .asking import Asking
from .operation import BulkOperation
from .options import FOLD, OnDoubt, check_safety, check_sizes, check_source
from .outcome import Outcome
from .safety import Safety
from .setup import Setup, Source

if TYPE_CHECKING:
    import os
    from datetime import timedelta
    from types import TracebackType
    from typing import Self

    from ..ledger import Ledger
    from ..resource import Sender
    from .plan import Plan
    from .report import RunReport

Item = TypeVar("Item")
Result = TypeVar("Result")

REORDER_CHUNKS = 64
"""How far, in chunks, reading may run ahead of what was delivered (or twice what is in flight, if that is more)."""


class BulkRun(Asking[Item, Result]):
    """A run over a list of any length. Use it with `async with`, and iterate it once:

        async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]) as run:
            async for outcome in run:
                ...
        print(run.report)

    Leaving the block early cancels what is under way. An exception of the source is raised by the loop after everything
    that was received has been handed out. Errors of the API are outcomes, not exceptions.
    """

    def __init__(
        self,
        sender: Sender,
        operation: BulkOperation[Any, Result],
        source: Source[Item],
        *,
        request: Any,
        concurrency: int | None = None,
        chunk_size: int | None = None,
        ordered: bool = False,
        linger: float = 1.0,
        fold: int | None = FOLD,
        timeout: float | None = None,
        max_wait: float | None = None,
        allow_repeat: bool = False,
        typed: bool = True,
        on_progress: Callable[[RunReport], None] | None = None,
        ledger: str | os.PathLike[str] | Ledger | None = None,
        on_doubt: OnDoubt | None = None,
        retry_failed: bool = False,
        reuse: timedelta | None = None,
        max_credits: float | None = None,
    ) -> None:
        check_source(source)
        check_sizes(operation, concurrency=concurrency, chunk_size=chunk_size, linger=linger, fold=fold)
        check_safety(
            operation,
            ledger=ledger,
            on_doubt=on_doubt,
            retry_failed=retry_failed,
            reuse=reuse,
            max_credits=max_credits,
        )
        super().__init__(
            Setup(
                sender=sender,
                operation=operation if typed else operation.untyped(),
                source=source,
                request=request,
                concurrency=concurrency,
                chunk_size=chunk_size or operation.largest_chunk,
                ordered=ordered,
                linger=linger,
                fold=fold,
                timeout=timeout,
                max_wait=max_wait,
                allow_repeat=allow_repeat,
                on_progress=on_progress,
                safety=Safety(
                    ledger=ledger, on_doubt=on_doubt, retry_failed=retry_failed, reuse=reuse, max_credits=max_credits
                ),
            )
        )
        self._declared = operation
        self._dispatching = asyncio.Lock()
        self._opened = asyncio.Event()
        self._exhausted = False
        self._broken = False
        self._waiting: list[Item] = []
        self._task: asyncio.Task[None] | None = None
        self._delivered = 0
        self._ready: deque[Outcome[Item, Result]] = deque()
        self._early: list[tuple[int, Outcome[Item, Result]]] = []

    # --- the user's side ---------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise ClientStateError("This run has been started already: make a new one for another pass.")
        self._started = time.monotonic()
        self._journal = await self._setup.safety.open(
            self._setup.sender, self._setup.operation, self._setup.request, self.report
        )
        self._task = asyncio.create_task(self._run(), name="lusha bulk run")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([self._task])
                await self._setup.safety.close(self._journal, complete=self._complete)
        self._clock()

    def __aiter__(self) -> AsyncIterator[Outcome[Item, Result]]:
        return self

    async def __anext__(self) -> Outcome[Item, Result]:
        if not self._ready:
            await self._refill()
        self._delivered += 1
        return self._ready.popleft()

    async def batches(self) -> AsyncIterator[Sequence[Outcome[Item, Result]]]:
        """The outcomes in lists of up to a chunk, as they become ready, for whoever writes them in lots."""
        while True:
            if not self._ready:
                try:
                    await self._refill()
                except StopAsyncIteration:
                    return
            size = min(len(self._ready), self._setup.chunk_size)
            self._delivered += size
            yield [self._ready.popleft() for _ in range(size)]

    async def collect(self) -> list[Outcome[Item, Result]]:
        """Run to the end and return all outcomes in the order of the source. For lists that fit into memory."""
        async with self:
            outcomes = [outcome async for outcome in self]
        return sorted(outcomes, key=lambda outcome: outcome.index)

    async def plan(self) -> Plan[Item, Result]:
        """What this run would do and cost, without a paid call. See `Plan`; `Plan.run` makes the run.

        The source is read once now and once more by the run, so it must be something that can be read twice. Raises
        `InvalidRequest` for an iterator, `LedgerError` for a ledger that cannot be used.
        """
        from .plan import make_plan

        return await make_plan(self._setup, self.again)

    def again(self, **changes: Any) -> BulkRun[Item, Result]:
        """A new run over the same source with the same options but for `changes` (see `BulkOptions`)."""
        setup = self._setup
        options = {**setup.options(), **changes}
        return BulkRun(setup.sender, self._declared, setup.source, request=setup.request, **options)

    async def _refill(self) -> None:
        """Wait until at least one outcome is ready. Raises StopAsyncIteration at the end, or what broke the source."""
        if self._task is None:
            raise ClientStateError("Start the run first: `async with ... as run`.")
        self._lanes.notify()
        while not self._ready:
            outcomes = await self._backlog.take()
            if not outcomes:
                failure, self._failure = self._failure, None
                if failure is not None:
                    raise failure from None
                raise StopAsyncIteration
            if self._setup.ordered:
                self._reorder(outcomes)
            else:
                self._ready.extend(outcomes)

    def _reorder(self, outcomes: list[Outcome[Item, Result]]) -> None:
        for outcome in outcomes:
            heappush(self._early, (outcome.index, outcome))
        following = self._delivered
        while self._early and self._early[0][0] == following:
            self._ready.append(heappop(self._early)[1])
            following += 1

    # --- the runner --------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                flushing = group.create_task(self._flush_lingering(group))
                await self._feed(group)
                while self._lanes.in_flight:
                    await self._lanes.changed()
                async with self._dispatching:
                    flushing.cancel()
                if self.report.done != self._intake.count:  # rule 1: whatever the reason, it must not go unseen
                    lost = self._intake.count - self.report.done
                    raise RuntimeError(f"{lost} records ended without an outcome: please report this fault")
                self._exhausted = True
        except BaseExceptionGroup as error:
            self._failure = _first(error)
        finally:
            self._backlog.close()

    async def _feed(self, group: asyncio.TaskGroup) -> None:
        """Read the source to its end, dispatching chunks as they fill."""
        try:
            if isinstance(self._setup.source, AsyncIterable):
                room = 0
                async for item in self._setup.source:
                    waiting = self._waiting
                    waiting.append(item)
                    if len(waiting) == 1:
                        room = self._intake.room
                        self._opened.set()
                    if len(waiting) >= room:
                        await self._make_room(group)
            else:
                source = iter(self._setup.source)
                while self._read_on(source):
                    await self._make_room(group)
        except Exception as error:  # noqa: BLE001 - whatever the user's source raises is raised by the user's loop
            self._failure, self._broken = error, True
        await self._dispatch(group, flush=True)

    def _read_on(self, source: Iterator[Item]) -> bool:
        """Read as much as there is room for; False at the end. What was read before the source fails is kept."""
        self._waiting.extend(islice(source, self._intake.room))
        return bool(self._waiting)

    def _take(self) -> None:
        """Take in what was read."""
        if self._waiting:
            items, self._waiting = self._waiting, []
            self._intake.add(items)
            self.report.records = self._intake.count
        if not self._intake.idle:
            self._opened.set()

    def _ahead(self) -> bool:
        """Whether reading has run so far ahead of the consumer that it must pause: the bound of all buffers."""
        bound = self._setup.chunk_size * max(REORDER_CHUNKS, 2 * self._lanes.in_flight)
        return self._intake.count - self._delivered > bound

    async def _make_room(self, group: asyncio.TaskGroup) -> None:
        """Take in what was read, and go on only when there is room for more."""
        self._take()
        if self._intake.pressing or self._ahead():
            await self._dispatch(group, flush=self._ahead())
        while self._ahead():
            await self._lanes.changed()

    async def _dispatch(self, group: asyncio.TaskGroup, *, flush: bool) -> None:
        """Send full chunks on their way as soon as there are lanes; with `flush`, also those that are not full."""
        async with self._dispatching:
            self._take()
            await self._look_up()
            while self._intake.full or (flush and self._intake.pending):
                await self._lanes.enter()
                group.create_task(self._handle(self._intake.take_chunk()))
                await asyncio.sleep(0)
            ready = self._intake.take_ready()
            if ready:
                await self._emit(ready)

    async def _look_up(self) -> None:
        """Ask the ledger about new records: what it knows need not be sent."""
        unchecked = self._intake.take_unchecked()
        if not unchecked:
            return
        try:
            known = await self._journal.recall(unchecked)
        except LushaError as error:
            self._end(error)
            known = [None] * len(unchecked)
        self._intake.place(unchecked, known)

    async def _flush_lingering(self, group: asyncio.TaskGroup) -> None:
        """Dispatch what has waited for `linger` seconds, so that a slow source does not hold records back."""
        while True:
            await self._opened.wait()
            self._opened.clear()
            first = self._intake.opened
            await asyncio.sleep(self._setup.linger)
            if self._intake.opened == first:
                await self._dispatch(group, flush=True)

    @property
    def _complete(self) -> bool:
        """Whether every record of the source has been settled for good; else the run can be continued."""
        ended = self._intake.ended_by is not None or self._failure is not None or self._broken
        return self._exhausted and not ended and not self._unsettled


def _first(error: BaseException) -> BaseException:
    """The exception at the bottom of nested groups."""
    if isinstance(error, BaseExceptionGroup):
        return _first(cast("BaseExceptionGroup[BaseException]", error).exceptions[0])
    return error
