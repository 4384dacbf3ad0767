"""What the operations of webhook management send and receive."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

from ..errors import InvalidRequest
from ..model import Model, RequestModel
from .checks import request_of, tokens
from .common import ItemError, Number

MOST_SUBSCRIPTIONS = 25
LARGEST_PAGE = 100
LONGEST_URL = 2048
LONGEST_NAME = 100
_DELIVERABLE = re.compile(r"https://[^/]|http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/?]|\Z)")

EntityType = Literal["contact", "company"]

# --- requests ----------------------------------------------------------------------------------------------------


class SubscriptionDefaults(RequestModel, frozen=True, kw_only=True):
    """What holds for every subscription of a call that does not say otherwise."""

    url: str
    entity_type: str | None = None
    signal_types: tuple[str, ...] | None = None


class NewSubscription(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contact or company to watch."""

    entity_id: str
    entity_type: str | None = None
    signal_types: tuple[str, ...] | None = None
    name: str | None = None


class CreateSubscriptionsRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /api/subscriptions``."""

    defaults: SubscriptionDefaults
    subscriptions: tuple[NewSubscription, ...]
    name: str | None = None


class UpdateSubscriptionRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``PATCH /api/subscriptions/{id}``."""

    signal_types: tuple[str, ...] | None = None
    url: str | None = None
    name: str | None = None
    is_active: bool | None = None
    regenerate_secret: bool | None = None


class DeleteSubscriptionsRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /api/subscriptions/delete``."""

    ids: tuple[str, ...]


class CreateOptOutRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /api/subscriptions/opt-out``."""

    entity_type: str
    url: str
    name: str | None = None


class OffsetQuery(RequestModel, frozen=True, kw_only=True):
    """A stretch of a list."""

    limit: int | None = None
    offset: int | None = None


class AuditLogsQuery(OffsetQuery, frozen=True, kw_only=True):
    """A stretch of the log, perhaps of one subscription or status."""

    subscription_id: str | None = None
    status: str | None = None


class AuditStatsQuery(RequestModel, frozen=True, kw_only=True):
    """Perhaps of one subscription."""

    subscription_id: str | None = None


class TestQuery(RequestModel, frozen=True, kw_only=True):
    """How much of the way a test delivery takes."""

    mode: str | None = None


# --- responses ---------------------------------------------------------------------------------------------------


class Subscription(Model, frozen=True):
    """A webhook subscription. `block_reason` and `blocked_at` are set once deliveries failed for good.

    `secret` comes only in the answer to an update with `regenerate_secret`.
    """

    id: str | None = None
    entity_type: str | None = None
    entity_id: str | None = None
    signal_types: tuple[str, ...] | None = None
    url: str | None = None
    name: str | None = None
    is_active: bool | None = None
    block_reason: str | None = None
    blocked_at: str | None = None
    secret: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class OffsetPagination(Model, frozen=True):
    """Where a stretch of a list stands."""

    total: int | None = None
    limit: int | None = None
    offset: int | None = None
    has_more: bool | None = None
    page: int | None = None
    size: int | None = None


class SubscriptionListResponse(Model, frozen=True):
    """A stretch of the subscriptions."""

    data: tuple[Subscription, ...] = ()
    pagination: OffsetPagination | None = None


class SubscriptionResult(Model, frozen=True):
    """What became of one item of a call, by its `index` in it. `error.code` is ``DUPLICATE_SUBSCRIPTION``,
    ``URL_VALIDATION_FAILED``, ``WEBHOOK_VERIFICATION_FAILED``, ``VALIDATION_ERROR``, ``FORBIDDEN``, ``NOT_FOUND``,
    ``UNKNOWN_ERROR``, or newer."""

    index: int | None = None
    success: bool | None = None
    subscription: Subscription | None = None
    error: ItemError | None = None


class SubscriptionResultsResponse(Model, frozen=True):
    """One result per item: a call succeeds as a whole even if every item of it failed."""

    total: int | None = None
    successful: int | None = None
    failed: int | None = None
    results: tuple[SubscriptionResult, ...] = ()


