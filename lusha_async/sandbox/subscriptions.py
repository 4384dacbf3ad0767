"""Webhook management: subscriptions, opt-outs, the account's secret and the delivery log."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from . import events
from .backend import Answer, Call, Json, Operation
from .clock import iso
from .courier import Delivery, Subscription, describe, is_acceptable
from .refusals import bad_body, message_only, plain
from .requests import Body, Text
from .triggers import SubscriptionBook, payload_of

Url = Annotated[str, Meta(max_length=2_048)]
Name = Annotated[str, Meta(max_length=100)]
Entity = Literal["contact", "company"]
_SIGNALS = {"contact": events.CONTACT_SIGNALS, "company": events.COMPANY_SIGNALS}
_ALL_SIGNALS = {"allSignals", *events.CONTACT_SIGNALS, *events.COMPANY_SIGNALS}
_HEX = re.compile(r"[0-9a-f]{24}")


class Defaults(Body):
    """What holds for every new subscription that does not say otherwise."""

    url: Url
    entity_type: Entity | UnsetType = UNSET
    signal_types: list[Text] | UnsetType = UNSET


class NewSubscription(Body):
    """One entity to subscribe to."""

    entity_id: Annotated[str, Meta(max_length=255)]
    entity_type: Entity | UnsetType = UNSET
    signal_types: list[Text] | UnsetType = UNSET
    name: Name | UnsetType = UNSET


class CreateSubscriptions(Body):
    """Body of creating subscriptions."""

    defaults: Defaults
    subscriptions: Annotated[list[NewSubscription], Meta(min_length=1, max_length=25)]
    name: Name | UnsetType = UNSET


class CreateOptOut(Body):
    """Body of creating the opt-out subscription."""

    entity_type: Literal["contact"]
    url: Url
    name: Name | UnsetType = UNSET


class UpdateSubscription(Body):
    """Changes to a subscription."""

    signal_types: list[Text] | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    regenerate_secret: bool = False


class DeleteSubscriptions(Body):
    """Which subscriptions to delete."""

    ids: Annotated[list[Text], Meta(min_length=1, max_length=25)]


class ListQuery(Body):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    offset: Annotated[int, Meta(ge=0)] = 0


class LogQuery(Body):
    """Which part of the log."""

    subscription_id: Text = ""
    status: Literal["success", "failed", "permanent_failure"] | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    offset: Annotated[int, Meta(ge=0)] = 0


class StatsQuery(Body):
    """Statistics of all subscriptions, or of one."""

    subscription_id: Text = ""


class TestQuery(Body):
    """How to test."""

    mode: Literal["direct", "kafka", "full"] = "full"


async def create(call: Call[CreateSubscriptions]) -> Answer:
    """POST /api/subscriptions: item by item; failures stand inside the 201"""
    body = call.body
    acceptable = is_acceptable(body.defaults.url)
    echoes = acceptable and await call.backend.courier.challenge(body.defaults.url)
    results: list[Json] = []
    for index, item in enumerate(body.subscriptions):
        error = _refused(call, body, item, acceptable=acceptable, echoes=echoes)
        if error is None:
            made = _make(call, body, item)
            results.append({"index": index, "success": True, "subscription": show(made)})
        else:
            results.append({"index": index, "success": False, "error": error})
    return Answer(_summary(results), status=201, items=len(results))


async def create_opt_out(call: Call[CreateOptOut]) -> Answer:
    """POST /api/subscriptions/opt-out: one per account"""
    book = call.backend.store(SubscriptionBook)
    if any(one.opt_out for one in book.known.values()):
        raise plain(403, "There is an opt-out subscription already")
    await _check_url(call, call.body.url)
    now = call.backend.clock.wall()
    name = None if call.body.name is UNSET else call.body.name
    made = Subscription(_new_id(call), "contact", "all", ["optOut"], call.body.url, name, now, now, opt_out=True)
    book.known[made.id] = made
    return Answer(show(made), status=201)


def listing(call: Call[ListQuery]) -> Answer:
    """GET /api/subscriptions, newest first"""
    known = list(reversed(call.backend.store(SubscriptionBook).known.values()))
    return _page(call, [show(one) for one in known])


def get(call: Call[None]) -> Answer:
    """GET /api/subscriptions/{id}"""
    return Answer(show(_found(call)))


async def update(call: Call[UpdateSubscription]) -> Answer:
    """PATCH /api/subscriptions/{id}"""
    one, body = _found(call), call.body
    if body.signal_types is not UNSET:
        unknown = _unknown_signals(one.entity_type, body.signal_types)
        if unknown:
            raise plain(400, "Validation failed", [unknown])
        one.signal_types = list(body.signal_types)
    if body.url is not UNSET and body.url != one.url:
        await _check_url(call, body.url)
        one.url = body.url
    if body.name is not UNSET:
        one.name = body.name
    if body.is_active is not UNSET:
        one.active = body.is_active
        if one.active:
            one.block_reason = one.blocked = None
    one.updated = call.backend.clock.wall()
    shown = show(one)
    if body.regenerate_secret:
        shown["secret"] = call.backend.courier.new_secret()
    return Answer(shown)


def delete(call: Call[DeleteSubscriptions]) -> Answer:
    """POST /api/subscriptions/delete: item by item"""
    known = call.backend.store(SubscriptionBook).known
    results: list[Json] = []
    for index, name in enumerate(dict.fromkeys(call.body.ids)):
        one = known.pop(name, None)
        if one is None:
            error = {"code": "NOT_FOUND", "message": f"There is no subscription {name!r}"}
            results.append({"index": index, "success": False, "error": error})
            continue
        gone: Json = {"id": one.id, "entityType": one.entity_type, "entityId": one.entity_id}
        if one.name is not None:
            gone["name"] = one.name
        results.append({"index": index, "success": True, "subscription": gone})
    return Answer(_summary(results), items=len(results))


async def test(call: Call[TestQuery]) -> Answer:
    """POST /api/subscriptions/{id}/test: one free delivery with made-up data, awaited"""
    one = _found(call)
    kind = next((name for name in one.signal_types if name not in {"allSignals", "optOut"}), "promotion")
    payload = payload_of(call.backend, one, kind, None, 0)
    entry = await call.backend.courier.attempt(Delivery(payload["id"], one, msgspec.json.encode(payload)))
    good = entry.status == "success"
    shown: Json = {
        "subscriptionId": one.id,
        "url": one.url,
        "mode": call.body.mode,
        "flowCheck": {"success": good, "statusCode": entry.status_code or 0, "durationMs": int(entry.duration * 1_000)},
        "testPayload": {"entityType": one.entity_type, "signalType": kind, "data": payload["data"]},
        "isSuccess": good,
        "timestamp": iso(entry.moment),
    }
    if one.name is not None:
        shown["subscriptionName"] = one.name
    return Answer(shown)


def logs(call: Call[LogQuery]) -> Answer:
    """GET /api/audit-logs, newest first"""
    body = call.body
    found = [
        describe(entry)
        for entry in call.backend.courier.log
        if body.subscription_id in {"", entry.delivery.subscription.id} and body.status in {UNSET, entry.status}
    ]
    return _page(call, found)


def log_stats(call: Call[StatsQuery]) -> Answer:
    """GET /api/audit-logs/stats"""
    wanted = call.body.subscription_id
    found = [entry for entry in call.backend.courier.log if wanted in {"", entry.delivery.subscription.id}]
    success = sum(entry.status == "success" for entry in found)
    permanent = sum(entry.status == "permanent_failure" for entry in found)
    stats: Json = {
        "total": len(found),
        "success": success,
        "failed": len(found) - success,
        "successRate": f"{100 * success / len(found):.2f}%" if found else "0%",
    }
    if call.settings.quirks:
        paid = {entry.delivery.id: entry.delivery.credits for entry in found}
        stats |= {"permanentFailure": permanent, "dlq": permanent, "totalCreditsConsumed": sum(paid.values())}
    return Answer(stats)


def secret(call: Call[None]) -> Answer:
    """GET /api/account/secret"""
    known = call.backend.courier.secret
    if known is None:
        raise message_only(404, "No secret was generated yet")
    return Answer({"secret": known})


def regenerate(call: Call[None]) -> Answer:
    """POST /api/account/secret/regenerate"""
    return Answer({"secret": call.backend.courier.new_secret()})


def show(one: Subscription) -> Json:
    """A subscription as the API shows it."""
    shown: Json = {
        "id": one.id,
        "entityType": one.entity_type,
        "entityId": one.entity_id,
        "signalTypes": one.signal_types,
        "url": one.url,
        "isActive": one.active,
        "createdAt": iso(one.created),
        "updatedAt": iso(one.updated),
    }
    if one.name is not None:
        shown["name"] = one.name
    if one.block_reason is not None:
        shown["blockReason"] = one.block_reason
        shown["blockedAt"] = iso(one.blocked or one.updated)
    return shown


def _refused(
    call: Call[CreateSubscriptions], body: CreateSubscriptions, item: NewSubscription, *, acceptable: bool, echoes: bool
) -> Json | None:
    entity_type, types = _entity_type(body, item), _signal_types(body, item)
    if entity_type is UNSET:
        return _error("VALIDATION_ERROR", "entityType must be one of: contact, company")
    unknown = _unknown_signals(entity_type, types) if types else "signalTypes should not be empty"
    if unknown or not item.entity_id:
        return _error("VALIDATION_ERROR", unknown or "entityId should not be empty")
    known = call.backend.store(SubscriptionBook).known.values()
    if any((one.entity_type, one.entity_id) == (entity_type, item.entity_id) for one in known):
        return _error("DUPLICATE_SUBSCRIPTION", f"There is a subscription for {entity_type} {item.entity_id!r}")
    if not acceptable:
        return _error("URL_VALIDATION_FAILED", "The URL must use HTTPS")
    return None if echoes else _error("WEBHOOK_VERIFICATION_FAILED", "The URL did not echo the challenge")


def _make(call: Call[CreateSubscriptions], body: CreateSubscriptions, item: NewSubscription) -> Subscription:
    now = call.backend.clock.wall()
    name = item.name if item.name is not UNSET else body.name
    made = Subscription(
        id=_new_id(call),
        entity_type=str(_entity_type(body, item)),
        entity_id=item.entity_id,
        signal_types=list(_signal_types(body, item)),
        url=body.defaults.url,
        name=None if name is UNSET else name,
        created=now,
        updated=now,
    )
    call.backend.store(SubscriptionBook).known[made.id] = made
    return made


def _entity_type(body: CreateSubscriptions, item: NewSubscription) -> str | UnsetType:
    return body.defaults.entity_type if item.entity_type is UNSET else item.entity_type


def _signal_types(body: CreateSubscriptions, item: NewSubscription) -> list[str]:
    types = body.defaults.signal_types if item.signal_types is UNSET else item.signal_types
    return [] if types is UNSET else types


def _unknown_signals(entity_type: str | UnsetType, types: list[str]) -> str | None:
    """What is wrong with signal types; contacts and companies may be mixed in `defaults`, so any known name passes."""
    unknown = [name for name in types if name not in _ALL_SIGNALS]
    if unknown:
        return f"signalTypes: unknown {unknown[0]!r}"
    if types and not {"allSignals", *_SIGNALS.get(str(entity_type), ())} & set(types):
        return f"signalTypes: none of them is a signal of a {entity_type}"
    return None


def _error(code: str, message: str) -> Json:
    return {"code": code, "message": message}


def _summary(results: list[Json]) -> Json:
    good = sum(bool(one["success"]) for one in results)
    return {"total": len(results), "successful": good, "failed": len(results) - good, "results": results}


def _page(call: Call[Any], found: list[Json]) -> Answer:
    limit, offset = call.body.limit, call.body.offset
    shown = found[offset : offset + limit]
    more = offset + len(shown) < len(found)
    pagination: Json = {"total": len(found), "limit": limit, "offset": offset, "hasMore": more}
    if not call.settings.quirks:
        pagination |= {"size": len(shown), "page": offset // limit}
    return Answer({"data": shown, "pagination": pagination})


def _found(call: Call[Any]) -> Subscription:
    name = call.path["id"]
    if not _HEX.fullmatch(name):
        raise plain(400, "id must be a valid id of 24 hexadecimal characters")
    one = call.backend.store(SubscriptionBook).known.get(name)
    if one is None:
        raise plain(404, "There is no such subscription")
    return one


async def _check_url(call: Call[Any], url: str) -> None:
    if not is_acceptable(url):
        raise bad_body("url must be an https URL")
    if not await call.backend.courier.challenge(url):
        raise plain(400, "WEBHOOK_VERIFICATION_FAILED: the URL did not echo the challenge")


def _new_id(call: Call[Any]) -> str:
    return f"{call.backend.random.getrandbits(96):024x}"


def _row(
    method: str, path: str, handler: Any, *, body: type[Any] | None = None, query: type[Any] | None = None
) -> Operation:
    return Operation(method=method, path=f"/api/{path}", handler=handler, body=body, query=query, group="webhooks")


OPERATIONS: tuple[Operation, ...] = (
    _row("GET", "subscriptions", listing, query=ListQuery),
    _row("POST", "subscriptions", create, body=CreateSubscriptions),
    _row("GET", "subscriptions/{id}", get),
    _row("PATCH", "subscriptions/{id}", update, body=UpdateSubscription),
    _row("POST", "subscriptions/{id}/test", test, query=TestQuery),
    _row("POST", "subscriptions/delete", delete, body=DeleteSubscriptions),
    _row("POST", "subscriptions/opt-out", create_opt_out, body=CreateOptOut),
    _row("GET", "audit-logs", logs, query=LogQuery),
    _row("GET", "audit-logs/stats", log_stats, query=StatsQuery),
    _row("GET", "account/secret", secret),
    _row("POST", "account/secret/regenerate", regenerate),
)
