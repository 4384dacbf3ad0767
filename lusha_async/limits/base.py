"""The words of this package: what a client asks for, what it gets, what it tells afterwards. No behaviour."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ..endpoint import LimitGroup

if TYPE_CHECKING:
    from datetime import datetime

    from ..clock import Clock
    from .quota import QuotaView, UsageWindows

DEFAULT_MAX_WAIT = 120.0
"""Seconds a call may be held back by an empty window before `QuotaExhausted` is raised instead."""

AskUsage = Callable[[], Awaitable["UsageWindows"]]
"""One call of account usage: how the limiter learns when a window turns. It costs one of its five a minute."""


class Priority(enum.IntEnum):
    """Who goes first at the same endpoint. Within one priority: first come, first served."""

    INTERACTIVE = 0
    """Somebody waits for this one call."""
    BULK = 1
    """One of many calls of a run."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a call counts against: its endpoint (``POST /v3/contacts/enrich``) and the group that endpoint is in."""

    endpoint: str
    group: LimitGroup = LimitGroup.ENDPOINT


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a 429 meant."""

    window: str | None
    """``"second"``, ``"minute"``, ``"hour"`` or ``"day"``; None where nothing tells."""
    wait: float
    """Seconds until a repeat makes sense; 0 for a trial's limit, where none does."""
    resume_at: datetime | None
    """The same as a moment (UTC)."""
    trial: bool = False
    """The trial's limit: never ask again."""


@runtime_checkable
class Permit(Protocol):
    """Leave to send one request. Tell it what became of the request: each of the four is safe to call late or twice."""

    @property
    def waited(self) -> float:
        """Seconds spent waiting for it."""
        ...

    @property
    def reason(self) -> str | None:
        """What was waited for, as text; None when nothing was."""
        ...

    def sent(self) -> None:
        """The request leaves now (aiohttp's ``on_request_headers_sent``): its window counts from here.

        Called again when its body is written, because until then the headers may be held back: the later moment counts.
        """
        ...

    def unsent(self) -> None:
        """It never left (no connection, cancelled before): the slot goes back."""
        ...

    def answered(self, status: int, headers: Mapping[str, str], message: str | None = None) -> Verdict | None:
        """An answer came. Learns from it; for a 429 closes the gate and says what the 429 meant."""
        ...

    def lost(self) -> None:
        """It left and no answer came: counted as spent."""
        ...


@runtime_checkable
class PathWatcher(Protocol):
    """What a `Permit` may be besides: one that learns how evenly the network carries. Without these two it learns less.

    Both are told only where the request opens a connection of its own, before `Permit.sent`.
    """

    def connecting(self) -> None:
        """A connection is being opened for the request (aiohttp's ``on_connection_create_start``)."""
        ...

    def connected(self) -> None:
        """The connection is open, its TLS included."""
        ...


class Limits(Protocol):
    """What `LushaClient(limits=...)` takes. `LocalLimits` is the default, `RedisLimits` is shared by many processes."""

    ask_usage: AskUsage | None
    """Set by the client: asks account usage when a window is empty and nobody knows when it turns."""

    def bind(self, *, account: str, clock: Clock) -> None:
        """Called once by the client. `account` is a digest of the API key, never the key itself."""
        ...

    async def acquire(
        self, scope: Scope, *, priority: Priority = Priority.INTERACTIVE, max_wait: float = DEFAULT_MAX_WAIT
    ) -> Permit:
        """Wait for a turn. Raises `QuotaExhausted` once an empty window is known to turn later than `max_wait`."""
        ...

    @property
    def quota(self) -> QuotaView:
        """What is known now: windows, the gate, what is being waited for."""
        ...

    async def start(self) -> None:
        """Open what it holds."""
        ...

    async def aclose(self) -> None:
        """Close what it holds."""
        ...
