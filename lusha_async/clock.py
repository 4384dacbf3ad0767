"""Time, as everything in this package sees it: one small protocol, so that tests can bring their own."""

from __future__ import annotations

import time
from typing import Protocol

import anyio


class Clock(Protocol):
    """Two readings and one wait. All values are seconds."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    def wall(self) -> float:
        """Unix time: what the API's reset moments are compared with."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; may wake early or late, so callers look at the clock again."""
        ...


class SystemClock:
    """The machine's clocks and anyio's timer."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)
