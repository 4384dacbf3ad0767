"""Lusha's webhooks: verify a delivery, read it as a typed event, receive deliveries in an application.

Imports no HTTP client. `verify`, `parse` and `sign` are pure functions; `WebhookReceiver` does all of it, with
handlers, for any ASGI, WSGI or aiohttp application::

    from lusha_async.webhooks import OptOut, Promotion, WebhookReceiver

    receiver = WebhookReceiver(os.environ["LUSHA_WEBHOOK_SECRET"])

    @receiver.on(Promotion)
    async def promoted(event: Promotion) -> None: ...

    @receiver.on_opt_out
    async def opted_out(event: OptOut) -> None: ...

    app = receiver.asgi()
"""

from lusha_async.errors import WebhookError

from .core import Delivery, Policy, Response, acknowledge, answer_challenge, open_request
from .errors import ForgedWebhook, ReplayedWebhook, StaleWebhook, UnreadableWebhook
from .events import (
    SIGNALS,
    Billing,
    CommercialActivityNews,
    CompanyChange,
    CompanyNews,
    ContactSignal,
    CorporateStrategyNews,
    Event,
    FinancialEventsNews,
    HeadcountChange,
    HeadcountDecrease,
    HeadcountIncrease,
    HiringSurge,
    ItSpendChange,
    ItSpendDecrease,
    ItSpendIncrease,
    LinkedinActivityIntent,
    MarketIntelligenceNews,
    PeopleNews,
    ProductActivityNews,
    Promotion,
    RiskNews,
    SignalEvent,
    SurgeInHiring,
    SurgeInHiringByDepartment,
    SurgeInHiringByLocation,
    UnknownEvent,
    WebsiteTrafficChange,
    WebsiteTrafficDecrease,
    WebsiteTrafficIncrease,
)
from .listening import Listener
from .optout import OPT_OUT, Datapoint, Identities, OptOut
from .parsing import parse
from .receiver import DeliveryQueue, ReceiverBusy, WebhookReceiver
from .runner import Counts, Failure, NoHandler, NotFinished, Retries
from .signature import Verified, sign, verify
from .stores import Kept, MemoryStore, RedisStore, SQLiteStore, Store, StoreFull

__all__ = [
    "OPT_OUT",
    "SIGNALS",
    "Billing",
    "CommercialActivityNews",
    "CompanyChange",
    "CompanyNews",
    "ContactSignal",
    "CorporateStrategyNews",
    "Counts",
    "Datapoint",
    "Delivery",
    "DeliveryQueue",
    "Event",
    "Failure",
    "FinancialEventsNews",
    "ForgedWebhook",
    "HeadcountChange",
    "HeadcountDecrease",
    "HeadcountIncrease",
    "HiringSurge",
    "Identities",
    "ItSpendChange",
    "ItSpendDecrease",
    "ItSpendIncrease",
    "Kept",
    "LinkedinActivityIntent",
    "Listener",
    "MarketIntelligenceNews",
    "MemoryStore",
    "NoHandler",
    "NotFinished",
    "OptOut",
    "PeopleNews",
    "Policy",
    "ProductActivityNews",
    "Promotion",
    "ReceiverBusy",
    "RedisStore",
    "ReplayedWebhook",
    "Response",
    "Retries",
    "RiskNews",
    "SQLiteStore",
    "SignalEvent",
    "StaleWebhook",
    "Store",
    "StoreFull",
    "SurgeInHiring",
    "SurgeInHiringByDepartment",
    "SurgeInHiringByLocation",
    "UnknownEvent",
    "UnreadableWebhook",
    "Verified",
    "WebhookError",
    "WebhookReceiver",
    "WebsiteTrafficChange",
    "WebsiteTrafficDecrease",
    "WebsiteTrafficIncrease",
    "acknowledge",
    "answer_challenge",
    "open_request",
    "parse",
    "sign",
    "verify",
]
