"""A bulk run: records in, one outcome each out, while requests go on concurrently.

The tasks belong to the `async with`: one runner task owns the task group, whole chunks of outcomes travel through one
memory object stream, and the iterator only reads. No task group is ever open across a yield.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, cast

import anyio

from ..errors import (
    ENDS_A_RUN,
    REFUSED_WHOLE,
    ClientStateError,
    DecodeError,
    InvalidRequest,
    LushaError,
    OutcomeUnknown,
    UnavailableForLegalReasons,
)
from .intake import Entry, Intake
from .lanes import Lanes
from .matching import Match, match
from .operation import BulkOperation, Judgement
from .outcome import Answer, Outcome, Status
from .report import RunReport

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from anyio.abc import TaskGroup

    from ..resource import Reply, Sender

Item = TypeVar("Item")
Record = TypeVar("Record")
Result = TypeVar("Result")
Source = Iterable[Item] | AsyncIterable[Item]

FOLD = 10_000
"""How many of the latest unique records are remembered for folding."""
REORDER_CHUNKS = 64
"""How far, in chunks, reading may run ahead of what was delivered (or twice what is in flight, if that is more)."""
LONE_REFUSALS = 5
"""After so many lone records refused in a row, and nothing ever accepted, the request itself is what is wrong."""


class BulkOptions(TypedDict, total=False):
    """Options of every bulk method.

    concurrency: chunks in flight; None (default) adapts to the limits and the latency.
    chunk_size: records per request; the API's maximum by default. Full chunks cost least.
    ordered: outcomes in the order of the source instead of as they come.
    linger: seconds after which a chunk is sent although it is not full (slow sources).
    fold: how many of the latest unique records are remembered to fold duplicates; None: all of them.
    timeout: seconds for one attempt of one request.
    max_wait: the longest wait for a window of the limits, in seconds; beyond it the run ends, resumable.
    allow_repeat: repeat requests with an unknown outcome although a repeat may be charged.
    on_progress: called with the report after every chunk.
    """

    concurrency: int | None
    chunk_size: int | None
    ordered: bool
    linger: float
    fold: int | None
    timeout: float | None
    max_wait: float | None
    allow_repeat: bool
    on_progress: Callable[[RunReport], None] | None


class BulkRun(Generic[Item, Result]):
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
        on_progress: Callable[[RunReport], None] | None = None,
    ) -> None:
        _check_options(operation, source, concurrency=concurrency, chunk_size=chunk_size, linger=linger, fold=fold)
        self.report = RunReport()
        """What was done so far; complete after the run."""
        self._sender = sender
        self._operation = operation
        self._source = source
        self._request = request
        self._ordered = ordered
        self._linger = linger
        self._timeout = timeout
        self._max_wait = max_wait
        self._allow_repeat = allow_repeat
        self._on_progress = on_progress
        self._chunk_size = chunk_size or operation.largest_chunk
        self._intake: Intake[Item, Any, Result] = Intake(operation, chunk_size=self._chunk_size, fold=fold)
        self._lanes = Lanes(concurrency)
        self._dispatching = anyio.Lock()
        self._opened = anyio.Event()
        self._held_back: set[anyio.CancelScope] = set()
        self._accepted = False
        self._lone_refusals = 0
        self._started = 0.0
        self._task: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._delivered = 0
        self._ready: deque[Outcome[Item, Result]] = deque()
        self._early: list[tuple[int, Outcome[Item, Result]]] = []
        self._outlet, self._inlet = anyio.create_memory_object_stream[list[Outcome[Item, Result]]](4)

    # --- the user's side ---------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise ClientStateError("This run has been started already: make a new one for another pass.")
        self._started = time.monotonic()
        self._task = asyncio.create_task(self._run(), name="lusha bulk run")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([self._task])
        self._inlet.close()
        self._clock()

    def __aiter__(self) -> AsyncIterator[Outcome[Item, Result]]:
        return self

    async def __anext__(self) -> Outcome[Item, Result]:
        if not self._ready:
            await self._refill()
        self._delivered += 1
        return self._ready.popleft()

    async def batches(self) -> AsyncIterator[Sequence[Outcome[Item, Result]]]:
        """The outcomes in lists, as they become ready: cheaper than one by one where nothing needs them singly."""
        while True:
            if not self._ready:
                try:
                    await self._refill()
                except StopAsyncIteration:
                    return
            batch = list(self._ready)
            self._ready.clear()
            self._delivered += len(batch)
            yield batch

    async def collect(self) -> list[Outcome[Item, Result]]:
        """Run to the end and return all outcomes in the order of the source. For lists that fit into memory."""
        async with self:
            outcomes = [outcome async for outcome in self]
        return sorted(outcomes, key=lambda outcome: outcome.index)

    async def _refill(self) -> None:
        """Wait until at least one outcome is ready. Raises StopAsyncIteration at the end, or what broke the source."""
        if self._task is None:
            raise ClientStateError("Start the run first: `async with ... as run`.")
        self._lanes.notify()
        while not self._ready:
            try:
                outcomes = await self._inlet.receive()
            except (anyio.EndOfStream, anyio.ClosedResourceError):
                failure, self._failure = self._failure, None
                if failure is not None:
                    raise failure from None
                raise StopAsyncIteration from None
            if self._ordered:
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
            async with anyio.create_task_group() as group:
                group.start_soon(self._flush_lingering, group)
                await self._feed(group)
                while self._lanes.in_flight:
                    await self._lanes.changed()
                async with self._dispatching:
                    group.cancel_scope.cancel()
        except BaseExceptionGroup as error:
            self._failure = _first(error)
        finally:
            self._outlet.close()

    async def _feed(self, group: TaskGroup) -> None:
        """Read the source to its end, dispatching chunks as they fill."""
        try:
            if isinstance(self._source, AsyncIterable):
                async for item in self._source:
                    if self._take(item):
                        await self._make_room(group)
            else:
                for item in self._source:
                    if self._take(item):
                        await self._make_room(group)
        except Exception as error:  # noqa: BLE001 - whatever the user's source raises is raised by the user's loop
            self._failure = error
        await self._dispatch(group)

    def _take(self, item: Item) -> bool:
        """Take one record; True when something must be dispatched, or waited for, before the next."""
        intake = self._intake
        intake.add(item)
        self.report.records = intake.count
        if intake.pending == 1 or intake.ready == 1:
            self._opened.set()
        return intake.full or intake.ready >= self._chunk_size or self._ahead()

    def _ahead(self) -> bool:
        """Whether reading has run so far ahead of the consumer that it must pause: the bound of all buffers."""
        bound = self._chunk_size * max(REORDER_CHUNKS, 2 * self._lanes.in_flight)
        return self._intake.count - self._delivered > bound

    async def _make_room(self, group: TaskGroup) -> None:
        await self._dispatch(group)
        while self._ahead():
            await self._lanes.changed()

    async def _dispatch(self, group: TaskGroup) -> None:
        """Send the open chunk on its way as soon as there is a lane, with whatever it holds by then."""
        async with self._dispatching:
            if self._intake.pending:
                await self._lanes.enter()
                chunk = self._intake.take_chunk()
                group.start_soon(self._handle, chunk)
            if self._intake.ready:
                await self._emit(self._intake.take_ready())

    async def _flush_lingering(self, group: TaskGroup) -> None:
        """Dispatch what has waited for `linger` seconds, so that a slow source does not hold records back."""
        while True:
            await self._opened.wait()
            self._opened = anyio.Event()
            first = self._intake.opened
            await anyio.sleep(self._linger)
            if self._intake.opened == first:
                await self._dispatch(group)

    async def _handle(self, chunk: list[Entry[Item, Any, Result]]) -> None:
        """One lane: ask about a chunk, and settle all its records."""
        lane = _Lane(self._lanes)
        try:
            await self._ask(chunk, lane)
        except Exception as error:  # noqa: BLE001 - a fault of ours is raised at the end; it must not cost other records
            self._failure = self._failure or error
            left = [entry for entry in chunk if entry.outcome is None]
            await self._settle_all(left, Status.UNKNOWN, LushaError("This chunk broke the run; the loop raises how."))
        finally:
            lane.leave()

    async def _ask(self, chunk: list[Entry[Item, Any, Result]], lane: _Lane) -> None:
        if self._intake.ended_by is not None:
            await self._settle_all(chunk, Status.NOT_SENT, self._intake.ended_by)
            return
        scope = anyio.CancelScope()
        reply: Reply[Any] | None = None
        try:
            with scope:
                reply = await self._send(chunk, scope, lane)
        except LushaError as error:
            self._count(error.attempts, error.waited)
            await self._refused(chunk, error.with_traceback(None), lane)
            return
        except asyncio.CancelledError:
            if scope not in self._held_back:
                self.report.in_doubt += len(chunk)
            raise
        finally:
            self._held_back.discard(scope)
        if reply is None:  # held back at the limiter when the run ended
            await self._settle_all(chunk, Status.NOT_SENT, self._intake.ended_by)
        else:
            await self._received(chunk, reply)

    async def _send(self, chunk: list[Entry[Item, Any, Result]], scope: anyio.CancelScope, lane: _Lane) -> Reply[Any]:
        def on_sent(waited: float) -> None:
            self._held_back.discard(scope)
            lane.sent(waited)

        self._held_back.add(scope)
        return await self._sender.send(
            self._operation.endpoint,
            body=self._operation.pack(self._request, [entry.addressed for entry in chunk]),
            timeout=self._timeout,
            max_wait=self._max_wait,
            allow_repeat=self._allow_repeat,
            bulk=True,
            on_sent=on_sent,
        )

    async def _received(self, chunk: list[Entry[Item, Any, Result]], reply: Reply[Any]) -> None:
        operation, report = self._operation, self.report
        self._accepted = True
        self._count(reply.attempts, reply.waited)
        report.credits_charged += operation.charged(reply.data) or 0.0
        report.keep_problems(reply.problems)
        answer = Answer(reply.raw, operation.layout)
        matched = match(operation, reply.data, [entry.addressed for entry in chunk])
        report.keep_unmatched(raw for place in matched.unmatched if (raw := answer.item(place)) is not None)
        halted = operation.halted(reply.data)
        if halted is not None:
            self._end(halted)
        outcomes: list[Outcome[Item, Result]] = []
        dry: Match[Result] = Match(Judgement(Status.NOT_SENT, halted))
        for entry, found in zip(chunk, matched.matches, strict=True):
            left_out = halted is not None and found.result is None
            outcomes += self._intake.settle(entry, dry if left_out else found, answer)
        await self._emit(outcomes)

    async def _refused(self, chunk: list[Entry[Item, Any, Result]], error: LushaError, lane: _Lane) -> None:
        """Settle, or halve, a chunk that brought an error instead of an answer."""
        if isinstance(error, ENDS_A_RUN):
            self._end(error)
            await self._settle_all(chunk, Status.NOT_SENT, error)
        elif isinstance(error, (*REFUSED_WHOLE, UnavailableForLegalReasons)):
            if len(chunk) > 1:
                self.report.splits += 1
                middle = len(chunk) // 2
                await self._ask(chunk[:middle], lane)
                await self._ask(chunk[middle:], lane)
                return
            legal = isinstance(error, UnavailableForLegalReasons)
            await self._settle_all(chunk, Status.RESTRICTED if legal else Status.INVALID, None if legal else error)
            self._lone_refusal(error)
        elif isinstance(error, OutcomeUnknown | DecodeError):
            await self._settle_all(chunk, Status.UNKNOWN, error)
        else:
            await self._settle_all(chunk, Status.FAILED, error)

    def _lone_refusal(self, error: LushaError) -> None:
        """A request that no record can pass is not a matter of records: do not spend a request on each of them."""
        self._lone_refusals += 1
        if not self._accepted and self._lone_refusals >= LONE_REFUSALS:
            self._end(error)

    def _end(self, error: LushaError) -> None:
        """Nothing more is sent; what is on its way still comes home."""
        if self._intake.ended_by is None:
            self._intake.ended_by = self.report.ended_by = error
            for scope in tuple(self._held_back):
                scope.cancel()

    async def _settle_all(
        self, chunk: list[Entry[Item, Any, Result]], status: Status, error: LushaError | None
    ) -> None:
        verdict: Match[Result] = Match(Judgement(status, error))
        await self._emit([outcome for entry in chunk for outcome in self._intake.settle(entry, verdict, None)])

    async def _emit(self, outcomes: list[Outcome[Item, Result]]) -> None:
        self.report.count(outcomes)
        self._clock()
        await self._outlet.send(outcomes)
        if self._on_progress is not None:
            try:
                self._on_progress(self.report)
            except Exception as error:  # noqa: BLE001 - raised at the end of the loop; results on their way come first
                self._failure, self._on_progress = self._failure or error, None

    def _count(self, attempts: int, waited: float) -> None:
        self.report.requests += attempts
        self.report.retries += max(attempts - 1, 0)
        self.report.waited += waited

    def _clock(self) -> None:
        self.report.in_flight = self._lanes.in_flight
        self.report.elapsed = time.monotonic() - self._started


class _Lane:
    """A chunk's place in the lanes: it leaves the limiter's queue once, whatever its halves do afterwards."""

    __slots__ = ("_lanes", "_queued")

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._queued = True

    def sent(self, waited: float) -> None:
        if self._queued:
            self._queued = False
            self._lanes.sent(waited)

    def leave(self) -> None:
        self.sent(0.0)
        self._lanes.leave()


def _check_options(
    operation: BulkOperation[Any, Any],
    source: object,
    *,
    concurrency: int | None,
    chunk_size: int | None,
    linger: float,
    fold: int | None,
) -> None:
    if isinstance(source, str | bytes) or not isinstance(source, Iterable | AsyncIterable):
        raise InvalidRequest("the source of a bulk run is an iterable or async iterable of records", field="source")
    if concurrency is not None and concurrency < 1:
        raise InvalidRequest("concurrency is at least 1, or None to adapt by itself", field="concurrency")
    if chunk_size is not None and not 1 <= chunk_size <= operation.largest_chunk:
        raise InvalidRequest(
            f"chunk_size is 1 to {operation.largest_chunk} for {operation.endpoint.name}", field="chunk_size"
        )
    if linger < 0:
        raise InvalidRequest("linger is a number of seconds, 0 or more", field="linger")
    if fold is not None and fold < 0:
        raise InvalidRequest("fold is a number of records, 0 or more, or None for all", field="fold")


def _first(error: BaseException) -> BaseException:
    """The exception at the bottom of nested groups."""
    if isinstance(error, BaseExceptionGroup):
        return _first(cast("BaseExceptionGroup[BaseException]", error).exceptions[0])
    return error
