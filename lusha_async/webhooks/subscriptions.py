"""What has to change for an account's subscriptions to be a wanted set: arithmetic only, no calls.

The API keeps one subscription for each entity: creating a second one is refused as DUPLICATE_SUBSCRIPTION. So a
subscription is recognised by its entity, and another URL or other signals are an update, not a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

import msgspec

from .optout import OPT_OUT

T = TypeVar("T")

BATCH = 25
"""Subscriptions the API creates or deletes in one request."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription that should exist. `signal_types` has Lusha's names; their order does not matter."""

    entity_type: str
    entity_id: str
    signal_types: tuple[str, ...]
    url: str
    name: str | None = None

    def __post_init__(self) -> None:
        if not (self.entity_type and self.entity_id and self.signal_types and self.url):
            raise ValueError("a wanted subscription has an entity_type, an entity_id, signal_types and a url")


class Existing(Protocol):
    """A subscription as the API lists it."""

    @property
    def id(self) -> str | None:
        """Its own id."""
        ...

    @property
    def entity_type(self) -> str | None:
        """``contact`` or ``company``."""
        ...

    @property
    def entity_id(self) -> str | int | None:
        """Whom it watches; the account's opt-out subscription has none."""
        ...

    @property
    def signal_types(self) -> Sequence[str] | None:
        """What it reports."""
        ...

    @property
    def url(self) -> str | None:
        """Where to."""
        ...

    @property
    def is_active(self) -> bool | None:
        """False after deliveries failed for good."""
        ...


class SyncPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The differences. `update` and `reactivate` name subscriptions by id; an inactive one that differs is in both."""

    create: tuple[Wanted, ...] = ()
    update: tuple[tuple[str, Wanted], ...] = ()
    reactivate: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """True when the account is as it should be."""
        return not (self.create or self.update or self.reactivate or self.delete)


def plan_sync(existing: Iterable[Existing], wanted: Iterable[Wanted], *, delete: bool = True) -> SyncPlan:
    """What turns `existing` into `wanted`. The opt-out subscription is never touched; `delete=False` keeps strangers.

    Raises `ValueError` when two wanted subscriptions are for one entity and differ.
    """
    missing = _by_entity(wanted)
    update: list[tuple[str, Wanted]] = []
    reactivate: list[str] = []
    superfluous: list[str] = []
    unchanged: list[str] = []
    for each in existing:
        if not each.id or _is_opt_out(each):
            continue
        goal = missing.pop((each.entity_type or "", str(each.entity_id)), None)
        if goal is None:
            superfluous.append(each.id)
            continue
        differs = each.url != goal.url or set(each.signal_types or ()) != set(goal.signal_types)
        if differs:
            update.append((each.id, goal))
        if each.is_active is False:
            reactivate.append(each.id)
        elif not differs:
            unchanged.append(each.id)
    return SyncPlan(
        create=tuple(missing.values()),
        update=tuple(update),
        reactivate=tuple(reactivate),
        delete=tuple(superfluous) if delete else (),
        unchanged=tuple(unchanged),
    )


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """`items` in slices the API takes.

    >>> [len(part) for part in batches(range(60))]
    [25, 25, 10]
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _by_entity(wanted: Iterable[Wanted]) -> dict[tuple[str, str], Wanted]:
    found: dict[tuple[str, str], Wanted] = {}
    for each in wanted:
        entity = (each.entity_type, each.entity_id)
        if found.setdefault(entity, each) != each:
            raise ValueError(f"two different subscriptions are wanted for one {each.entity_type}; the API keeps one")
    return found


def _is_opt_out(each: Existing) -> bool:
    return each.entity_id is None or OPT_OUT in (each.signal_types or ())
