"""One chunk at a time: ask, and settle every record of it, whatever comes back."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import (
    ENDS_A_RUN,
    REFUSED_WHOLE,
    DecodeError,
    LushaError,
    OutcomeUnknown,
    ServerError,
    UnavailableForLegalReasons,
)
from ..retry import Failure, RetryPolicy, pause_before_repeat
from .backlog import Backlog
from .intake import Chunk
from .journal import NoJournal, State, Ticket
from .lanes import Lanes
from .matching import Matched, match
from .memory import Entry
from .operation import Judgement
from .outcome import Answer, Outcome, Status
from .report import RunReport
from .safety import retry_policy

if TYPE_CHECKING:
    from ..resource import Reply
    from .setup import Setup

Item = TypeVar("Item")
Result = TypeVar("Result")

BACKLOG = 400
"""Outcomes that wait for the consumer before lanes wait with theirs."""
LONE_REFUSALS = 5
"""After so many lone records refused in a row, and nothing ever accepted, the request itself is what is wrong."""


class Asking(Generic[Item, Result]):
    """The part of a run that sends chunks and hands out outcomes. `BulkRun` feeds it."""

    def __init__(self, setup: Setup[Item, Result]) -> None:
        self.report = RunReport()
        """What was done so far; complete after the run."""
        self._setup = setup
        self._journal = NoJournal()
        self._policy: RetryPolicy = retry_policy(setup.sender)
        self._intake = setup.new_intake(remembers=setup.safety.ledger is not None)
        self._lanes = Lanes(setup.concurrency)
        self._on_progress = setup.on_progress
        self._held_back: dict[asyncio.Task[Any], bool] = {}
        """Tasks whose request has not left yet; whether they were told that it is not wanted any more."""
        self._accepted = False
        self._unsettled = False
        self._lone_refusals = 0
        self._started = 0.0
        self._failure: BaseException | None = None
        self._backlog: Backlog[Outcome[Item, Result]] = Backlog(BACKLOG)

    async def _handle(self, chunk: Chunk) -> None:
        """One lane: ask about a chunk, and settle all its records."""
        lane = _Lane(self._lanes)
        try:
            await self._ask(chunk, lane)
        except Exception as error:  # noqa: BLE001 - a fault of ours is raised at the end; it must not cost other records
            self._failure = self._failure or error
            left = [entry for entry in chunk.entries if entry.known is None]
            await self._settle_all(left, Status.UNKNOWN, LushaError("This chunk broke the run; the loop raises how."))
        finally:
            lane.leave()

    async def _ask(self, chunk: Chunk, lane: _Lane, attempt: int = 1, before: LushaError | None = None) -> None:
        """Ask about a chunk, in parts if the budget wants it so. `before` is how an earlier attempt ended."""
        route, entries = chunk
        if self._intake.ended_by is not None:
            await self._leave(entries, before)
            return
        try:
            ticket = await self._journal.begin(route, entries)
        except LushaError as error:
            self._end(error)
            await self._leave(entries, before)
            return
        if self._intake.ended_by is not None:
            self._journal.abandon(ticket, left=False)
            await self._leave(entries, before)
            return
        later = entries[ticket.count :]
        try:
            await self._exchange(Chunk(route, entries[: ticket.count]), ticket, lane, attempt)
        finally:
            if ticket.open:
                self._journal.abandon(ticket, left=True)
        if later:
            await self._ask(Chunk(route, later), lane, attempt, before)

    async def _leave(self, entries: list[Entry[Item, Any, Result]], before: LushaError | None) -> None:
        """Nothing more is sent of these: they were not asked about, or not asked again."""
        if before is None:
            await self._settle_all(entries, Status.NOT_SENT, self._intake.ended_by)
        else:
            await self._settle_all(entries, _status_of(before), before)

    async def _exchange(self, chunk: Chunk, ticket: Ticket, lane: _Lane, attempt: int) -> None:
        task = _this_task()
        reply: Reply[Any] | None = None
        failure: LushaError | None = None
        try:
            reply = await self._send(chunk, task, lane)
        except LushaError as error:
            failure = error.with_traceback(None)
        except asyncio.CancelledError:
            called_off = self._held_back.get(task, False)
            if not called_off or task.uncancel() > 0:  # the whole run is being cancelled
                left = task not in self._held_back
                if left:
                    self.report.in_doubt += len(chunk.entries)
                self._journal.abandon(ticket, left=left)
                raise
        finally:
            self._held_back.pop(task, None)
        if reply is not None:
            await self._received(chunk, reply, ticket)
        elif failure is not None:
            self._count(failure.attempts, failure.waited)
            await self._refused(chunk, failure, ticket, lane, attempt)
        else:
            self._journal.abandon(ticket, left=False)
            await self._settle_all(chunk.entries, Status.NOT_SENT, self._intake.ended_by)

    async def _send(self, chunk: Chunk, task: asyncio.Task[Any], lane: _Lane) -> Reply[Any]:
        def on_sent(waited: float) -> None:
            self._held_back.pop(task, None)
            lane.sent(waited)

        route = chunk.route
        self._held_back[task] = False
        return await self._setup.sender.send(
            route.unrepeated if self._journal.repeats else route.endpoint,
            body=route.body(chunk.entries),
            timeout=self._setup.timeout,
            max_wait=self._setup.max_wait,
            allow_repeat=self._setup.allow_repeat and not self._journal.repeats,
            bulk=True,
            on_sent=on_sent,
        )

    async def _received(self, chunk: Chunk, reply: Reply[Any], ticket: Ticket) -> None:
        operation, report = chunk.route.operation, self.report
        self._accepted = True
        self._count(reply.attempts, reply.waited)
        charged = operation.charged(reply.data)
        report.credits_charged += charged or 0.0
        report.keep_problems(reply.problems)
        answer = Answer(reply.raw, operation.layout)
        kept = Answer(reply.packed or reply.raw, operation.layout)
        matched = match(operation, reply.data, [entry.reference for entry in chunk.entries])
        report.keep_unmatched(raw for place in matched.unmatched if (raw := answer.item(place)) is not None)
        halted = operation.halted(reply.data)
        if halted is not None:
            self._end(halted)
            matched = matched.without_missing(Judgement(Status.NOT_SENT, halted))
        unknown = [judged.status for judged in matched.judgements].count(Status.UNKNOWN)
        self._unsettled = self._unsettled or unknown > 0
        outcomes = self._intake.conclude(chunk.entries, matched, answer)
        concluded = list(zip(chunk.entries, outcomes, strict=True))
        await self._write(ticket, "answered", concluded, charged=charged, more=operation.unfinished(reply.data))
        await self._emit(self._intake.settle(chunk.entries, outcomes, kept))

    async def _refused(self, chunk: Chunk, error: LushaError, ticket: Ticket, lane: _Lane, attempt: int) -> None:
        """Settle, halve or repeat a chunk that brought an error instead of an answer."""
        entries = chunk.entries
        if isinstance(error, ENDS_A_RUN):
            self._end(error)
            status = Status.UNKNOWN if error.in_doubt else Status.NOT_SENT
            await self._settle_all(entries, status, error, ticket, _state_of(error))
        elif isinstance(error, (*REFUSED_WHOLE, UnavailableForLegalReasons)):
            if len(entries) > 1:
                self.report.splits += 1
                await self._write(ticket, _state_of(error))
                middle = len(entries) // 2
                await self._ask(Chunk(chunk.route, entries[:middle]), lane)
                await self._ask(Chunk(chunk.route, entries[middle:]), lane)
                return
            legal = isinstance(error, UnavailableForLegalReasons)
            status = Status.RESTRICTED if legal else Status.INVALID
            await self._settle_all(entries, status, None if legal else error, ticket, _state_of(error))
            self._lone_refusal(error)
        elif (pause := self._pause(error, attempt)) is not None:
            await self._write(ticket, _state_of(error))
            await asyncio.sleep(pause)
            self.report.retries += 1
            await self._ask(chunk, lane, attempt + 1, error)
        else:
            await self._settle_all(entries, _status_of(error), error, ticket, _state_of(error))

    def _pause(self, error: LushaError, attempt: int) -> float | None:
        """Seconds until a request may be repeated by this run; None: not at all, or that is the transport's matter."""
        state = _state_of(error)
        if state == "refused" or not self._journal.repeats:
            return None
        return pause_before_repeat(
            Failure.SERVER if state == "failed" else Failure.UNKNOWN,
            repeat=self._setup.operation.endpoint.repeat,
            allow_repeat=self._setup.allow_repeat,
            attempt=attempt,
            elapsed=0.0,
            policy=self._policy,
            jitter=random.random(),
        )

    def _lone_refusal(self, error: LushaError) -> None:
        """A request that no record can pass is not a matter of records: do not spend a request on each of them."""
        self._lone_refusals += 1
        if not self._accepted and self._lone_refusals >= LONE_REFUSALS:
            self._end(error)

    def _end(self, error: LushaError) -> None:
        """Nothing more is sent; what is on its way still comes home."""
        if self._intake.ended_by is None:
            self._intake.ended_by = self.report.ended_by = error
            for task in self._held_back:
                self._held_back[task] = True
                task.cancel()

    async def _settle_all(
        self,
        entries: list[Entry[Item, Any, Result]],
        status: Status,
        error: LushaError | None,
        ticket: Ticket | None = None,
        state: State = "refused",
    ) -> None:
        """One verdict for all of them; `ticket` and `state`: the request that ended so."""
        self._unsettled = self._unsettled or status in (Status.FAILED, Status.UNKNOWN)
        outcomes = self._intake.conclude(entries, Matched.alike(status, error, len(entries)))
        if ticket is not None:
            await self._write(ticket, state, list(zip(entries, outcomes, strict=True)))
        await self._emit(self._intake.settle(entries, outcomes))

    async def _write(
        self,
        ticket: Ticket,
        state: State,
        concluded: Sequence[tuple[Entry[Item, Any, Result], Outcome[Item, Result]]] = (),
        *,
        charged: float | None = None,
        more: bool = False,
    ) -> None:
        """Outcomes are written down before they are handed out. If that fails they still are, and the run ends."""
        try:
            await self._journal.done(ticket, state, concluded, charged=charged, more=more)
        except LushaError as error:
            self._end(error)

    async def _emit(self, outcomes: list[Outcome[Item, Result]]) -> None:
        self.report.count(outcomes)
        self._clock()
        await self._backlog.put(outcomes)
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


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a chunk is asked about in a task of its own")
    return task


def _status_of(error: LushaError) -> Status:
    return Status.UNKNOWN if error.in_doubt or isinstance(error, OutcomeUnknown | DecodeError) else Status.FAILED


def _state_of(error: LushaError) -> State:
    """How a request ended that brought an error: lost (it, or an earlier attempt), failed at the server, or refused."""
    if error.in_doubt or isinstance(error, OutcomeUnknown | DecodeError):
        return "lost"
    return "failed" if isinstance(error, ServerError) else "refused"
