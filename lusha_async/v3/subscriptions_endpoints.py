"""The operations of webhook management."""

from typing import Any

from ..endpoint import Endpoint, LimitGroup, Repeat
from .subscriptions_types import (
    AccountSecret,
    AuditLogsQuery,
    AuditLogsResponse,
    AuditStats,
    AuditStatsQuery,
    CreateOptOutRequest,
    CreateSubscriptionsRequest,
    DeleteSubscriptionsRequest,
    OffsetQuery,
    Subscription,
    SubscriptionListResponse,
    SubscriptionResultsResponse,
    TestDelivery,
    TestQuery,
    UpdateSubscriptionRequest,
)

_SUBSCRIPTIONS = "/api/subscriptions"
_ONE = "/api/subscriptions/{subscription_id}"
_WEBHOOKS = LimitGroup.WEBHOOKS

SUBSCRIPTIONS_LIST = Endpoint(
    method="GET",
    path=_SUBSCRIPTIONS,
    operation="listSubscriptions",
    query=OffsetQuery,
    response=SubscriptionListResponse,
    limit=_WEBHOOKS,
)
SUBSCRIPTIONS_CREATE = Endpoint(
    method="POST",
    path=_SUBSCRIPTIONS,
    operation="createSubscription",
    request=CreateSubscriptionsRequest,
    response=SubscriptionResultsResponse,
    repeat=Repeat.NEVER,
    limit=_WEBHOOKS,
)
SUBSCRIPTION_GET = Endpoint(
    method="GET", path=_ONE, operation="getSubscriptionById", response=Subscription, limit=_WEBHOOKS
)
SUBSCRIPTION_UPDATE = Endpoint(
    method="PATCH",
    path=_ONE,
    operation="updateSubscription",
    request=UpdateSubscriptionRequest,
    response=Subscription,
    repeat=Repeat.NEVER,
    limit=_WEBHOOKS,
)
SUBSCRIPTION_TEST = Endpoint(
    method="POST",
    path=_ONE + "/test",
    operation="testSubscription",
    query=TestQuery,
    response=TestDelivery,
    repeat=Repeat.CHEAP,
    limit=_WEBHOOKS,
)
SUBSCRIPTIONS_DELETE = Endpoint(
    method="POST",
    path=_SUBSCRIPTIONS + "/delete",
    operation="deleteSubscriptions",
    request=DeleteSubscriptionsRequest,
    response=SubscriptionResultsResponse,
    repeat=Repeat.NEVER,
    limit=_WEBHOOKS,
)
SUBSCRIPTION_CREATE_OPT_OUT = Endpoint(
    method="POST",
    path=_SUBSCRIPTIONS + "/opt-out",
    operation="createOptOutSubscription",
    request=CreateOptOutRequest,
    response=Subscription,
    repeat=Repeat.NEVER,
    limit=_WEBHOOKS,
)
AUDIT_LOGS_LIST = Endpoint(
    method="GET",
    path="/api/audit-logs",
    operation="getAuditLogs",
    query=AuditLogsQuery,
    response=AuditLogsResponse,
    limit=_WEBHOOKS,
)
AUDIT_LOGS_STATS = Endpoint(
    method="GET",
    path="/api/audit-logs/stats",
    operation="getAuditLogStats",
    query=AuditStatsQuery,
    response=AuditStats,
    limit=_WEBHOOKS,
)
SECRET_GET = Endpoint(
    method="GET", path="/api/account/secret", operation="getAccountSecret", response=AccountSecret, limit=_WEBHOOKS
)
SECRET_REGENERATE = Endpoint(
    method="POST",
    path="/api/account/secret/regenerate",
    operation="regenerateAccountSecret",
    response=AccountSecret,
    repeat=Repeat.NEVER,
    limit=_WEBHOOKS,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    SUBSCRIPTIONS_LIST,
    SUBSCRIPTIONS_CREATE,
    SUBSCRIPTION_GET,
    SUBSCRIPTION_UPDATE,
    SUBSCRIPTION_TEST,
    SUBSCRIPTIONS_DELETE,
    SUBSCRIPTION_CREATE_OPT_OUT,
    AUDIT_LOGS_LIST,
    AUDIT_LOGS_STATS,
    SECRET_GET,
    SECRET_REGENERATE,
)
