"""How many chunks are under way at once: a fixed number, or as many as the limit and the latency ask for."""

from __future__ import annotations

import asyncio

UNPACED = 32
"""Chunks in flight while nothing holds requests back: more gains no throughput."""
PACED = 256
"""The most chunks in flight: 25 a second at ten seconds each."""
QUEUED = 8
"""Chunks that may stand at the limiter at once, so that it never runs dry between two of them."""


class Lanes:
    """Admission of chunks. Without a fixed number it adapts by itself: while the limiter makes requests wait, a new
    chunk is let in as soon as fewer than `QUEUED` stand in front of the limiter, however many are still on their way;
    so a slow server gets the concurrency that keeps the limit filled, and a fast one no more than it can use.
    """

    def __init__(self, fixed: int | None) -> None:
        self.fixed = fixed
        """The number asked for; None adapts."""
        self._paced = False
        self._waiters: list[asyncio.Future[None]] = []
        self.in_flight = 0
        self.queued = 0

    @property
    def most(self) -> int:
        """The most chunks that may be in flight now."""
        return self.fixed if self.fixed is not None else (PACED if self._paced else UNPACED)

    def free(self) -> bool:
        """Whether another chunk may be let in."""
        if self.in_flight >= self.most:
            return False
        return self.fixed is not None or self.in_flight < UNPACED or self.queued < QUEUED

    async def enter(self) -> None:
        """Wait until there is room, and take it."""
        while not self.free():
            await self.changed()
        self.in_flight += 1
        self.queued += 1

    def sent(self, waited: float) -> None:
        """A chunk has left the limiter's queue after `waited` seconds."""
        self.queued -= 1
        self._paced = self._paced or waited > 0
        self.notify()

    def leave(self) -> None:
        """A chunk is done with."""
        self.in_flight -= 1
        self.notify()

    async def changed(self) -> None:
        """Wait until something moves."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    def notify(self) -> None:
        """Wake whoever waits in `changed`."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
