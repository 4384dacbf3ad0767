"""What every operation works on: the world, the account, the limits and the state, and the call in hand."""

from __future__ import annotations

import random
import uuid
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar, cast

from .account import Account, Bill, Credits
from .clock import Clock
from .courier import Courier
from .refusals import out_of_credits
from .settings import Settings
from .windows import PLANS, Limits
from .world import World, shared_world

B = TypeVar("B")
S = TypeVar("S")
Json = dict[str, Any]

_NUMBERS_KEPT = 20_000


class NumberBook:
    """Which person or company a V2 number belongs to. Numbers carry no identity, so the last ones given are kept."""

    def __init__(self) -> None:
        self._names: OrderedDict[int, str] = OrderedDict()

    def note(self, number: int, name: str) -> int:
        """Remember a number that is being given out; returns it."""
        self._names[number] = name
        if len(self._names) > _NUMBERS_KEPT:
            self._names.popitem(last=False)
        return number

    def name(self, number: str) -> str | None:
        """Whose number this is."""
        return self._names.get(int(number)) if number.isdecimal() and len(number) < 20 else None


class Backend:
    """One account's Lusha, without the HTTP around it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.world = shared_world(
            seed=settings.seed,
            size=settings.world_size,
            not_found=settings.not_found,
            restricted=settings.restricted,
        )
        self.courier = Courier(settings, clock)
        self.reset()

    def reset(self) -> None:
        """Back to the first moment: full account, fresh windows, no state."""
        settings = self.settings
        self.account = Account(settings.credits, settings.prices, remember=settings.track)
        self.limits = Limits(self.clock)
        self.set_plan()
        self.random = random.Random(settings.seed)
        self.people_numbers = NumberBook()
        self.company_numbers = NumberBook()
        self._stores: dict[type[Any], Any] = {}
        self.courier.forget()

    def store(self, kind: type[S]) -> S:
        """The one `kind` of this backend: where an area of the API keeps its state until the next reset."""
        found = self._stores.get(kind)
        if found is None:
            found = self._stores[kind] = kind()
        return cast("S", found)

    def set_plan(self) -> None:
        """Apply the plan of the settings, with fresh windows."""
        settings = self.settings
        self.limits.set_plan(PLANS[settings.plan], aligned=settings.aligned_windows, lengths=settings.window_seconds)

    def request_id(self) -> str:
        """A UUID that repeats with the seed."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


@dataclass(slots=True)
class Call(Generic[B]):
    """One request in hand: its decoded body (or query), path values, and its bill."""

    backend: Backend
    body: B
    path: Mapping[str, str]
    bill: Bill
    legacy: bool = False

    @property
    def world(self) -> World:
        """The invented world."""
        return self.backend.world

    @property
    def settings(self) -> Settings:
        """The knobs."""
        return self.backend.settings

    def settle(self) -> Credits:
        """Charge the bill; returns the credits. Refuses with 402, charging nothing, when the balance is too low."""
        account = self.backend.account
        if not account.affords(self.bill):
            raise out_of_credits(legacy=self.legacy, now=self.backend.clock.wall())
        return account.settle(self.bill)

    def billing(self, returned: int) -> Json:
        """Settle, and say so the way V3 does."""
        return {"creditsCharged": self.settle(), "resultsReturned": returned}


@dataclass(slots=True)
class Answer:
    """What an operation answers. `keys` are the people or companies asked about, for the statistics."""

    data: Any
    status: int = 200
    items: int = 0
    keys: list[int] = field(default_factory=list[int])


Handler = Callable[[Call[Any]], Answer | Coroutine[Any, Any, Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row of the route table. `body` or `query` names the shape that is checked before the handler runs."""

    method: str
    path: str
    handler: Handler
    body: type[Any] | None = None
    query: type[Any] | None = None
    group: Literal["endpoint", "usage", "webhooks"] = "endpoint"
    legacy: bool = False

    @property
    def name(self) -> str:
        """As limits and statistics know it: ``POST /v3/contacts/enrich``."""
        return f"{self.method} {self.path}"
