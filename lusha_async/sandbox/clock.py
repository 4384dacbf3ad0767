"""Time as the sandbox sees it, so that a test can age windows, sessions and deliveries without waiting."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two readings and one wait, all in seconds."""

    def monotonic(self) -> float:
        """Seconds since a fixed moment; never goes back. The short windows are measured with it."""
        ...

    def wall(self) -> float:
        """Unix time. Plan windows, sessions and delivery stamps are measured with it."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait. Latency, jitter and the delays between webhook deliveries pass through here."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        """Seconds since a fixed moment."""
        return time.monotonic()

    def wall(self) -> float:
        """Unix time."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that stands still until `advance` moves it; sleeping on it moves it too, and takes no real time."""

    def __init__(self, start: float = 1_767_225_600.0) -> None:
        self._now = start

    def monotonic(self) -> float:
        """Seconds since a fixed moment."""
        return self._now

    def wall(self) -> float:
        """Unix time."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        self._now += max(seconds, 0.0)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._now += seconds


def iso(moment: float) -> str:
    """Unix time as the API writes moments."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
