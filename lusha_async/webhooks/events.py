"""Deliveries as typed events: one class per signal, `OptOut`, and `UnknownEvent` for what is new.

Classes of one family share a base, so `isinstance(event, CompanyNews)` and `@receiver.on(CompanyNews)` mean all seven
kinds of news. `event.type` is Lusha's own name; `event.raw` has every byte, unknown fields included.
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from lusha_async.decode import Problem
from lusha_async.model import Model

from .dates import utc_moment
from .signals import ContactMove, HeadcountData, HiringData, Id, IntentData, ItSpendData, NewsData, TrafficData


class Event(Model, frozen=True, kw_only=True, gc=False):
    """A delivery. Fields that did not fit their type are None and listed in `problems`; `raw` has everything."""

    id: str | None = None
    """The delivery's id, the same in every repeat. Opt-outs have none."""
    type: str = ""
    """Lusha's name of the signal, for example ``promotion``; ``optOut`` for an opt-out."""
    raw: bytes = b""
    """The signed JSON."""
    problems: tuple[Problem, ...] = ()
    """What of the JSON the typed fields could not hold: places and expectations, never values."""

    @property
    def webhook_id(self) -> str:
        """What the acknowledgement names: the id, or for an event without one a UUID made from its bytes."""
        return self.id or str(uuid.UUID(bytes=hashlib.sha256(self.raw).digest()[:16], version=5))

    @property
    def key(self) -> str:
        """What repeats are recognised by: a digest of the signed id, or of the signed bytes where there is no id."""
        material = b"id\0" + self.id.encode() if self.id else b"body\0" + self.raw
        return hashlib.sha256(material).hexdigest()[:40]


class Billing(Model, frozen=True, kw_only=True, gc=False):
    """What the delivery cost. Repeats of it are free."""

    credits_charged: float | None = None


class SignalEvent(Event, frozen=True, kw_only=True, gc=False):
    """Something happened to a contact or a company that a subscription watches."""

    entity_type: str | None = None
    """``contact`` or ``company``."""
    entity_id: Id | None = None
    subscription_id: str | None = None
    timestamp: str | None = None
    billing: Billing | None = None

    @property
    def created_at(self) -> datetime | None:
        """`timestamp` as a UTC datetime."""
        return utc_moment(self.timestamp)

    @property
    def credits_charged(self) -> float | None:
        """Credits this delivery cost, where Lusha said so."""
        return self.billing.credits_charged if self.billing else None


class ContactSignal(SignalEvent, frozen=True, kw_only=True, gc=False):
    """A signal about a contact."""

    data: ContactMove = msgspec.field(default_factory=ContactMove)


class Promotion(ContactSignal, frozen=True, kw_only=True, gc=False):
    """`promotion`: a new title."""


class CompanyChange(ContactSignal, frozen=True, kw_only=True, gc=False):
    """`companyChange`: a new employer."""


class CompanyNews(SignalEvent, frozen=True, kw_only=True, gc=False):
    """Any of the seven kinds of company news."""

    data: NewsData = msgspec.field(default_factory=NewsData)


class RiskNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`riskNews`: security issue, lawsuit faced."""


class CommercialActivityNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`commercialActivityNews`: partnership, new customer, new vendor."""


class CorporateStrategyNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`corporateStrategyNews`: mergers, facilities, locations, asset sales, lawsuits filed."""


class FinancialEventsNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`financialEventsNews`: funding round, investment, public offering."""


class PeopleNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`peopleNews`: executives who come, go or rise; headcount."""


class MarketIntelligenceNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`marketIntelligenceNews`: event participation, recognition, competitors."""


class ProductActivityNews(CompanyNews, frozen=True, kw_only=True, gc=False):
    """`productActivityNews`: launches, development, integrations."""


class HeadcountChange(SignalEvent, frozen=True, kw_only=True, gc=False):
    """More or fewer employees, over 1, 3, 6 or 12 months."""

    data: HeadcountData = msgspec.field(default_factory=HeadcountData)

    @property
    def months(self) -> int | None:
        """The span of the comparison, from the end of the type: ``headcountIncrease3m`` -> 3."""
        digits = "".join(character for character in self.type[-3:] if character in "0123456789")
        return int(digits) if digits else None


