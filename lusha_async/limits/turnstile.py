"""The queue in front of the limits: who goes next, who wakes them. A cancelled waiter loses nothing, blocks nobody."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from .base import Priority, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..clock import Clock

T = TypeVar("T")

JUST_NOW = 0.01
"""Seconds after a late ring in which the loop still works off what was left lying; after longer lateness, as long."""


@dataclass(slots=True, eq=False)
class Waiter(Generic[T]):
    """Somebody in the queue."""

    scope: Scope
    priority: Priority
    since: float
    max_wait: float
    order: int
    future: asyncio.Future[T]
    reason: str | None = None


class Queues(Generic[T]):
    """One queue per scope and priority; first come, first served in each."""

    def __init__(self) -> None:
        self._queues: dict[tuple[Scope, Priority], deque[Waiter[T]]] = {}
        self._order = 0

    def join(self, scope: Scope, priority: Priority, since: float, max_wait: float) -> Waiter[T]:
        """Take a place at the end."""
        self._order += 1
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiter = Waiter(scope, priority, since, max_wait, self._order, future)
        self._queues.setdefault((scope, priority), deque()).append(waiter)
        return waiter

    def heads(self) -> list[Waiter[T]]:
        """The first of each queue: single calls before bulk, then by arrival."""
        found: list[Waiter[T]] = []
        for key, queue in list(self._queues.items()):
            while queue and queue[0].future.done():
                queue.popleft()
            if queue:
                found.append(queue[0])
            else:
                del self._queues[key]
        return sorted(found, key=lambda waiter: (waiter.priority, waiter.order))

    def all(self) -> Iterator[Waiter[T]]:
        """Everybody who still waits."""
        for queue in list(self._queues.values()):
            yield from [waiter for waiter in queue if not waiter.future.done()]

    def crowded(self, scope: Scope, priority: Priority) -> bool:
        """Whether somebody waits whom a newcomer must not overtake."""
        return any(
            not waiter.future.done()
            for rank in Priority
            if rank <= priority
            for waiter in self._queues.get((scope, rank), ())
        )

    def __len__(self) -> int:
        return sum(1 for _ in self.all())


class Alarm:
    """Calls `ring` at a moment. Its task lives only while it is set and belongs to no waiter who could be cancelled."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._task: asyncio.Task[None] | None = None
        self._at = float("inf")
        self._late = 0.0
        self._noticed = float("-inf")

    def lateness(self, now: float) -> float:
        """How far this process lags behind just now (a collector's pause, a busy core), if the alarm shows it."""
        self.notice(now)
        return self._late if now - self._noticed <= max(JUST_NOW, self._late) else 0.0

    def notice(self, now: float) -> None:
        """Whoever gets to run before an alarm that is due says so: it may be set anew before it rings."""
        if now > self._at:
            self._noticed, self._late = now, now - self._at

    def set(self, at: float, clock: Clock) -> None:
        """Ring at `at` instead of any other moment; ``inf``: not at all."""
        if self._task is not None and self._at == at:
            return
        self.cancel()
        if at < float("inf"):
            self._at = at
            self._task = asyncio.get_running_loop().create_task(self._wait(at, clock), name="lusha-limits-alarm")

    def cancel(self) -> None:
        """Do not ring."""
        if self._task is not None:
            self._task.cancel()
        self._task, self._at = None, float("inf")

    async def _wait(self, at: float, clock: Clock) -> None:
        while (left := at - clock.monotonic()) > 0:  # timers may fire early: look at the clock again
            await clock.sleep(left)
        self.notice(clock.monotonic())
        self._task, self._at = None, float("inf")
        self._ring()