class FlowCheck(Model, frozen=True):
    """How the receiver answered."""

    success: bool | None = None
    status_code: int | None = None
    duration_ms: Number | None = None


class TestPayload(Model, frozen=True):
    """What was delivered."""

    entity_type: str | None = None
    signal_type: str | None = None
    data: dict[str, Any] | None = None


class TestDelivery(Model, frozen=True):
    """A test of a subscription. `mode` is ``direct``, ``kafka`` or ``full``."""

    subscription_id: str | None = None
    subscription_name: str | None = None
    url: str | None = None
    mode: str | None = None
    flow_check: FlowCheck | None = None
    test_payload: TestPayload | None = None
    is_success: bool | None = None
    timestamp: str | None = None


class AuditLogEntry(Model, frozen=True):
    """One delivery. `status` is ``success``, ``failed`` or ``permanent_failure``."""

    id: str | None = None
    subscription_id: str | None = None
    payload_id: str | None = None
    status: str | None = None
    status_code: int | None = None
    url: str | None = None
    delivered_at: str | None = None
    duration_ms: Number | None = None
    error: str | None = None


class AuditLogsResponse(Model, frozen=True):
    """A stretch of the log."""

    data: tuple[AuditLogEntry, ...] = ()
    pagination: OffsetPagination | None = None


class AuditStats(Model, frozen=True):
    """Deliveries counted. `success_rate` is text such as ``98.5%``; the last three come from the live API only."""

    total: int | None = None
    success: int | None = None
    failed: int | None = None
    success_rate: str | None = None
    permanent_failure: int | None = None
    dlq: int | None = None
    total_credits_consumed: Number | None = None


class AccountSecret(Model, frozen=True):
    """The secret that webhook deliveries are signed with. Shown in no repr."""

    secret: str | None = None


def webhook_url(url: str) -> str:
    """A URL that can receive deliveries: https, at most 2048 characters. On this machine also http, for the sandbox."""
    if not _DELIVERABLE.match(url) or len(url) > LONGEST_URL:
        raise InvalidRequest(f"url must begin with https:// and have at most {LONGEST_URL} characters", field="url")
    return url


def webhook_name(name: str | None, *, index: int | None = None) -> str | None:
    """A name of at most 100 characters."""
    if name is not None and len(name) > LONGEST_NAME:
        raise InvalidRequest(
            f"name has {len(name)} characters, the API takes {LONGEST_NAME}: shorten it", index=index, field="name"
        )
    return name


SubscriptionLike = str | NewSubscription | Mapping[str, Any]
"""An entity id, a `NewSubscription`, or a mapping with the same names."""


def new_subscription(item: object, *, index: int | None = None) -> NewSubscription:
    """A subscription to create, from a `SubscriptionLike`, checked."""
    given = cast("NewSubscription | Mapping[str, Any]", {"entity_id": item} if isinstance(item, str) else item)
    found = request_of(NewSubscription, given, field="subscription" if index is None else f"subscriptions[{index}]")
    if not found.entity_id.strip() or len(found.entity_id) > 255:
        raise InvalidRequest("entity_id is the id of a contact or company: give one", index=index, field="entity_id")
    webhook_name(found.name, index=index)
    return found


def subscription_defaults(
    url: str, entity_type: str | None, signal_types: Iterable[str] | None
) -> SubscriptionDefaults:
    """The defaults of a call, checked."""
    return SubscriptionDefaults(
        url=webhook_url(url),
        entity_type=entity_type,
        signal_types=None if signal_types is None else tokens(signal_types, field="signal_types"),
    )


def check_complete(found: NewSubscription, defaults: SubscriptionDefaults, *, index: int | None = None) -> None:
    """What neither the item nor the defaults say, the API cannot know."""
    for name in ("entity_type", "signal_types"):
        if not getattr(found, name) and not getattr(defaults, name):
            raise InvalidRequest(f"{name} is missing: give it for all, or with this one", index=index, field=name)
