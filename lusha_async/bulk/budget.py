"""A ceiling that holds: the worst case of a request is set aside before it leaves, and settled when it is billed."""

from __future__ import annotations

from collections.abc import Callable

import anyio

from ..errors import LushaError

DUST = 1e-6
"""Credits may be decimals: differences below this are none."""


class BudgetExhausted(LushaError):
    """`max_credits` does not allow another request, by its worst case. Nothing more was sent."""

    hint = "Run it again with a higher max_credits to go on."

    def __init__(self, text: str, *, max_credits: float, charged: float, credits_in_doubt: float) -> None:
        super().__init__(text)
        self.max_credits = max_credits
        self.charged = charged
        self.credits_in_doubt = credits_in_doubt


class Reservation:
    """Credits set aside for one request under way. Settle it exactly once."""

    __slots__ = ("amount", "count", "listed")

    def __init__(self, count: int, amount: float, listed: float) -> None:
        self.count = count
        """Records it covers."""
        self.amount = amount
        """Credits set aside."""
        self.listed = listed
        """The worst case by the price lists alone."""


class Budget:
    """The credits of one run: ``charged + reserved + in_doubt`` never exceeds the ceiling.

    Until a first request has been charged only one is under way at a time: should the price lists be wrong, one request
    finds out. A charge above its worst case raises the worst case of everything after it.
    """

    def __init__(self, ceiling: float, *, charged: float = 0.0, in_doubt: float = 0.0) -> None:
        self.ceiling = ceiling
        self.charged = charged
        self.in_doubt = in_doubt
        self.reserved = 0.0
        self._under_way = 0
        self._confirmed = False
        self._factor = 1.0
        self._turn = anyio.Lock()
        self._changed = anyio.Event()

    @property
    def free(self) -> float:
        """Credits that nothing has a claim on."""
        return self.ceiling - self.charged - self.in_doubt - self.reserved

    async def reserve(self, worst: Callable[[int], float], count: int) -> Reservation:
        """Set aside the worst case of `count` records, or of as many as fit once nothing else is under way.

        Raises `BudgetExhausted` when not even one fits.
        """
        async with self._turn:
            while True:
                if self._confirmed or not self._under_way:
                    fits = self._fitting(worst, count)
                    if fits == count or (fits and not self._under_way):
                        return self._take(worst, fits)
                    if not self._under_way:
                        raise self._exhausted(self._factor * worst(1))
                await self._changed.wait()

    def _fitting(self, worst: Callable[[int], float], count: int) -> int:
        """How many of `count` records may be asked about at most."""
        free = self.free + DUST
        if self._factor * worst(count) <= free:
            return count
        low, high = 0, count
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._factor * worst(middle) <= free else (low, middle)
        return low

    def _take(self, worst: Callable[[int], float], count: int) -> Reservation:
        listed = worst(count)
        found = Reservation(count, self._factor * listed, listed)
        self.reserved += found.amount
        self._under_way += 1
        return found

    def settle(self, reservation: Reservation, *, charged: float, doubtful: float) -> None:
        """The request has ended: it was `charged` this, and `doubtful` credits may still be, or may have been."""
        self._under_way -= 1
        self.reserved = self.reserved - reservation.amount if self._under_way else 0.0
        self.charged += charged
        self.in_doubt += doubtful
        if charged > 0:
            self._confirmed = True
            self._factor = max(self._factor, charged / reservation.listed) if reservation.listed > 0 else self._factor
        self._changed.set()
        self._changed = anyio.Event()

    def _exhausted(self, needed: float) -> BudgetExhausted:
        doubt = f", {self.in_doubt:g} in doubt" if self.in_doubt > DUST else ""
        return BudgetExhausted(
            f"max_credits={self.ceiling:g} is used up: {self.charged:g} charged{doubt}, "
            f"and the next record could cost {needed:g}.",
            max_credits=self.ceiling,
            charged=self.charged,
            credits_in_doubt=self.in_doubt,
        )
