"""What a store has to do: an inbox and a memory in one, so that remembering and keeping happen in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from lusha_async.errors import LushaError

if TYPE_CHECKING:
    from collections.abc import Sequence


class StoreFull(LushaError):
    """No room to remember one more delivery without forgetting one that could still be repeated."""

    hint = "Give MemoryStore a larger capacity, or use SQLiteStore."


class Kept(msgspec.Struct, frozen=True, gc=False):
    """A delivery that was acknowledged and not handled yet."""

    key: str
    payload: bytes
    claims: int
    """How many times it has been taken up, this time included."""

    def __repr__(self) -> str:
        return f"Kept(key={self.key!r}, payload=<{len(self.payload)} bytes>, claims={self.claims})"


class Store(Protocol):
    """An inbox that survives what its kind survives. All times are Unix seconds on the receiver's clock.

    A delivery is *pending* under a lease from `add` to `done`, `bury` or `forget`. The process that holds the lease
    renews it; when it dies the lease runs out and `claim` hands the delivery to whoever asks next. Keys are digests
    of signed material: nobody without the secret can place one.
    """

    durable: bool
    """Whether a delivery survives this process."""

    async def open(self) -> None:
        """Make ready for use."""
        ...

    async def close(self) -> None:
        """Give up what was opened."""
        ...

    async def add(self, key: str, payload: bytes, *, now: float, lease: float, window: float, guard: float) -> bool:
        """Keep a new delivery and remember its key, in one step. False: known already.

        For `window` seconds, or, where room is short, at least for `guard`: as long as a copy would not be stale.
        """
        ...

    async def claim(self, limit: int, *, now: float, lease: float) -> Sequence[Kept]:
        """Take up to `limit` pending deliveries whose lease has run out, oldest first, under a new lease."""
        ...

    async def renew(self, keys: Sequence[str], *, now: float, lease: float) -> None:
        """Hold these for another `lease` seconds; 0 gives them up."""
        ...

    async def done(self, key: str) -> None:
        """Handled: drop the payload, remember the key."""
        ...

    async def bury(self, key: str) -> None:
        """Not to be tried again: a dead letter, kept for a person to look at where the store can."""
        ...

    async def forget(self, key: str) -> None:
        """Undo `add`: a repeat of it is welcome."""
        ...

    async def prune(self, *, now: float) -> None:
        """Forget the keys whose window is over."""
        ...
