"""No limits at all, for benchmarks and tests: everybody goes at once, a 429 is still understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..clock import Clock, SystemClock
from .account import moment
from .base import DEFAULT_MAX_WAIT, AskUsage, Priority, Scope, Verdict
from .quota import QuotaView
from .wait import parse_wait

if TYPE_CHECKING:
    from collections.abc import Mapping


class FreePermit:
    """Leave that nobody had to give."""

    waited = 0.0
    reason: str | None = None

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def sent(self) -> None:
        """Of no consequence."""

    def unsent(self) -> None:
        """Of no consequence."""

    def lost(self) -> None:
        """Of no consequence."""

    def answered(self, status: int, headers: Mapping[str, str], message: str | None = None) -> Verdict | None:
        """Says what a 429 meant; nothing is closed."""
        wall = self._clock.wall()
        wait = parse_wait(status, headers, message, wall)
        if status != 429 or wait is None:
            return None
        if wait.trial:
            return Verdict("trial", 0.0, None, trial=True)
        seconds = 1.0 if wait.seconds is None else wait.seconds
        return Verdict(wait.window, seconds, moment(wall + seconds))


class NoLimits:
    """Holds nobody back."""

    def __init__(self) -> None:
        self.ask_usage: AskUsage | None = None
        self._clock: Clock = SystemClock()

    def bind(self, *, account: str, clock: Clock) -> None:
        """Take the client's clock."""
        self._clock = clock

    async def acquire(
        self, scope: Scope, *, priority: Priority = Priority.INTERACTIVE, max_wait: float = DEFAULT_MAX_WAIT
    ) -> FreePermit:
        """Go."""
        return FreePermit(self._clock)

    @property
    def quota(self) -> QuotaView:
        """Nothing is known, because nothing is kept."""
        return QuotaView()

    async def start(self) -> None:
        """Nothing to open."""

    async def aclose(self) -> None:
        """Nothing to close."""
