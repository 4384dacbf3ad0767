"""The plan's windows as the API tells them: the nine headers of every answer, and account usage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

WINDOWS = {"minute": 60.0, "hour": 3_600.0, "day": 86_400.0}
"""The plan's windows and their lengths in seconds."""

_WORDS = {"minute": "minute", "hour": "hourly", "day": "daily"}
"""Lusha's headers say minute, but hourly and daily."""
_NUMBER = re.compile(r"\s*(\d{1,15})(?:\.\d*)?\s*(?:[,;].*)?\Z")


class Window(msgspec.Struct, frozen=True):
    """One window of one answer. What the answer did not say is None."""

    limit: int | None = None
    left: int | None = None
    used: int | None = None


class Quota(msgspec.Struct, frozen=True):
    """The plan's windows as one answer showed them (the answers of concurrent calls arrive out of order)."""

    minute: Window | None = None
    hour: Window | None = None
    day: Window | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Quota:
        """Read Lusha's own headers; where they are missing, the two other families its documents mention.

        Never raises: a value that is no number is as good as none. Header names may come in any case.
        """
        lower = {str(name).lower(): str(value) for name, value in headers.items()}
        return cls(**{name: _window(lower, name) for name in WINDOWS})

    def windows(self) -> dict[str, Window]:
        """Those that are known, by name."""
        found = {"minute": self.minute, "hour": self.hour, "day": self.day}
        return {name: window for name, window in found.items() if window is not None}

    def __bool__(self) -> bool:
        return bool(self.minute or self.hour or self.day)


class UsageWindow(msgspec.Struct, frozen=True):
    """One window as account usage tells it: the only place that says when it turns."""

    limit: int | None = None
    left: int | None = None
    resets_at: datetime | None = None


class UsageWindows(msgspec.Struct, frozen=True):
    """What the limiter wants from account usage. A window the plan does not have is None."""

    minute: UsageWindow | None = None
    hour: UsageWindow | None = None
    day: UsageWindow | None = None

    def windows(self) -> dict[str, UsageWindow]:
        """Those that are known, by name."""
        found = {"minute": self.minute, "hour": self.hour, "day": self.day}
        return {name: window for name, window in found.items() if window is not None}


class WindowView(msgspec.Struct, frozen=True):
    """One of the plan's windows as the limiter sees it now."""

    limit: int | None
    left: int | None
    """Requests that may still be sent: those in flight are already taken off."""
    resets_at: datetime | None
    exact: bool
    """False: `resets_at` is the latest possible moment; it may well turn earlier."""


class QuotaView(msgspec.Struct, frozen=True):
    """The state of the limits now; take `limits.quota` again for a newer one. ``str()`` is fit for a progress bar."""

    minute: WindowView | None = None
    hour: WindowView | None = None
    day: WindowView | None = None
    waiting: str | None = None
    """Why nothing goes out, for example ``waiting for the hour window, 12 min``; None while requests flow."""
    resume_at: datetime | None = None
    """When it goes on."""
    queued: int = 0
    """Calls waiting for their turn."""
    in_flight: int = 0
    """Calls sent (or about to be) and not answered."""
    refused: int = 0
    """429s met so far."""
    shared: bool = True
    """False while a shared limiter has lost its server and works with its private share."""

    def __str__(self) -> str:
        if self.waiting:
            return self.waiting
        views = {"minute": self.minute, "hour": self.hour, "day": self.day}
        known = [f"{view.left} of {view.limit} left this {name}" for name, view in views.items() if view is not None]
        return ", ".join(known) or "limits not known yet"


def duration(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``12 min``, ``22 h 41 min``: as precise as somebody who waits wants it."""
    if seconds < 1:
        return f"{max(seconds, 0):.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def _window(headers: Mapping[str, str], name: str) -> Window | None:
    word = _WORDS[name]
    limit = _number(headers, f"x-rate-limit-{word}", f"x-ratelimit-limit-{word}", f"x-ratelimit-limit-{name}")
    left = _number(headers, f"x-{word}-requests-left", f"x-ratelimit-remaining-{word}", f"x-ratelimit-remaining-{name}")
    used = _number(headers, f"x-{word}-usage")
    if limit is None and left is None and used is None:
        return None
    if left is None and limit is not None and used is not None:
        left = max(limit - used, 0)
    return Window(limit=limit, left=left, used=used)


def _number(headers: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        match = _NUMBER.match(headers.get(name, ""))
        if match:
            return int(match[1])
    return None
