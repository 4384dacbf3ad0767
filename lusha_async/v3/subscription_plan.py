"""What has to change for an account's subscriptions to be a wanted set: arithmetic only, no calls.

The API keeps one subscription for each entity: creating a second one is refused as DUPLICATE_SUBSCRIPTION. So a
subscription is recognised by its entity, and another URL, name or other signals are an update, not a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Literal, cast

import msgspec

from ..errors import InvalidRequest, LushaError
from ..model import Model, RequestModel
from .checks import request_of, tokens
from .subscriptions_types import AuditLogEntry, NewSubscription, Subscription, webhook_name, webhook_url

OPT_OUT = "optOut"
"""The signal type of the account's opt-out subscription, which no plan touches."""


class WantedSubscription(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subscription that should exist. What is left out holds for all of a set: see `sync`."""

    entity_id: str
    entity_type: str | None = None
    signal_types: tuple[str, ...] | None = None
    url: str | None = None
    name: str | None = None


WantedLike = str | WantedSubscription | NewSubscription | Mapping[str, Any]
"""An entity id, a `WantedSubscription` or `NewSubscription`, or a mapping with the same names."""


class Goal(RequestModel, frozen=True, kw_only=True):
    """A wanted subscription with nothing left open. Without a name, any name will do."""

    entity_type: str
    entity_id: str
    signal_types: tuple[str, ...]
    url: str
    name: str | None = None

    @property
    def entity(self) -> tuple[str, str]:
        """What it is recognised by."""
        return self.entity_type, self.entity_id

    def met_by(self, found: Subscription) -> bool:
        """Whether a subscription is as wanted, apart from being switched off."""
        return (
            found.url == self.url
            and set(found.signal_types or ()) == set(self.signal_types)
            and self.name in {None, found.name}
        )


class Action(StrEnum):
    """What is done to a subscription."""

    CREATE = "create"
    UPDATE = "update"
    """Other signals, URL or name; switched on again as well where it was off."""
    REACTIVATE = "reactivate"
    DELETE = "delete"


class Change(Model, frozen=True, kw_only=True, gc=True):
    """One difference, and what became of it."""

    action: Action
    status: Literal["done", "failed", "unknown", "not_sent"] = "not_sent"
    """``unknown``: sent, and no answer came. ``not_sent``: a dry run, a deletion that is held back, an ended run."""
    entity_type: str | None = None
    entity_id: str | None = None
    subscription_id: str | None = None
    before: Subscription | None = None
    """As it was; `block_reason` and `blocked_at` tell why it was off. None where it is new."""
    goal: Goal | None = None
    """As it should be. None for a deletion."""
    subscription: Subscription | None = None
    """As it is now, where the API said so."""
    error: LushaError | None = None


class SyncReport(Model, frozen=True, kw_only=True, gc=True):
    """What a `sync` did, or in a dry run would do: every difference with its own result."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    """Subscriptions that were as wanted."""
    dry_run: bool = False
    ended_by: LushaError | None = None
    """Why the rest was not sent, where the account could not go on."""

    @property
    def complete(self) -> bool:
        """True when the account is as wanted now."""
        return not self.failed

    @property
    def failed(self) -> tuple[Change, ...]:
        """Whatever is not done. Repeat the `sync` once the causes are mended: it takes up what is left."""
        return tuple(change for change in self.changes if change.status != "done")

    def count(self, action: Action | str, status: str | None = None) -> int:
        """How many changes of one kind, of all statuses or one."""
        return sum(each.action == action and status in {None, each.status} for each in self.changes)

    def __str__(self) -> str:
        if self.dry_run:
            planned = [f"{self.count(action)} to {action}" for action in Action if self.count(action)]
            return f"{', '.join(planned) or 'nothing to do'}; {self.unchanged} unchanged; nothing was changed (dry run)"
        words = {"done": "", "failed": " failed", "unknown": " with an unknown outcome", "not_sent": " not sent"}
        said = [
            f"{self.count(action, status)} {action}{word}"
            for action in Action
            for status, word in words.items()
            if self.count(action, status)
        ]
        return f"{', '.join(said) or 'nothing to do'}; {self.unchanged} unchanged"


class Reactivation(Model, frozen=True, kw_only=True, gc=True):
    """A subscription that was off, why, and what became of it."""

    before: Subscription
    """As it was: `block_reason`, `blocked_at`."""
    failures: tuple[AuditLogEntry, ...] = ()
    """Deliveries that failed, newest first, from the audit log."""
    lost: int = 0
    """Deliveries of the log that failed for good: Lusha does not send them again."""
    subscription: Subscription | None = None
    """As it is now; None when it could not be switched on, and `error` says why."""
    error: LushaError | None = None

    @property
    def why(self) -> str:
        """One sentence, without anybody's data.

        >>> off = Subscription(id="1", block_reason="MAX_RETRIES_EXCEEDED", blocked_at="2026-01-01T00:00:00Z")
        >>> Reactivation(before=off, failures=(AuditLogEntry(status_code=503),) * 4, lost=1).why
        'MAX_RETRIES_EXCEEDED at 2026-01-01T00:00:00Z; 1 lost; the last attempts: HTTP 503, HTTP 503, HTTP 503'
        """
        reason = self.before.block_reason or "switched off without a reason"
        when = f" at {self.before.blocked_at}" if self.before.blocked_at else ""
        last = [f"HTTP {each.status_code}" if each.status_code else each.error or "no answer" for each in self.failures]
        attempts = f"the last attempts: {', '.join(last[:3])}" if last else "the log holds no failed attempt"
        return f"{reason}{when}; {self.lost} lost; {attempts}"


def goals(
    wanted: WantedLike | Iterable[WantedLike],
    *,
    url: str | None = None,
    entity_type: str | None = None,
    signal_types: Iterable[str] | None = None,
) -> tuple[Goal, ...]:
    """The wanted set, checked, each entity once. Raises `InvalidRequest` naming the record and the field."""
    alone = isinstance(wanted, str | Mapping | msgspec.Struct)
    items = cast("Iterable[WantedLike]", (wanted,) if alone else wanted)
    url = None if url is None else webhook_url(url)
    types = None if signal_types is None else tokens(signal_types, field="signal_types")
    found: dict[tuple[str, str], Goal] = {}
    for index, item in enumerate(items):
        goal = _goal(item, index, url, entity_type, types)
        if found.setdefault(goal.entity, goal) != goal:
            raise InvalidRequest(
                f"an earlier record wants something else for this {goal.entity_type}; the API keeps one subscription",
                index=index,
                field="entity_id",
            )
    return tuple(found.values())


def _goal(
    item: WantedLike, index: int, url: str | None, entity_type: str | None, types: tuple[str, ...] | None
) -> Goal:
    given: Any = {"entity_id": item} if isinstance(item, str) else item
    if isinstance(given, NewSubscription):
        given = msgspec.structs.asdict(given)
    wanted = request_of(WantedSubscription, given, field=f"wanted[{index}]")
    full: dict[str, Any] = {
        "entity_id": wanted.entity_id.strip(),
        "entity_type": wanted.entity_type or entity_type,
        "signal_types": tokens(wanted.signal_types, field="signal_types") if wanted.signal_types else types,
        "url": webhook_url(wanted.url) if wanted.url else url,
    }
    for field, value in full.items():
        if not value:
            raise InvalidRequest(f"{field} is missing: give it for all, or with this one", index=index, field=field)
    return Goal(**full, name=webhook_name(wanted.name, index=index))


def plan_sync(
    existing: Iterable[Subscription], wanted: Iterable[Goal], *, delete: bool = True
) -> tuple[tuple[Change, ...], int]:
    """The changes that turn `existing` into `wanted`, in the order in which they are safe, and how many fit already.

    The opt-out subscription is never touched; `delete=False` keeps strangers.
    """
    missing = {goal.entity: goal for goal in wanted}
    listed = {each.id: each for each in existing if each.id and not _is_opt_out(each)}
    nearest = sorted(listed.values(), key=lambda each: _distance(each, missing.get(_entity(each))))
    changes: dict[Action, list[Change]] = {action: [] for action in Action}
    unchanged = 0
    for each in nearest:
        goal = missing.pop(_entity(each), None)
        if goal is None:
            action = Action.DELETE
        elif not goal.met_by(each):
            action = Action.UPDATE
        elif each.is_active is False:
            action = Action.REACTIVATE
        else:
            unchanged += 1
            continue
        changes[action].append(_change(action, each, goal))
    changes[Action.CREATE] = [
        Change(action=Action.CREATE, entity_type=goal.entity_type, entity_id=goal.entity_id, goal=goal)
        for goal in missing.values()
    ]
    if not delete:
        changes[Action.DELETE] = []
    return tuple(change for found in changes.values() for change in found), unchanged


def _change(action: Action, found: Subscription, goal: Goal | None) -> Change:
    return Change(
        action=action,
        entity_type=found.entity_type,
        entity_id=found.entity_id,
        subscription_id=found.id,
        before=found,
        goal=goal,
    )


def _entity(found: Subscription) -> tuple[str, str]:
    return found.entity_type or "", found.entity_id or ""


def _distance(found: Subscription, goal: Goal | None) -> tuple[bool, bool]:
    """Should one entity have several subscriptions after all, the one that fits best is kept."""
    return goal is None or not goal.met_by(found), found.is_active is False


def _is_opt_out(found: Subscription) -> bool:
    return found.entity_id is None or OPT_OUT in (found.signal_types or ())
