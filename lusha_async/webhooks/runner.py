"""The work after the acknowledgement: one task for each delivery in hand, a bounded number of them, none forgotten.

One runner task owns the task group; it is started when the receiver is entered and drains when it is left.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import anyio
import anyio.to_thread
import msgspec

from lusha_async.errors import WebhookError

from .core import Delivery
from .errors import UnreadableWebhook
from .parsing import parse

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

    from lusha_async.clock import Clock

    from .events import Event
    from .handlers import Handler
    from .stores.base import Kept, Store

T = TypeVar("T")

log = logging.getLogger("lusha_async.webhooks")

MAX_CLAIMS = 5
"""A delivery taken up this often without an end (it kills its process) becomes a dead letter."""


class Retries(msgspec.Struct, frozen=True, kw_only=True):
    """How often a failing handler is tried; the pause is `first` seconds, then `factor` times it, up to `longest`."""

    attempts: int = 5
    first: float = 1.0
    factor: float = 2.0
    longest: float = 60.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.first < 0 or self.factor < 1 or self.longest < 0:
            raise ValueError("attempts is at least 1, factor at least 1, pauses are not negative")

    def pause(self, attempt: int) -> float:
        """Seconds to wait after failed attempt number `attempt`, from 1."""
        return min(self.longest, self.first * self.factor ** min(attempt - 1, 64))


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that was acknowledged and could not be handled. What `on_error` gets."""

    delivery: Delivery
    error: BaseException
    attempts: int
    kept: bool
    """True when the store still has it: as a dead letter, or to be tried again after the next start."""

    @property
    def event(self) -> Event:
        """The event in question."""
        return self.delivery.event


class NoHandler(WebhookError):
    """An event came that no handler takes."""

    hint = "Register one for its type, or a fallback."


class NotFinished(WebhookError):
    """The receiver stopped, or its process died, before a handler was done."""


