"""Asyncio client for Lusha's B2B data API: concurrent bulk enrichment that loses no row and pays no credit twice.

    from lusha_async import ContactQuery, LushaClient

    async with LushaClient() as lusha:
        async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]) as run:
            async for outcome in run:
                ...

Names are imported when they are first used, so `import lusha_async` itself costs next to nothing and
`lusha_async.webhooks` can be used without an HTTP client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .bulk import BudgetExhausted, BulkOptions, BulkRun, Outcome, Plan, RunReport, Status
    from .client import LushaClient
    from .clock import Clock, SystemClock
    from .endpoint import Endpoint, LimitGroup, Repeat
    from .errors import (
        AnonymousResults,
        APIError,
        AuthenticationError,
        BadRequest,
        ClientStateError,
        Conflict,
        DecodeError,
        EndpointRetired,
        InvalidRequest,
        LushaConnectionError,
        LushaError,
        LushaTimeout,
        NotFound,
        OutcomeUnknown,
        PayloadTooLarge,
        PaymentRequired,
        PermissionDenied,
        PreconditionFailed,
        QuotaExhausted,
        RateLimited,
        RecordFailed,
        RequestTimedOut,
        ServerError,
        SessionExpired,
        UnavailableForLegalReasons,
        UnprocessableEntity,
        WebhookError,
    )
    from .ledger import Ledger, LedgerError
    from .limits import LocalLimits, NoLimits, Quota, RedisLimits
    from .model import to_dict
    from .paging import Pages
    from .records import CompanyQuery, ContactQuery
    from .resource import Reply
    from .retry import RetryPolicy
    from .v3.common import SignalOptions
    from .v3.lookalikes import CompanySeeds, ContactSeeds
    from .v3.prospecting_filters import (
        CompanyCriteria,
        CompanyFilter,
        ContactCriteria,
        ContactFilter,
        Place,
        ProspectingFilters,
        Range,
    )
    from .v3.subscription_plan import WantedSubscription
    from .v3.subscriptions_types import NewSubscription

_HOME = {
    "bulk": ("BudgetExhausted", "BulkOptions", "BulkRun", "Outcome", "Plan", "RunReport", "Status"),
    "client": ("LushaClient",),
    "clock": ("Clock", "SystemClock"),
    "endpoint": ("Endpoint", "LimitGroup", "Repeat"),
    "errors": (
        "APIError",
        "AnonymousResults",
        "AuthenticationError",
        "BadRequest",
        "ClientStateError",
        "Conflict",
        "DecodeError",
        "EndpointRetired",
        "InvalidRequest",
        "LushaConnectionError",
        "LushaError",
        "LushaTimeout",
        "NotFound",
        "OutcomeUnknown",
        "PayloadTooLarge",
        "PaymentRequired",
        "PermissionDenied",
        "PreconditionFailed",
        "QuotaExhausted",
        "RateLimited",
        "RecordFailed",
        "RequestTimedOut",
        "ServerError",
        "SessionExpired",
        "UnavailableForLegalReasons",
        "UnprocessableEntity",
        "WebhookError",
    ),
    "ledger": ("Ledger", "LedgerError"),
    "limits": ("LocalLimits", "NoLimits", "Quota", "RedisLimits"),
    "model": ("to_dict",),
    "records": ("CompanyQuery", "ContactQuery"),
    "resource": ("Reply",),
    "retry": ("RetryPolicy",),
    "paging": ("Pages",),
    "v3.common": ("SignalOptions",),
    "v3.lookalikes": ("CompanySeeds", "ContactSeeds"),
    "v3.prospecting_filters": (
        "CompanyCriteria",
        "CompanyFilter",
        "ContactCriteria",
        "ContactFilter",
        "Place",
        "ProspectingFilters",
        "Range",
    ),
    "v3.subscription_plan": ("WantedSubscription",),
    "v3.subscriptions_types": ("NewSubscription",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "APIError",
    "AnonymousResults",
    "AuthenticationError",
    "BadRequest",
    "BudgetExhausted",
    "BulkOptions",
    "BulkRun",
    "ClientStateError",
    "Clock",
    "CompanyCriteria",
    "CompanyFilter",
    "CompanyQuery",
    "CompanySeeds",
    "Conflict",
    "ContactCriteria",
    "ContactFilter",
    "ContactQuery",
    "ContactSeeds",
    "DecodeError",
    "Endpoint",
    "EndpointRetired",
    "InvalidRequest",
    "Ledger",
    "LedgerError",
    "LimitGroup",
    "LocalLimits",
    "LushaClient",
    "LushaConnectionError",
    "LushaError",
    "LushaTimeout",
    "NewSubscription",
    "NoLimits",
    "NotFound",
    "Outcome",
    "OutcomeUnknown",
    "Pages",
    "PayloadTooLarge",
    "PaymentRequired",
    "PermissionDenied",
    "Place",
    "Plan",
    "PreconditionFailed",
    "ProspectingFilters",
    "Quota",
    "QuotaExhausted",
    "Range",
    "RateLimited",
    "RecordFailed",
    "RedisLimits",
    "Repeat",
    "Reply",
    "RequestTimedOut",
    "RetryPolicy",
    "RunReport",
    "ServerError",
    "SessionExpired",
    "SignalOptions",
    "Status",
    "SystemClock",
    "UnavailableForLegalReasons",
    "UnprocessableEntity",
    "WantedSubscription",
    "WebhookError",
    "__version__",
    "endpoints",
    "to_dict",
]


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation this package declares, of both generations."""
    from .v2 import endpoints as v2_endpoints
    from .v3 import endpoints as v3_endpoints

    return (*v3_endpoints(), *v2_endpoints())


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
