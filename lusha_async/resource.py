"""What every group of methods stands on: a way to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from .limits.quota import Quota

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .decode import Problem
    from .endpoint import Endpoint
    from .inflate import Packed

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Generic[T]):
    """An answer, whole: the typed data, the bytes it came in, and how it was got."""

    data: T
    raw: bytes
    status: int
    headers: Mapping[str, str]
    attempts: int
    elapsed: float
    """Seconds from the first attempt to the answer, waits included."""
    waited: float = 0.0
    """Seconds of it spent waiting for the limits."""
    problems: tuple[Problem, ...] = ()
    """Values that did not fit their fields: None there, intact in `raw`."""
    packed: Packed | None = None
    """`raw` as it came over the wire, if it came compressed: a fifth of the size, for whoever keeps many."""

    @property
    def quota(self) -> Quota | None:
        """The plan's windows as the headers show them; None where they say nothing."""
        return Quota.from_headers(self.headers) or None

    def __repr__(self) -> str:
        return (
            f"Reply(status={self.status}, {len(self.raw)} bytes, attempts={self.attempts}, elapsed={self.elapsed:.3f})"
        )


class Sender(Protocol):
    """Sends one call of an operation and brings the whole reply. `LushaClient` is one."""

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Any = None,
        body: Any = None,
        timeout: float | None = None,
        max_wait: float | None = None,
        allow_repeat: bool = False,
        bulk: bool = False,
        on_sent: Callable[[float], None] | None = None,
    ) -> Reply[T]:
        """`on_sent` is told, when the request first leaves, how many seconds it had waited for the limits."""
        ...


class Resource:
    """A group of methods. Holds nothing but the way to send."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def _call(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Any = None,
        body: Any = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> T:
        reply = await self._sender.send(
            endpoint, path=path, query=query, body=body, timeout=timeout, allow_repeat=allow_repeat
        )
        return reply.data
