"""A server that keeps the limits strictly, as arithmetic: what the simulator, the tests and the benchmarks run against.

Three kinds of plan windows, since nobody has documented Lusha's: ``aligned`` (turns at fixed moments), ``first``
(begins with the first request after the last one ended) and ``sliding`` (any 60 seconds).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from .quota import WINDOWS, UsageWindow, UsageWindows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plans import Plan

Kind = Literal["aligned", "first", "sliding"]
_WORDS = {"minute": "minute", "hour": "hourly", "day": "daily"}


@dataclass(slots=True)
class _Window:
    length: float
    limit: int
    kind: Kind
    turn: float
    used: int = 0
    log: deque[float] = field(default_factory=deque[float])

    def roll(self, now: float) -> None:
        if self.kind == "sliding":
            while self.log and self.log[0] <= now - self.length:
                self.log.popleft()
            self.used = len(self.log)
            self.turn = self.log[0] + self.length if self.log else now
        elif now >= self.turn:
            self.used = 0
            if self.kind == "aligned":
                self.turn += self.length * ((now - self.turn) // self.length + 1)

    def spend(self, now: float) -> None:
        if self.kind == "first" and self.used == 0 and now >= self.turn:
            self.turn = now + self.length
        if self.kind == "sliding":
            self.log.append(now)
        self.used += 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    message: str | None = None


class StrictServer:
    """Counts arrivals. Moments are Unix times; they must not go back by more than a second."""

    def __init__(
        self,
        plan: Plan,
        *,
        kind: Kind = "aligned",
        now: float = 0.0,
        turns_in: Mapping[str, float] | None = None,
        left: Mapping[str, int] | None = None,
        says_when: bool = True,
    ) -> None:
        """`turns_in`: seconds until each window first turns; `left`: what is left of it; `says_when`: in 429s."""
        self.second = plan.second
        self.says_when = says_when
        self.accepted: dict[str, list[float]] = {}
        self.refused: list[tuple[float, str]] = []
        self.windows: dict[str, _Window] = {}
        for name, limit in plan.windows().items():
            begins = now if kind == "first" and not left else now + (turns_in or {}).get(name, WINDOWS[name])
            self.windows[name] = _Window(WINDOWS[name], limit, kind, begins)
            self.windows[name].used = limit - (left or {}).get(name, limit)

    def receive(self, endpoint: str, now: float) -> Answer:
        """A request arrives."""
        log = self.accepted.setdefault(endpoint, [])
        for window in self.windows.values():
            window.roll(now)
        empty = next((name for name, window in reversed(self.windows.items()) if window.used >= window.limit), None)
        if empty is None and len(log) - bisect_right(log, now - 1.0) >= self.second:
            self.refused.append((now, "second"))
            return Answer(429, self._headers(), "Too many requests")
        if empty is not None:
            self.refused.append((now, empty))
            wait = max(self.windows[empty].turn - now, 0.0)
            text = (
                f"Daily API limit reached. Reset in {wait:.0f} seconds"
                if empty == "day"
                else f"Reset in {wait:.0f} seconds"
            )
            return Answer(429, self._headers(), text if self.says_when else "Too many requests")
        log.append(now)
        self.spend(now)
        return Answer(200, self._headers())

    def spend(self, now: float, requests: int = 1) -> bool:
        """Somebody else's requests, as far as they fit; False if one did not."""
        for _ in range(requests):
            for window in self.windows.values():
                window.roll(now)
            if any(window.used >= window.limit for window in self.windows.values()):
                return False
            for window in self.windows.values():
                window.spend(now)
        return True

    def usage(self, now: float) -> UsageWindows:
        """What account usage answers; asking costs nothing here."""
        found: dict[str, UsageWindow] = {}
        for name, window in self.windows.items():
            window.roll(now)
            turn = window.turn if window.turn > now else now + window.length
            found[name] = UsageWindow(window.limit, window.limit - window.used, datetime.fromtimestamp(turn, UTC))
        return UsageWindows(**found)

    def largest_burst(self, endpoint: str, window: float = 1.0) -> int:
        """The largest number of accepted requests in any `window` seconds."""
        log = self.accepted.get(endpoint, [])
        return max((i + 1 - bisect_right(log, moment - window) for i, moment in enumerate(log)), default=0)

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, window in self.windows.items():
            headers[f"x-rate-limit-{_WORDS[name]}"] = str(window.limit)
            headers[f"x-{_WORDS[name]}-requests-left"] = str(window.limit - window.used)
        return headers
