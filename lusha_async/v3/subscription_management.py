"""Webhooks managed with comfort: a wanted set, subscriptions that were switched off, the secret's rotation, a port."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import anyio
import msgspec

from ..bulk import Status
from ..errors import ENDS_A_RUN, DecodeError, LushaError, NotFound, OutcomeUnknown, RecordFailed
from .subscription_plan import Action, Change, Reactivation, SyncReport, goals, plan_sync
from .subscriptions import AuditLogs, Subscriptions, WebhookSecret
from .subscriptions_endpoints import SUBSCRIPTION_UPDATE
from .subscriptions_types import NewSubscription, Subscription, UpdateSubscriptionRequest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from ..bulk import BulkRun, Outcome
    from ..webhooks import Listener
    from .subscription_plan import Goal, WantedLike
    from .subscriptions_types import AccountSecret, AuditLogEntry, EntityType, SubscriptionResult

AT_ONCE = 8
"""Subscriptions changed at the same time, where the API takes one in a request."""
_DUPLICATE = "DUPLICATE_SUBSCRIPTION"


class TakesSecrets(Protocol):
    """Whoever verifies deliveries: a `WebhookReceiver`, or an object of yours with this method."""

    def add_secret(self, secret: str, /) -> None:
        """Accept one more secret."""
        ...


class ManagedSubscriptions(Subscriptions):
    """Webhook subscriptions: one by one, by the list, and as a wanted set."""

    async def sync(
        self,
        wanted: WantedLike | Iterable[WantedLike],
        *,
        url: str | None = None,
        entity_type: EntityType | str | None = None,
        signal_types: Iterable[str] | None = None,
        delete: bool = True,
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> SyncReport:
        """Make the account's subscriptions equal to `wanted`, and report every change with its own result.

        Entities that are not watched yet are subscribed (``POST /api/subscriptions``, 25 in a request), others changed
        or switched on again where they differ (``PATCH /api/subscriptions/{id}``, one in a request), and the rest
        deleted (``POST /api/subscriptions/delete``, 25 in a request) unless `delete` is False. All of it is free and
        counts against the 100 requests a minute. `wanted` holds entity ids, `WantedSubscription`, or mappings with its
        names; `url`, `entity_type` and `signal_types` hold for all that do not bring their own. The opt-out
        subscription is left alone.

        Nothing is deleted before everything wanted stands: if a creation or update fails, the deletions are held back
        (``not_sent``). Every step may be repeated, so do just that after a failure: what is done stays done. `dry_run`
        reports the differences and changes nothing.

        Raises `InvalidRequest` for a set that contradicts itself, and `LushaError` when the subscriptions cannot be
        listed; from then on errors are in the report.

        >>> found = await lusha.companies.search([{"domain": "example.com"}, {"domain": "example.org"}])
        >>> wanted = [company.id for company in found.results]
        >>> hook = {"url": "https://example.com/hooks/lusha", "entity_type": "company", "signal_types": ["riskNews"]}
        >>> str(await lusha.subscriptions.sync(wanted, **hook))
        '2 create; 0 unchanged'
        >>> report = await lusha.subscriptions.sync(wanted[:1], **hook)
        >>> report.complete, report.count("delete"), report.unchanged
        (True, 1, 1)
        """
        every = goals(wanted, url=url, entity_type=entity_type, signal_types=signal_types)
        changes, unchanged = plan_sync(await self._all(timeout), every, delete=delete)
        if dry_run:
            return SyncReport(changes=changes, unchanged=unchanged, dry_run=True)
        carried = _Carried(changes)
        await self._create_all(carried, timeout)
        await self._settle_all(carried, timeout)
        await self._update_all(carried, timeout)
        if carried.complete_but(Action.DELETE):
            await self._delete_all(carried, timeout)
        return SyncReport(changes=tuple(carried.changes), unchanged=unchanged, ended_by=carried.ended_by)

    async def reactivate(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        failures: int = 10,
        timeout: float | None = None,
    ) -> tuple[Reactivation, ...]:
        """Switch subscriptions on again that Lusha switched off because deliveries failed, and tell what failed.

        ``PATCH /api/subscriptions/{id}`` after two looks into ``GET /api/audit-logs`` for each, 100 requests a minute
        together with the others here, free. `ids`: these; by default all that Lusha switched off, and none that you
        did. `failures`: how many failed deliveries of the log to bring, at most 100. What is lost stays lost: Lusha
        does not repeat it. Mend the receiver first (`test` tells), or they are switched off again.

        One that fails has an `error` of its own. Raises `LushaError` when they cannot be listed.

        >>> [done.why for done in await lusha.subscriptions.reactivate() if done.error is None]
        []
        """
        if ids is None:
            off = [each for each in await self._all(timeout) if each.is_active is False and _blocked(each)]
        else:
            off = [await self.get(each, timeout=timeout) for each in ([ids] if isinstance(ids, str) else ids)]
        done: list[Reactivation] = []
        for each in off:
            done.append(await self._reactivate(each, failures, timeout))  # noqa: PERF401 - one after the other
        return tuple(done)

    @asynccontextmanager
    async def listen(
        self,
        *,
        port: int = 9000,
        host: str = "127.0.0.1",
        secrets: str | Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> AsyncGenerator[Listener]:
        """Receive deliveries on a port of this machine, for development: an async iterator of events, each once.

        ``GET /api/account/secret`` (free) unless `secrets` are given. Deliveries reach a port through a tunnel of yours
        with an https address, or directly from the sandbox; `port` 0 picks a free one, and `url` of the listener tells
        it. It answers the challenge, and refuses what is forged. For an application use `WebhookReceiver`.

        Raises `NotFound` while the account has no secret (`webhook_secret.regenerate` makes one), `OSError` when the
        port is taken.

        >>> made = await lusha.webhook_secret.regenerate()
        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> async with lusha.subscriptions.listen(port=0) as events:
        ...     report = await lusha.subscriptions.sync(
        ...         [found.results[0].id], url=events.url, entity_type="company", signal_types=["riskNews"]
        ...     )
        ...     tested = await lusha.subscriptions.test(report.changes[0].subscription_id)
        ...     event = await anext(events)
        >>> event.type
        'riskNews'
        """
        from ..webhooks import Listener

        if secrets is None:
            secret = (await WebhookSecret(self._sender).get(timeout=timeout)).secret
            secrets = () if secret is None else secret
        async with Listener(secrets, host=host, port=port) as listener:
            yield listener

    # --- the steps of a sync -----------------------------------------------------------------------------------

    async def _all(self, timeout: float | None) -> list[Subscription]:
        return [each async for each in self.iter_list(timeout=timeout)]

    async def _create_all(self, carried: _Carried, timeout: float | None) -> None:
        """Repeats are safe here: for an entity that has a subscription the API refuses a second one."""
        by_url: dict[str, list[tuple[int, Goal]]] = {}
        for place, change in carried.open(Action.CREATE):
            if change.goal is not None:
                by_url.setdefault(change.goal.url, []).append((place, change.goal))
        for url, wanted in by_url.items():
            if carried.ended_by is None:
                items = [_new(goal) for _, goal in wanted]
                run = self.bulk_create(items, url=url, timeout=timeout, allow_repeat=True)
                await carried.settle(run, [place for place, _ in wanted])

    async def _settle_all(self, carried: _Carried, timeout: float | None) -> None:
        """Where it is open whether a creation succeeded, or something stood there after all: look, and put it right."""
        unclear = {change.goal.entity: place for place, change in carried.unclear() if change.goal is not None}
        if not unclear or carried.ended_by is not None:
            return
        wanted = [goal for place in unclear.values() if (goal := carried.changes[place].goal) is not None]
        try:
            listed = await self._all(timeout)
        except LushaError as error:
            carried.end(error)
            return
        for each in listed:
            place = unclear.get((each.entity_type or "", each.entity_id or ""))
            if place is not None:
                carried.put(place, status="done", subscription_id=each.id, subscription=each, error=None)
        for change in plan_sync(listed, wanted, delete=False)[0]:
            if change.goal is not None and change.before is not None:
                await self._update(carried, unclear[change.goal.entity], change, timeout)

    async def _update_all(self, carried: _Carried, timeout: float | None) -> None:
        turns = anyio.CapacityLimiter(AT_ONCE)

        async def one(place: int, change: Change) -> None:
            async with turns:
                await self._update(carried, place, change, timeout)

        async with anyio.create_task_group() as group:
            for place, change in carried.open(Action.UPDATE, Action.REACTIVATE):
                group.start_soon(one, place, change)

    async def _update(self, carried: _Carried, place: int, change: Change, timeout: float | None) -> None:
        if carried.ended_by is not None:
            return
        body = _difference(change)
        try:
            now = await self._patch(change.subscription_id or "", body, timeout)
        except LushaError as error:
            carried.fail(place, error)
        else:
            carried.put(place, status="done", subscription=now, error=None)

    async def _delete_all(self, carried: _Carried, timeout: float | None) -> None:
        """Repeats are safe here: what is gone already is as good as deleted."""
        left = carried.open(Action.DELETE)
        run = self.bulk_delete([change.subscription_id or "" for _, change in left], timeout=timeout, allow_repeat=True)
        await carried.settle(run, [place for place, _ in left])

    async def _patch(
        self, subscription_id: str, body: UpdateSubscriptionRequest, timeout: float | None
    ) -> Subscription:
        """The same values set twice are set: unlike a change in general, this one may be repeated."""
        path = {"subscription_id": subscription_id}
        return await self._call(SUBSCRIPTION_UPDATE, path=path, body=body, timeout=timeout, allow_repeat=True)

    async def _reactivate(self, off: Subscription, failures: int, timeout: float | None) -> Reactivation:
        logs = AuditLogs(self._sender)
        entries: list[AuditLogEntry] = []
        lost = 0
        try:
            for status in ("permanent_failure", "failed"):
                page = await logs.list(subscription_id=off.id, status=status, limit=failures, timeout=timeout)
                entries += page.data
                if status == "permanent_failure":
                    lost = (page.pagination.total if page.pagination else None) or len(page.data)
            now = await self._patch(off.id or "", UpdateSubscriptionRequest(is_active=True), timeout)
            error = None
        except LushaError as problem:
            now, error = None, problem
        entries.sort(key=lambda entry: entry.delivered_at or "", reverse=True)
        return Reactivation(before=off, failures=tuple(entries[:failures]), lost=lost, subscription=now, error=error)


class ManagedSecret(WebhookSecret):
    """The one secret of the account that all webhook deliveries are signed with, and its rotation."""

    async def rotate(self, *receivers: TakesSecrets, timeout: float | None = None) -> AccountSecret:
        """Replace the secret; `receivers` accept the old and the new one from then on. Returns the new one: keep it.

        ``POST /api/account/secret/regenerate``, with ``GET /api/account/secret`` before, 100 requests a minute together
        with the others here, free. The call that replaces it is never repeated; when its answer is lost, the secret is
        read instead. A delivery that comes in the moment between is refused, and Lusha delivers it again. Receivers in
        other processes need the new secret from you; `receiver.use_secrets(new)` retires the old one: do that after
        Lusha's last repeat, a day later to be sure.

        Raises `OutcomeUnknown` when nobody knows which secret holds: read it with `get`.

        >>> from lusha_async.webhooks import WebhookReceiver
        >>> receiver = WebhookReceiver((await lusha.webhook_secret.regenerate()).secret)
        >>> made = await lusha.webhook_secret.rotate(receiver)
        >>> receiver
        <WebhookReceiver not running, 2 secrets, 0 deliveries in hand>
        """
        old = await self._current(timeout)
        try:
            made = await self.regenerate(timeout=timeout)
        except (OutcomeUnknown, DecodeError):
            made = None
        if made is None or made.secret is None:
            made = await self.get(timeout=timeout)
            if made.secret in {None, old}:
                raise OutcomeUnknown(
                    "The secret was to be replaced, and still is the old one.", endpoint="regenerateAccountSecret"
                )
        for receiver in receivers:
            for secret in (old, made.secret):
                if secret is not None:
                    receiver.add_secret(secret)
        return made

    async def _current(self, timeout: float | None) -> str | None:
        try:
            return (await self.get(timeout=timeout)).secret
        except NotFound:
            return None


class _Carried:
    """Changes on their way to their results."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        self.changes = list(changes)
        self.ended_by: LushaError | None = None

    def open(self, *actions: Action) -> list[tuple[int, Change]]:
        """What is to be done still, with its place."""
        return [(n, one) for n, one in enumerate(self.changes) if one.action in actions and one.status == "not_sent"]

    def unclear(self) -> list[tuple[int, Change]]:
        """Creations of which it is open what stands there now."""
        return [
            (n, one)
            for n, one in enumerate(self.changes)
            if one.action is Action.CREATE
            and one.error is not None
            and (not isinstance(one.error, RecordFailed) or one.error.code == _DUPLICATE)
        ]

    def complete_but(self, action: Action) -> bool:
        """Whether all is done, and something of this kind is left to do."""
        others = all(one.status == "done" for one in self.changes if one.action is not action)
        return others and self.ended_by is None and bool(self.open(action))

    def put(self, place: int, **news: object) -> None:
        """Note what is known now."""
        self.changes[place] = msgspec.structs.replace(self.changes[place], **news)

    def fail(self, place: int, error: LushaError) -> None:
        """Note an error, and whether it is one for all."""
        unknown = isinstance(error, OutcomeUnknown | DecodeError)
        if isinstance(error, ENDS_A_RUN):
            self.end(error)
        self.put(place, status="unknown" if unknown else "failed", error=error)

    def end(self, error: LushaError) -> None:
        """Nothing more is sent."""
        self.ended_by = self.ended_by or error

    async def settle(self, run: BulkRun[Any, SubscriptionResult], places: Iterable[int]) -> None:
        """Carry a bulk run out, and note what became of each."""
        for place, outcome in zip(places, await run.collect(), strict=True):
            self._note(place, outcome)
        if run.report.ended_by is not None:
            self.end(run.report.ended_by)

    def _note(self, place: int, outcome: Outcome[Any, SubscriptionResult]) -> None:
        deleted = self.changes[place].action is Action.DELETE and outcome.status is Status.NOT_FOUND
        if deleted:
            self.put(place, status="done")
        elif outcome.status is Status.FOUND:
            now = outcome.result.subscription if outcome.result is not None else None
            known = self.changes[place].subscription_id or (now.id if now is not None else None)
            self.put(place, status="done", subscription=now, subscription_id=known)
        elif outcome.status is Status.NOT_SENT:
            self.put(place, error=outcome.error)
        else:
            unknown = outcome.status is Status.UNKNOWN
            self.put(place, status="unknown" if unknown else "failed", error=outcome.error)


def _new(goal: Goal) -> NewSubscription:
    return NewSubscription(
        entity_id=goal.entity_id, entity_type=goal.entity_type, signal_types=goal.signal_types, name=goal.name
    )


def _difference(change: Change) -> UpdateSubscriptionRequest:
    """Only what differs: an unchanged URL would be challenged for nothing."""
    goal, before = change.goal, change.before
    if goal is None or before is None:
        return UpdateSubscriptionRequest()
    same_signals = set(before.signal_types or ()) == set(goal.signal_types)
    return UpdateSubscriptionRequest(
        signal_types=None if same_signals else goal.signal_types,
        url=None if before.url == goal.url else goal.url,
        name=None if before.name == goal.name else goal.name,
        is_active=True if before.is_active is False else None,
    )


def _blocked(found: Subscription) -> bool:
    return bool(found.block_reason or found.blocked_at)
