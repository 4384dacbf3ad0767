"""The default store: this process's memory. Repeats are recognised; a restart forgets everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Kept, StoreFull

if TYPE_CHECKING:
    from collections.abc import Sequence


class MemoryStore:
    """Remembers up to `capacity` keys (about 200 bytes each), for as long as the receiver's window.

    It keeps no payloads: what is acknowledged and not handled when the process dies is lost. Use `SQLiteStore` where
    that matters. When it is full the oldest keys go, but none whose copy would still be accepted: rather than take a
    replay, deliveries are then answered 503.
    """

    durable = False

    def __init__(self, *, capacity: int = 250_000) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._capacity = capacity
        self._known: dict[str, tuple[float, float]] = {}
        """Key to when it came and when it may be forgotten, in the order they came."""

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def add(self, key: str, payload: bytes, *, now: float, lease: float, window: float, guard: float) -> bool:
        known = self._known.get(key)
        if known is not None and known[1] > now:
            return False
        self._known.pop(key, None)
        if len(self._known) >= self._capacity:
            self._make_room(now, guard)
        self._known[key] = (now, now + window)
        return True

    def _make_room(self, now: float, guard: float) -> None:
        oldest = next(iter(self._known))
        if now - self._known[oldest][0] <= guard:
            raise StoreFull(f"MemoryStore remembers {self._capacity} deliveries and all are recent.")
        del self._known[oldest]

    async def claim(self, limit: int, *, now: float, lease: float) -> Sequence[Kept]:
        return ()

    async def renew(self, keys: Sequence[str], *, now: float, lease: float) -> None:
        """Nothing to do: no other process can see them."""

    async def done(self, key: str) -> None:
        """Nothing to do: no payloads are kept."""

    async def bury(self, key: str) -> None:
        """Nothing to do: the receiver's `on_error` has the event."""

    async def forget(self, key: str) -> None:
        self._known.pop(key, None)

    async def prune(self, *, now: float) -> None:
        while self._known and self._known[oldest := next(iter(self._known))][1] <= now:
            del self._known[oldest]

    def __len__(self) -> int:
        return len(self._known)