OnError: TypeAlias = Callable[[Failure], Awaitable[object] | object]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How the work is done. Times are in seconds."""

    backlog: int
    concurrency: int
    retries: Retries
    handler_timeout: float
    drain_timeout: float
    lease: float

    def __post_init__(self) -> None:
        if min(self.backlog, self.concurrency) < 1:
            raise ValueError("backlog and concurrency are at least 1")
        if not (self.handler_timeout > 0 and self.drain_timeout >= 0 and self.lease >= 1):
            raise ValueError("handler_timeout is positive, drain_timeout not negative, lease at least 1 second")


class Counts(msgspec.Struct, kw_only=True):
    """What happened since the receiver was made."""

    accepted: int = 0
    repeats: int = 0
    forged: int = 0
    stale: int = 0
    unreadable: int = 0
    busy: int = 0
    recovered: int = 0
    """Taken from the store after a restart, or from a process that died."""
    handled: int = 0
    retried: int = 0
    failed: int = 0


class Runner:
    """Runs handlers for deliveries. `find` names the handler of an event."""

    def __init__(
        self,
        find: Callable[[Delivery], Handler | None],
        *,
        store: Store,
        settings: Settings,
        clock: Clock,
        counts: Counts,
        on_error: OnError | None,
    ) -> None:
        self._find = find
        self._store = store
        self._settings = settings
        self._clock = clock
        self._counts = counts
        self._on_error = on_error
        self._held: dict[str, Delivery] = {}
        self._reserved = 0
        self._turns = anyio.CapacityLimiter(settings.concurrency)
        self._threads = anyio.CapacityLimiter(settings.concurrency)
        self._stop = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._group: TaskGroup | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()

    # --- lifetime

    @property
    def accepting(self) -> bool:
        """Whether deliveries may be submitted here: started, not stopping, and this event loop."""
        return self._group is not None and not self._stop.is_set() and asyncio.get_running_loop() is self._loop

    async def start(self) -> None:
        """Open the store and start the runner task."""
        await self._store.open()
        started = self._loop.create_future()
        self._task = asyncio.create_task(self._run(started), name="lusha-webhook-runner")
        await started

    async def stop(self) -> None:
        """Take nothing new, give handlers `drain_timeout` seconds, account for the rest, close the store."""
        self._stop.set()
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _run(self, started: asyncio.Future[None]) -> None:
        try:
            async with anyio.create_task_group() as group:
                self._group = group
                group.start_soon(self._tend)
                started.set_result(None)
                await self._stop.wait()
                with anyio.move_on_after(self._settings.drain_timeout):
                    await self._idle.wait()
                group.cancel_scope.cancel()
        finally:
            self._group = None
            with anyio.CancelScope(shield=True):
                await self._account_for_rest()
                await self._store.close()

    async def _account_for_rest(self) -> None:
        """What drain did not finish: given back to the store, or reported where the store cannot keep it."""
        rest = list(self._held.values())
        self._held.clear()
        if not rest:
            return
        if self._store.durable:
            log.warning("stopped with %d webhook deliveries unhandled; the store keeps them", len(rest))
            await self.quietly(self._store.renew([each.key for each in rest], now=self._clock.wall(), lease=0))
            return
        for delivery in rest:
            error = NotFinished("The receiver stopped before this delivery was handled.")
            await self.report(Failure(delivery=delivery, error=error, attempts=0, kept=False))

    # --- deliveries

    @property
    def in_hand(self) -> int:
        """Deliveries accepted and not finished."""
        return self._reserved

    def reserve(self) -> bool:
        """Take one place of the backlog; False when there is none. Give it back with `release`, or `submit`."""
        if self._reserved >= self._settings.backlog:
            return False
        self._reserved += 1
        self._idle.clear()
        return True

    def release(self) -> None:
        """Give a place back."""
        self._reserved -= 1
        if not self._reserved:
            self._idle.set()

    def submit(self, delivery: Delivery) -> None:
        """Start the work on a delivery, in the place reserved for it."""
        if self._group is None:
            raise WebhookError("The receiver is not running.")
        self._held[delivery.key] = delivery
        self._group.start_soon(self._work, delivery)

    async def _work(self, delivery: Delivery) -> None:
        try:
            await self.attempt(delivery, self._find(delivery))
        finally:
            self.release()
        self._held.pop(delivery.key, None)

    async def attempt(self, delivery: Delivery, handler: Handler | None) -> bool:
        """Run a handler, with retries; then tell the store. False when it failed for good (and was reported)."""
        if handler is None:
            error = NoHandler(f"No handler takes events of type {delivery.event.type!r}.")
            return await self._failed(delivery, error, attempts=0)
        retries = self._settings.retries
        for attempt in range(1, retries.attempts + 1):
            problem = await self._call(handler, delivery)
            if problem is None:
                self._counts.handled += 1
                await self.quietly(self._store.done(delivery.key))
                return True
            if attempt == retries.attempts:
                return await self._failed(delivery, problem, attempts=attempt)
            self._counts.retried += 1
            log.warning("handler of %s failed (%s), attempt %d", delivery.event.type, type(problem).__name__, attempt)
            await self._clock.sleep(retries.pause(attempt))
        raise AssertionError("unreachable")

    async def _call(self, handler: Handler, delivery: Delivery) -> Exception | None:
        """One attempt; what the handler raised, if anything."""
        try:
            async with self._turns:
                with anyio.fail_after(self._settings.handler_timeout):
                    await call(handler, delivery.event, self._threads)
        except Exception as error:  # noqa: BLE001 - retried, then reported
            return error
        return None

    async def _failed(self, delivery: Delivery, error: Exception, *, attempts: int) -> bool:
        await self.quietly(self._store.bury(delivery.key))
        await self.report(Failure(delivery=delivery, error=error, attempts=attempts, kept=self._store.durable))
        return False

    async def report(self, failure: Failure) -> None:
        """Tell `on_error`, or the log; an `on_error` that fails itself is logged as well."""
        self._counts.failed += 1
        kind = type(failure.error).__name__
        place = "kept as a dead letter" if failure.kept else "not kept"
        log.error("webhook %s (%s) not handled: %s, %s", failure.delivery.key, failure.event.type, kind, place)
        if self._on_error is None:
            return
        try:
            await call(self._on_error, failure, self._threads)
        except Exception as error:  # noqa: BLE001 - there is nobody else to tell
            log.error("on_error itself failed (%s)", type(error).__name__)  # noqa: TRY400 - its text may hold people's data

    # --- the store

    async def _tend(self) -> None:
        """Hold the leases of what is in hand, take up what nobody holds any more, forget what is old."""
        while True:
            await self.quietly(self.tend_once())
            await self._clock.sleep(self._settings.lease / 3)

    async def tend_once(self) -> None:
        """One round of it."""
        now, lease = self._clock.wall(), self._settings.lease
        if self._held:
            await self._store.renew(list(self._held), now=now, lease=lease)
        room = self._settings.backlog - self._reserved
        if room > 0 and not self._stop.is_set():
            for kept in await self._store.claim(min(room, 1000), now=now, lease=lease):
                await self._take_up(kept)
        await self._store.prune(now=now)

    async def _take_up(self, kept: Kept) -> None:
        if kept.key in self._held or not self.reserve():
            return
        self._counts.recovered += 1
        try:
            delivery = Delivery(event=parse(kept.payload, max_body=len(kept.payload)), key=kept.key)
        except UnreadableWebhook:
            self.release()
            log.error("webhook %s in the store is unreadable; kept as a dead letter", kept.key)  # noqa: TRY400
            await self._store.bury(kept.key)
            return
        if kept.claims > MAX_CLAIMS:
            self.release()
            error = NotFinished(f"Taken up {kept.claims - 1} times without an end; its handler may kill the process.")
            await self._failed(delivery, error, attempts=kept.claims - 1)
            return
        self.submit(delivery)

    async def quietly(self, step: Awaitable[object]) -> None:
        """A step whose failure must not end the runner: the lease runs out and the delivery comes again."""
        try:
            await step
        except Exception as error:  # noqa: BLE001 - any store may raise anything
            log.error("the webhook store failed (%s)", type(error).__name__)  # noqa: TRY400 - texts may hold data


async def call(function: Callable[[T], object], argument: T, threads: anyio.CapacityLimiter) -> None:
    """Call a function of one argument: await it when it is async, else run it in a thread."""
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004
        result = function(argument)
    else:
        result = await _in_a_thread(function, argument, threads)
    if inspect.isawaitable(result):
        await result


async def _in_a_thread(function: Callable[[T], object], argument: T, threads: anyio.CapacityLimiter) -> object:
    """Run a function in a thread; in this one if the process is ending, when Python starts no more (3.12 on)."""
    started = False

    def run() -> object:
        nonlocal started
        started = True
        return function(argument)

    try:
        return await anyio.to_thread.run_sync(run, abandon_on_cancel=True, limiter=threads)
    except RuntimeError as error:
        if started or "interpreter shutdown" not in str(error):
            raise
        return function(argument)
