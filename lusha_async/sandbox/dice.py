"""Small fast dice: the same throws for the same key. Seeding the standard generator costs more than a whole profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = 2**64 - 1


class Dice:
    """A linear congruential generator with the few throws the world needs."""

    __slots__ = ("_state",)

    def __init__(self, key: int) -> None:
        self._state = key & _MASK

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` up to, but not including, `high`."""
        self._state = (self._state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) & _MASK
        return low + (self._state >> 33) % (high - low)

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.between(0, len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items: neighbours, from a random place on."""
        first, size = self.between(0, len(items)), len(items)
        return [items[(first + step) % size] for step in range(count)]
