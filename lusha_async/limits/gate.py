"""What a 429 closes: everybody waits until the window turns, then one request goes first. Pure."""

from __future__ import annotations

import random
from typing import Any

LONGEST_BACKOFF = 60.0
"""Seconds; the cap of the backoff for refusals that do not say how long to wait (Lusha's own advice)."""


class Gate:
    """Open, closed until a moment, or half-open: its moment has come and one probe is on its way."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()
        self.until: float | None = None
        """None: open."""
        self.window: str | None = None
        self.probe: Any = None
        self._closed_at = float("-inf")
        self._proof_after = float("-inf")
        self._strikes = 0

    def ready_at(self, now: float) -> float:
        """Now when open or when a probe may go; ``inf`` while the probe is on its way."""
        if self.until is None:
            return now
        if now < self.until:
            return self.until
        return now if self.probe is None else float("inf")

    def grant(self, permit: object) -> None:
        """A request goes through: if the gate is half-open, it is the probe."""
        if self.until is not None and self.probe is None:
            self.probe = permit

    def close(
        self,
        seconds: float | None,
        window: str | None,
        *,
        sent: float,
        now: float,
        least: float = 1.0,
        sliding: bool = False,
    ) -> float:
        """A 429 came, to a request that left at `sent`. Returns the seconds until the gate opens.

        Refusals of requests that were under way when it closed lengthen the wait if they say so, but are no new strike.
        `seconds` None: backoff from `least`, doubling, to a minute. `sliding`: a short window, which makes room all the
        time: the first wait counts from when the request left, and whatever left after it may prove that there is room.
        """
        if sent >= self._closed_at:
            self._strikes += 1
        if seconds is None:
            seconds = min(least * 2.0 ** max(self._strikes - 1, 0), max(LONGEST_BACKOFF, least))
            if sliding and self._strikes <= 1:
                seconds = max(seconds - (now - sent), 0.0)
        until = now + seconds + self._rng.uniform(0.0, min(0.1 * seconds, 1.0))
        if self.until is None or until > self.until:
            self.until, self.window = until, window
        self._closed_at = now
        self._proof_after = sent if sliding else now
        self.probe = None
        return self.until - now

    def answered(self, permit: object, *, sent: float) -> None:
        """An answer other than 429: opens the gate if it is the probe's, or if the request left late enough."""
        if self.until is not None and (permit is self.probe or sent > self._proof_after):
            self.until = self.window = self.probe = None
            self._strikes = 0

    def gone(self, permit: object) -> None:
        """The probe was never sent, or brought no answer: the next one may try."""
        if permit is self.probe:
            self.probe = None
