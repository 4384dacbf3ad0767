"""What one call taught about the account's limits: a value to learn from, to keep, to send to other processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..endpoint import LimitGroup
from .base import Scope
from .quota import WINDOWS, Quota

if TYPE_CHECKING:
    from .wait import Wait


@dataclass(frozen=True, slots=True)
class Report:
    """One window of the plan, as an answer showed it."""

    left: int | None
    limit: int | None = None
    turn: float | None = None
    """When it turns (only account usage says so)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a 429 meant."""

    window: str | None
    """One of the plan's windows; None: the short window of the endpoint or of its group."""
    seconds: float | None
    """How long to wait; None: it did not say."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a call taught. Moments are readings of the monotonic clock of whoever learns from it."""

    scope: Scope
    sent: float
    """When the request left; for a lost one, when it was given up."""
    ok: bool = False
    lost: bool = False
    """It left and no answer came."""
    usage: bool = False
    """It is what account usage says, not the headers of an answer."""
    reports: Mapping[str, Report] = field(default_factory=dict[str, Report])
    refusal: Refusal | None = None


def refusal_of(scope: Scope, wait: Wait, quota: Quota) -> Refusal:
    """The window a 429 speaks of: what its headers show empty, what its text names, or one as long as the wait."""
    # "Reset in N seconds" counts whole seconds, and nobody knows whether up or down.
    seconds = wait.seconds + 1.0 if wait.seconds else wait.seconds
    empty = [name for name, window in quota.windows().items() if window.left == 0]
    if empty:
        return Refusal(empty[-1], seconds)
    if wait.window in WINDOWS and scope.group is LimitGroup.ENDPOINT:
        return Refusal(wait.window, seconds)
    shortest = 2.0 if scope.group is LimitGroup.ENDPOINT else 60.0
    if wait.window == "second" or wait.seconds is None or wait.seconds <= shortest:
        return Refusal(None, seconds)
    return Refusal(next((name for name, length in WINDOWS.items() if wait.seconds <= length), "day"), seconds)
