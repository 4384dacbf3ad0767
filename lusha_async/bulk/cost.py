"""What a request may cost: prices, and ranges of credits. Pure code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..plain import is_object

DOCUMENTED: Mapping[str, tuple[float, float]] = {
    "contactSearch": (1, 25),
    "companySearch": (1, 25),
    "revealEmail": (1, 1),
    "revealPhone": (5, 1),
    "revealCompany": (1, 1),
    "lookalike": (1, 5),
    "showSignalsContact": (1, 1),
    "showSignalsCompany": (1, 1),
    "tableRead": (1, 1),
}
"""Credits for every started quantity of an action, as account usage showed them in 2026."""


class Cost(NamedTuple):
    """Credits: the least, the likely and the most that something is charged."""

    least: float
    likely: float
    most: float

    def __add__(self, other: object) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        return Cost(self.least + other.least, self.likely + other.likely, self.most + other.most)

    def __str__(self) -> str:
        return f"{self.least:g} to {self.most:g} credits, likely {self.likely:g}"


NOTHING = Cost(0.0, 0.0, 0.0)


class Prices:
    """The account's price list, where it says something, beside the documented one."""

    def __init__(self, listed: Mapping[str, tuple[float, float]] | None = None) -> None:
        self._listed = dict(listed or {})

    @property
    def from_account(self) -> bool:
        """Whether the account's own list is known; else the documented one stands alone."""
        return bool(self._listed)

    def likely(self, action: str, count: float) -> float:
        """Credits for `count` units by the account's own list."""
        return _started(self._listed.get(action) or DOCUMENTED.get(action, (0.0, 1.0)), count)

    def most(self, action: str, count: float) -> float:
        """Credits for `count` units by the dearer of both lists: they are known to contradict each other."""
        known = [price for price in (self._listed.get(action), DOCUMENTED.get(action)) if price is not None]
        return max((_started(price, count) for price in known), default=0.0)


def _started(price: tuple[float, float], count: float) -> float:
    amount, quantity = price
    return amount * math.ceil(count / quantity)


def prices_of(usage: Any) -> Prices:
    """The price list inside an answer of account usage; whatever is strange in it is left out."""
    listed: dict[str, tuple[float, float]] = {}
    pricing: object = getattr(usage, "pricing", None)
    for action, price in pricing.items() if is_object(pricing) else ():
        amount, quantity = getattr(price, "credits", None), getattr(price, "per_quantity", None)
        if amount is not None and amount >= 0:
            listed[action] = (float(amount), float(quantity) if quantity and quantity > 0 else 1.0)
    return Prices(listed)
