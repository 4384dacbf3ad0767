"""One of the plan's windows (minute, hour, day), learned from what answers say. Pure arithmetic on a monotonic clock.

Reports arrive out of order, strangers spend from the same account, and no header says when a window turns. So:

- **The lowest `left` wins.** Whoever is unanswered may have been counted after it, whoever is answered was not: what
  may still be sent is ``low - in flight - lost since``.
- **Cause and effect tell a turned window from an old answer.** A request that left after the lowest report had
  arrived and still shows more can only have been counted in a new window.
- **The turn is exact** when account usage or a 429 said so, and else bounded: a window in which an answer was counted
  at t ends at ``t + length`` at the latest. Waiting for the bound never meets a 429, whatever kind of window the
  server keeps.
- **Strangers** are what the reports lost beyond our own answers. Near the end of a window their share of one round
  trip is held back; then requests go one by one, each knowing the answer of the one before. So an end is overrun by
  one request at most.
- **After a turn that was waited for, one request goes first** (the probe): its answer shows whether the window has
  turned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

SLACK = 0.25
"""Seconds added to an exact turn: two clocks never agree."""
SAME = 0.1
"""Two turns told less than this apart (in seconds) are one."""


@dataclass(slots=True)
class PlanWindow:
    """What is known about one window. All moments are readings of one monotonic clock."""

    name: str
    length: float
    limit: int | None = None
    low: int | None = None
    """The lowest `left` reported (or assumed after a turn) in this period; None: never heard of."""
    low_at: float = 0.0
    """When that report arrived."""
    began: float = float("-inf")
    """When this period began; requests that left before do not report on it."""
    turn: float | None = None
    """When it turns: exactly, or at the latest."""
    exact: bool = False
    aligned: bool | None = None
    """Whether turns repeat every `length`: two exact ones, told in different periods, show it. None: not known."""
    probing: bool = False
    """The turn was waited for and nothing has confirmed it yet."""
    strangers: float = 0.0
    """What others spend, in requests per second."""
    _first: int = 0
    _first_at: float = 0.0
    _own: int = 0
    _lost: list[float] = field(default_factory=list[float])
    tried: bool = False
    """One request has been spent on asking when the empty window turns."""
    _steps: int = 0
    _before: int | None = None
    _told: float | None = None

    def observe(self, left: int, limit: int | None, *, sent: float, now: float) -> None:
        """An answer that arrived now, to a request that left at `sent`, showed `left` (of `limit`)."""
        self.roll(now)
        self.limit = limit if limit is not None else self.limit
        if self.low is None:
            self._period(left, began=sent, now=now)
        elif sent < self.began:
            return
        elif self.probing:
            self._probed(left, sent, now)
        elif left < self.low:
            self._own += 1
            self._report(left, sent, now)
        elif left > self.low and sent > self.low_at:
            self._period(left, began=sent, now=now)
        else:
            self._own += 1
        if self.turn is None:
            self.turn, self.exact = now + self.length, False

    def told(self, left: int | None, limit: int | None, turn: float | None, *, sent: float, now: float) -> None:
        """Account usage, asked at `sent`, said how much is left and exactly when the window turns."""
        if left is not None:
            self.observe(left, limit, sent=sent, now=now)
        if turn is not None and now < turn <= now + 1.1 * self.length and self.low is not None:
            self._compare(turn)
            self.turn, self.exact = turn, True

    def emptied(self, turn: float | None, now: float) -> None:
        """A 429 said that nothing is left, and perhaps when the window turns."""
        if self.low is None:
            self._period(0, began=now, now=now)
        self.began = max(self.began, now if self.limit is None else self.began)
        self.low, self.low_at, self.probing = 0, now, False
        self._lost.clear()
        if turn is not None:
            self.turn, self.exact = turn, True
        elif self.turn is None:
            self.turn, self.exact = now + self.length, False

    def lost(self, now: float) -> None:
        """A request left and brought no report: it may have been counted."""
        if self.low is not None:
            self._own += 1
            self._lost.append(now)

    def unreported(self, sent: float, *, ok: bool, now: float) -> None:
        """An answer said nothing of this window. One that only a 429 ever spoke of is unknown again after a success."""
        self.roll(now)
        if self.limit is not None:
            self.lost(sent)
            self.probing = self.probing and not ok
            self.turn = now + self.length if self.turn is None else self.turn
        elif ok and self.low is not None and sent >= self.began:
            self.low, self.turn, self.exact, self.probing = None, None, False, False

    def roll(self, now: float) -> None:
        """Turn the window if its moment has passed.

        An empty one is then taken for full, and probed. One that was not empty keeps its `low`: the next answer shows
        more.
        """
        if self.turn is None or self.low is None or now < self.opens:
            return
        self.probing = self.low - len(self._lost) <= max(1, (self.limit or 0) // 50)
        self._before = self.low
        low = max(self.limit or 1, 1) if self.probing else self.low
        if self.exact and self.aligned:
            self.turn += self.length * math.ceil((now - self.turn + 1e-6) / self.length)
        else:
            self.turn, self.exact = None, False
        self.low, self.low_at, self.began = low, now, now
        self._start_count(low, now)
        self._lost.clear()

    @property
    def opens(self) -> float:
        """When a request may go again after the window was empty."""
        if self.turn is None:
            return float("-inf")
        return self.turn + (SLACK if self.exact else 0.0)

    def spare(self, in_flight: int) -> int | None:
        """Requests that may still be sent; None: nothing is known."""
        return None if self.low is None else self.low - len(self._lost) - in_flight

    def ready_at(self, now: float, in_flight: int, trip: float, keep: int = 0) -> float:
        """When the next request may go: now, at the turn, or ``inf``: when an answer comes.

        `trip` is a usual round trip; `keep` requests are left for others.
        """
        self.roll(now)
        spare = self.spare(in_flight)
        if spare is None:
            return now
        if self.probing:
            return now if in_flight == 0 else float("inf")
        if spare > self._held(now, trip) + keep or (in_flight == 0 and spare > keep):
            return now
        if in_flight and spare + in_flight > keep:
            return float("inf")
        return self.opens if self.turn is not None else now

    def room(self, now: float, trip: float, keep: int = 0) -> int | None:
        """How many requests may be in flight at once; None: nothing is known."""
        self.roll(now)
        spare = self.spare(0)
        if spare is None:
            return None
        if self.probing:
            return 1
        return max(spare - self._held(now, trip) - keep, 1 if spare > keep else 0)

    def _held(self, now: float, trip: float) -> int:
        """What strangers may spend before the next answer shows it, and what they rarely exceed."""
        theirs = self.strangers * (now - self.low_at + 1.5 * trip)
        return math.ceil(theirs + 3 * math.sqrt(theirs)) if theirs else 0

    def _probed(self, left: int, sent: float, now: float) -> None:
        """The first answer after a turn that was waited for."""
        limit = self.limit or 0
        if self._before is not None and left <= self._before and left < limit / 2:
            self._disproved(left, sent, now)
            return
        self._steps = 0
        self.probing = False
        self._report(left, sent, now)
        self._start_count(left, now)
        if self.aligned is False and left < limit / 2:
            self.turn, self.exact = now + self.length / 64, False

    def _disproved(self, left: int, sent: float, now: float) -> None:
        """The window has not turned: it does not repeat as assumed, or slides. Try again, in growing steps."""
        self.aligned = False
        self._steps = min(self._steps + 1, 6)
        self._report(left, sent, now)
        self.probing = left > 0
        self.turn, self.exact = now + self.length / 64 * 2 ** (self._steps - 1), False

    def _compare(self, turn: float) -> None:
        """Do exact turns repeat every `length`, or does each period begin with its first request?"""
        if self._told is not None and abs(turn - self._told) > SAME:
            off = (turn - self._told) % self.length
            self.aligned = self.aligned is not False and min(off, self.length - off) < SAME
        self._told = turn

    def _report(self, left: int, sent: float, now: float) -> None:
        self.low, self.low_at = left, now
        self._lost = [moment for moment in self._lost if moment > sent]
        elapsed = now - self._first_at
        if elapsed >= min(1.0, self.length / 30):
            rate = max(self._first - left - self._own, 0) / elapsed
            self.strangers += (rate - self.strangers) * min(1.0, 0.2 + elapsed / self.length)

    def _period(self, left: int, *, began: float, now: float) -> None:
        """A period seen for the first time, or one that turned unnoticed."""
        turned = self.low is not None and left > self.low
        if turned:
            self.exact, self.turn = False, now + self.length
        self.low, self.low_at, self.began, self.probing = left, now, began, False
        self._start_count(left, now)
        self._lost.clear()

    def _start_count(self, left: int, now: float) -> None:
        self._first, self._first_at, self._own, self.tried = left, now, 0, False
