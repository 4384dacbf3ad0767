"""The API's limits: short sliding windows per endpoint, and the plan's minute, hour and day."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping

from .clock import Clock

SECONDS = {"minute": 60.0, "hour": 3_600.0, "day": 86_400.0}
"""Length of each plan window."""

HEADER_NAMES = {"minute": "minute", "hour": "hourly", "day": "daily"}

UNLIMITED = 1_000_000_000
"""What an unlimited plan shows in its headers."""

PLANS: Mapping[str, Mapping[str, int | None]] = {
    "unlimited": {"minute": UNLIMITED, "hour": UNLIMITED, "day": UNLIMITED},
    "free": {"minute": 40, "hour": None, "day": 100},
    "starter": {"minute": 40, "hour": None, "day": 100},
    "pro": {"minute": 50, "hour": 150, "day": 1_500},
    "premium": {"minute": 300, "hour": 1_800, "day": 18_000},
    "scale": {"minute": 300, "hour": 5_000, "day": 50_000},
    "legacy": {"minute": 300, "hour": 600, "day": 6_000},
}
"""Requests per window; None where the plan has no such window."""


class SlidingLog:
    """At most `limit` admissions in ANY `seconds`: the moments of the last ones are kept and looked at."""

    def __init__(self, limit: int, seconds: float = 1.0) -> None:
        self.limit = limit
        self.seconds = seconds
        self._moments: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Whether one more would fit at `now`; counts nothing."""
        moments = self._moments
        while moments and moments[0] <= now - self.seconds:
            moments.popleft()
        return len(moments) < self.limit

    def count(self, now: float) -> None:
        """One request at `now`."""
        self._moments.append(now)

    def wait(self, now: float) -> float:
        """Seconds until one more fits."""
        return max(self._moments[0] + self.seconds - now, 0.0) if not self.admits(now) else 0.0


class PlanWindow:
    """A window of fixed length that opens with its first request, or at full minutes, hours and days when `aligned`."""

    def __init__(self, limit: int | None, seconds: float, *, aligned: bool) -> None:
        self.limit = limit
        self.seconds = seconds
        self.aligned = aligned
        self.used = 0
        self._opened: float | None = None

    def roll(self, now: float) -> None:
        """Turn the window when its time is over."""
        if self._opened is not None and now >= self._opened + self.seconds:
            self.used = 0
            self._opened = None

    def spend(self, count: int, now: float) -> None:
        """Count `count` requests at `now`."""
        self.roll(now)
        if self._opened is None:
            self._opened = math.floor(now / self.seconds) * self.seconds if self.aligned else now
        self.used += count

    @property
    def left(self) -> int:
        """Requests left; 0 when overdrawn."""
        return UNLIMITED if self.limit is None else max(self.limit - self.used, 0)

    def resets_at(self, now: float) -> float:
        """Unix time at which the window turns; for one that is not open yet, when it would if it opened now."""
        if self._opened is not None:
            return self._opened + self.seconds
        start = math.floor(now / self.seconds) * self.seconds if self.aligned else now
        return start + self.seconds


class Limits:
    """All windows of one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._logs: dict[str, SlidingLog] = {}
        self.plan: dict[str, PlanWindow] = {}

    def set_plan(
        self, limits: Mapping[str, int | None], *, aligned: bool, lengths: Mapping[str, float] | None = None
    ) -> None:
        """Start with fresh windows of these limits."""
        seconds = {**SECONDS, **(lengths or {})}
        self.plan = {name: PlanWindow(limits.get(name), seconds[name], aligned=aligned) for name in SECONDS}

    def clear_logs(self) -> None:
        """Forget every short window."""
        self._logs.clear()

    def log(self, name: str, limit: int, seconds: float) -> SlidingLog:
        """The sliding log of an endpoint or of a group of them."""
        log = self._logs.get(name)
        if log is None or log.limit != limit:
            log = self._logs[name] = SlidingLog(limit, seconds)
        return log

    def exhausted(self) -> tuple[str, float] | None:
        """The empty plan window that opens last, and the seconds until it does; None when all have room."""
        now = self._clock.wall()
        empty: list[tuple[float, str]] = []
        for name, window in self._open_windows():
            window.roll(now)
            if not window.left:
                empty.append((window.resets_at(now) - now, name))
        if not empty:
            return None
        wait, name = max(empty)
        return name, wait

    def spend(self, counts: Mapping[str, int]) -> None:
        """Count requests against plan windows: ours, or a stranger's on the same account."""
        now = self._clock.wall()
        for name, count in counts.items():
            self.plan[name].spend(count, now)

    def headers(self) -> dict[str, str]:
        """Limit, left and usage of every window the plan has."""
        now = self._clock.wall()
        headers: dict[str, str] = {}
        for name, window in self._open_windows():
            window.roll(now)
            label = HEADER_NAMES[name]
            headers[f"x-rate-limit-{label}"] = str(window.limit)
            headers[f"x-{label}-requests-left"] = str(window.left)
            headers[f"x-{label}-usage"] = str(window.used)
        return headers

    def _open_windows(self) -> Iterator[tuple[str, PlanWindow]]:
        return ((name, window) for name, window in self.plan.items() if window.limit is not None)
