"""The credit account: a balance, a price list, and what was already bought."""

from __future__ import annotations

import math
from collections.abc import Mapping

Credits = int | float

PRICES: Mapping[str, tuple[Credits, int]] = {
    "contactSearch": (1, 25),
    "companySearch": (1, 25),
    "revealEmail": (1, 1),
    "revealPhone": (5, 1),
    "revealCompany": (1, 1),
    "lookalike": (1, 5),
    "buyingGroup": (1, 1),
    "showSignalsContact": (1, 1),
    "showSignalsCompany": (1, 1),
    "signalScoreContact": (1, 1),
    "signalScoreCompany": (1, 1),
    "tableRead": (1, 1),
    "tableRunColumn": (1, 1),
    "conversationSearch": (1, 25),
    "conversationTranscript": (1, 1),
    "webhookSignal": (1, 1),
}
"""Credits per quantity of each action: one price for every started `perQuantity`."""

_REVEALS = {"revealEmail": 0, "revealPhone": 1, "revealCompany": 2}
_SLOTS = 64


class Bill:
    """What one request would cost. Nothing is charged until the account settles it."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.total: Credits = 0
        self.dry = False
        self.reveals: set[int] = set()

    def per_results(self, action: str, count: int) -> None:
        """Charge `count` results of an action at its price per started quantity."""
        price, quantity = self._account.price(action)
        self.total += price * math.ceil(count / quantity)

    def reveal(self, action: str, key: int, slot: int = 0) -> Credits:
        """Charge one data point of the person or company `key`, unless this account has it already.

        `slot` tells data points of the same price apart.
        """
        mark = _mark(action, key, slot)
        if mark in self._account.revealed or mark in self.reveals:
            return 0
        self.reveals.add(mark)
        price = self._account.price(action)[0]
        self.total += price
        return price

    def add(self, amount: Credits) -> None:
        """Charge an amount that no list price covers."""
        self.total += amount


class Account:
    """Balance and memory of one customer. `remember=False` keeps no memory: every reveal is charged again."""

    def __init__(
        self, balance: Credits, prices: Mapping[str, tuple[Credits, int]] | None = None, *, remember: bool
    ) -> None:
        self.total = balance
        self.used: Credits = 0
        self.prices = {**PRICES, **(prices or {})}
        self.remember = remember
        self.revealed: set[int] = set()

    @property
    def remaining(self) -> Credits:
        """Credits left."""
        return whole(self.total - self.used)

    def price(self, action: str) -> tuple[Credits, int]:
        """Credits and quantity of an action; free when the price list lacks it."""
        return self.prices.get(action, (0, 1))

    def has(self, action: str, key: int, slot: int = 0) -> bool:
        """Whether this data point was bought before."""
        return _mark(action, key, slot) in self.revealed

    def affords(self, bill: Bill) -> bool:
        """Whether the balance covers the bill. A bill of nothing is always covered."""
        return not bill.total or bill.total <= self.remaining

    def settle(self, bill: Bill) -> Credits:
        """Charge the bill and remember what it bought."""
        self.used = whole(self.used + bill.total)
        if self.remember:
            self.revealed |= bill.reveals
        return whole(bill.total)


def _mark(action: str, key: int, slot: int) -> int:
    return (key * 3 + _REVEALS[action]) * _SLOTS + slot


def whole(amount: Credits) -> Credits:
    """3.0 as 3; 2.5 stays, with binary dust rounded away."""
    rounded = round(amount, 6)
    return int(rounded) if rounded == int(rounded) else rounded
