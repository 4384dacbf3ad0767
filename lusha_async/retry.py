"""What may be sent again, and when. A pure function of what went wrong and of what a repeat would cost."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from .endpoint import Repeat


class Failure(enum.Enum):
    """How an attempt ended, as far as a repeat is concerned."""

    NOT_SENT = "not sent"
    """No connection: the request never left."""
    LIMITED = "limited"
    """429: refused unread. The limiter knows how long to wait."""
    SERVER = "server fault"
    """500, 502, 503 and their like: Lusha says that nothing is charged, nobody has measured it."""
    UNKNOWN = "unknown outcome"
    """Timeout after sending, reset, cut or unreadable body, 499, 504: it may have been done and charged."""
    FINAL = "final"
    """Any other answer. Asking again would bring the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Bounds of the automatic repeats. Times are seconds."""

    max_attempts: int = 5
    """Sends of one call, the first included. Refusals by a limit (429) are counted apart, with the same bound."""
    max_elapsed: float = 300.0
    """No repeat starts later than this after the first attempt. Waits for a limit's window do not count."""
    initial: float = 1.0
    """The first pause; each further one is twice as long."""
    maximum: float = 60.0
    """The longest pause."""

    def pause(self, attempt: int, jitter: float) -> float:
        """Seconds to wait after failed attempt number `attempt` (from 1); `jitter` in [0, 1) spreads it over its
        upper half, so that tasks that failed together do not come back together."""
        full = min(self.maximum, self.initial * 2.0 ** min(attempt - 1, 32))
        return full * (0.5 + 0.5 * jitter)


def may_repeat(failure: Failure, repeat: Repeat, *, allow_repeat: bool = False) -> bool:
    """Whether an automatic repeat can cost no more than it could lose."""
    if failure is Failure.FINAL:
        return False
    if failure in (Failure.NOT_SENT, Failure.LIMITED):
        return True
    return allow_repeat or repeat in (Repeat.FREE, Repeat.CHEAP)


def pause_before_repeat(
    failure: Failure,
    *,
    repeat: Repeat,
    allow_repeat: bool,
    attempt: int,
    elapsed: float,
    policy: RetryPolicy,
    jitter: float,
) -> float | None:
    """Seconds until the call may be sent again, or None when it may not. `attempt` counts from 1.

    After a 429 the pause is zero: the limiter holds the call back until its window turns.
    """
    if attempt >= policy.max_attempts or not may_repeat(failure, repeat, allow_repeat=allow_repeat):
        return None
    if failure is Failure.LIMITED:
        return 0.0
    pause = policy.pause(attempt, jitter)
    return pause if elapsed + pause <= policy.max_elapsed else None


def failure_of(status: int) -> Failure:
    """What an error status means for a repeat."""
    if status == 429:
        return Failure.LIMITED
    if status in (499, 504, 408):
        return Failure.UNKNOWN
    return Failure.SERVER if status >= 500 else Failure.FINAL