class HeadcountIncrease(HeadcountChange, frozen=True, kw_only=True, gc=False):
    """`headcountIncrease1m`, `3m`, `6m`, `12m`."""


class HeadcountDecrease(HeadcountChange, frozen=True, kw_only=True, gc=False):
    """`headcountDecrease1m`, `3m`, `6m`, `12m`."""


class HiringSurge(SignalEvent, frozen=True, kw_only=True, gc=False):
    """Any of the three surges in hiring."""

    data: HiringData = msgspec.field(default_factory=HiringData)


class SurgeInHiring(HiringSurge, frozen=True, kw_only=True, gc=False):
    """`surgeInHiring`: over all job posts."""


class SurgeInHiringByDepartment(HiringSurge, frozen=True, kw_only=True, gc=False):
    """`surgeInHiringByDepartment`."""


class SurgeInHiringByLocation(HiringSurge, frozen=True, kw_only=True, gc=False):
    """`surgeInHiringByLocation`."""


class WebsiteTrafficChange(SignalEvent, frozen=True, kw_only=True, gc=False):
    """More or fewer visits of the company's website."""

    data: TrafficData = msgspec.field(default_factory=TrafficData)


class WebsiteTrafficIncrease(WebsiteTrafficChange, frozen=True, kw_only=True, gc=False):
    """`websiteTrafficIncrease`."""


class WebsiteTrafficDecrease(WebsiteTrafficChange, frozen=True, kw_only=True, gc=False):
    """`websiteTrafficDecrease`."""


class ItSpendChange(SignalEvent, frozen=True, kw_only=True, gc=False):
    """More or less spending on information technology."""

    data: ItSpendData = msgspec.field(default_factory=ItSpendData)


class ItSpendIncrease(ItSpendChange, frozen=True, kw_only=True, gc=False):
    """`itSpendIncrease`."""


class ItSpendDecrease(ItSpendChange, frozen=True, kw_only=True, gc=False):
    """`itSpendDecrease`."""


class LinkedinActivityIntent(SignalEvent, frozen=True, kw_only=True, gc=False):
    """`linkedinActivityIntent`: a post that shows an intent."""

    data: IntentData = msgspec.field(default_factory=IntentData)


class UnknownEvent(SignalEvent, frozen=True, kw_only=True, gc=False):
    """A signal this version has no class for. `data` is its plain JSON, `content` the whole delivery's."""

    data: Any = None
    content: Any = None


SIGNALS: Mapping[str, type[SignalEvent]] = MappingProxyType(
    {
        "promotion": Promotion,
        "companyChange": CompanyChange,
        "surgeInHiring": SurgeInHiring,
        "surgeInHiringByDepartment": SurgeInHiringByDepartment,
        "surgeInHiringByLocation": SurgeInHiringByLocation,
        **{f"headcountIncrease{months}m": HeadcountIncrease for months in (1, 3, 6, 12)},
        **{f"headcountDecrease{months}m": HeadcountDecrease for months in (1, 3, 6, 12)},
        "websiteTrafficIncrease": WebsiteTrafficIncrease,
        "websiteTrafficDecrease": WebsiteTrafficDecrease,
        "itSpendIncrease": ItSpendIncrease,
        "itSpendDecrease": ItSpendDecrease,
        "riskNews": RiskNews,
        "commercialActivityNews": CommercialActivityNews,
        "corporateStrategyNews": CorporateStrategyNews,
        "financialEventsNews": FinancialEventsNews,
        "peopleNews": PeopleNews,
        "marketIntelligenceNews": MarketIntelligenceNews,
        "productActivityNews": ProductActivityNews,
        "linkedinActivityIntent": LinkedinActivityIntent,
    }
)
"""Every signal type known to this version, by Lusha's name, with its class."""
