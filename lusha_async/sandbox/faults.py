"""Everything that can go wrong between a client and the API, on demand."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec

KINDS: dict[str, str] = {
    "429": "refused as too many requests; nothing is processed",
    "499": "refused: the server gave up waiting; nothing is processed",
    "500": "internal error; nothing is processed",
    "502": "bad gateway as JSON; nothing is processed",
    "503": "unavailable; nothing is processed",
    "504": "gateway timeout; processed and charged, the answer is lost",
    "html": "502 with an HTML page, as a proxy in front sends it; nothing is processed",
    "empty": "200 with no body at all; processed and charged",
    "truncated": "200 whose JSON stops in the middle, under a correct Content-Length; processed and charged",
    "cut": "the connection closes in the middle of the body; processed and charged",
    "reset_before": "the connection is reset before anything is processed",
    "reset_after": "processed and charged, then the connection is reset",
    "slow": "processed and charged, then nothing for `stall` seconds",
    "odd_types": "200, valid JSON: numbers as text, nulls, lists for texts, new fields, new enum values",
    "drop_items": "200 from which one item is missing; charged in full",
    "extra_items": "200 with one item nobody asked for",
    "duplicate_items": "200 in which one item stands twice",
}
"""Every kind of fault, and what it does."""

BEFORE = frozenset({"429", "499", "500", "502", "503", "html", "reset_before"})
"""Kinds that strike before the request is processed: nothing is charged."""


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which requests go wrong, and how.

    `rate` is the share of requests (0 to 1) that meet one of `kinds`, each kind equally often; `rates` gives kinds
    shares of their own, on top. `endpoints` limits all of it to paths that start with one of them. `stall` is how long
    "slow" stays silent, `forms` which kinds of 429 text are used. The same `seed` and the same sequence of requests
    meet the same faults.
    """

    rate: float = 0.0
    kinds: tuple[str, ...] = tuple(KINDS)
    rates: dict[str, float] = msgspec.field(default_factory=dict[str, float])
    endpoints: tuple[str, ...] = ()
    stall: float = 3_600.0
    forms: tuple[str, ...] = ("plain",)
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = (set(self.kinds) | set(self.rates)) - set(KINDS)
        if unknown:
            raise ValueError(f"unknown fault kinds {sorted(unknown)}; there are {sorted(KINDS)}")
        shares = [self.rate, *self.rates.values()]
        if any(not 0 <= share <= 1 for share in shares) or sum(shares) > 1:
            raise ValueError("fault rates are shares: each 0 to 1, and no more than 1 together")


class FaultSource:
    """Deals the faults of one `Faults`, request after request."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._random = random.Random(faults.seed)

    def draw(self, path: str) -> str | None:
        """The fault of the next request, or None."""
        faults = self.faults
        if not faults.rate and not faults.rates:
            return None
        if faults.endpoints and not path.startswith(faults.endpoints):
            return None
        point = self._random.random()
        if point < faults.rate and faults.kinds:
            return faults.kinds[int(point / faults.rate * len(faults.kinds))]
        point -= faults.rate
        for kind, share in faults.rates.items():
            if 0 <= point < share:
                return kind
            point -= share
        return None

    def form(self) -> str:
        """The text form of the next 429."""
        return self.pick(self.faults.forms)

    def pick(self, choices: Sequence[str]) -> str:
        """One of several, by the same dice."""
        return choices[self._random.randrange(len(choices))]
