"""What the signal operations send and receive."""

from typing import Any, Literal

import msgspec

from ..model import Model, RequestModel
from ..records import ContactQuery
from .common import Billing, CompanyRef, ItemError, Number, Response, TableWrite

ContactSignalType = Literal["allSignals", "promotion", "companyChange"]
CompanySignalType = Literal[
    "allSignals",
    "linkedinActivityIntent",
    "websiteTrafficDecrease",
    "websiteTrafficIncrease",
    "itSpendIncrease",
    "itSpendDecrease",
    "surgeInHiring",
    "headcountIncrease1m",
    "headcountIncrease3m",
    "headcountIncrease6m",
    "headcountIncrease12m",
    "headcountDecrease1m",
    "headcountDecrease3m",
    "headcountDecrease6m",
    "headcountDecrease12m",
    "surgeInHiringByDepartment",
    "surgeInHiringByLocation",
    "riskNews",
    "commercialActivityNews",
    "corporateStrategyNews",
    "financialEventsNews",
    "peopleNews",
    "marketIntelligenceNews",
    "productActivityNews",
]
SignalFilterType = Literal["newsEventTypes", "hiringByDepartments", "hiringByLocations", "intentCategories"]

SignalEvent = dict[str, Any]
"""One event, as the API sends it: most have a ``signalDate``, the rest differs from type to type."""


# --- requests ----------------------------------------------------------------------------------------------------


class IntentCategories(RequestModel, frozen=True, kw_only=True):
    """Categories of LinkedIn activity to report."""

    intent_categories: tuple[str, ...] | None = None


class SignalsInclude(RequestModel, frozen=True, kw_only=True):
    """What to keep of the events found."""

    include: IntentCategories | None = None


class SignalsRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/signals`` and ``/v3/companies/signals``; `filters` is for companies."""

    ids: tuple[str, ...]
    signal_types: tuple[str, ...]
    start_date: str | None = None
    max_results_per_signal: int | None = None
    table_id: str | None = None
    filters: SignalsInclude | None = None


class ContactScoresRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/signal-score``."""

    contacts: tuple[ContactQuery, ...]


class ScoredCompanyQuery(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A company to score. The API wants exactly one way to find it: the first given of id, domain, email, name."""

    client_reference_id: str | None = None
    id: str | None = None
    domain: str | None = None
    email: str | None = None
    name: str | None = None


class CompanyScoresRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/companies/signal-score``."""

    companies: tuple[ScoredCompanyQuery, ...]


# --- responses ---------------------------------------------------------------------------------------------------


class SignalTypesResponse(Model, frozen=True):
    """The names that `signal_types` takes."""

    signal_types: tuple[str, ...] = ()


class SignalsResponse(Model, frozen=True):
    """The frame of both answers: the days covered, and the price."""

    start_date: str | None = None
    end_date: str | None = None
    request_id: str | None = None
    table_write: TableWrite | None = None
    billing: Billing | None = None


class ContactSignals(Model, frozen=True):
    """What happened to one contact. Nothing happened: empty, or left out altogether."""

    id: str | None = None
    promotion: tuple[SignalEvent, ...] | None = None
    company_change: tuple[SignalEvent, ...] | None = None
    error: ItemError | None = None


class ContactSignalsResponse(SignalsResponse, frozen=True):
    """One element per contact, by id."""

    results: tuple[ContactSignals, ...] = ()


class ActivityTopic(Model, frozen=True):
    """What a post is about."""

    topic: str | None = None
    category: str | None = None


class ActivityMention(Model, frozen=True):
    """A person (`full_name`) or a company (`name`) that wrote a post or is named in it."""

    id: str | None = None
    full_name: str | None = None
    name: str | None = None
    linkedin_url: str | None = None


class LinkedinActivity(Model, frozen=True):
    """A post on LinkedIn that shows intent. Never older than 90 days, at most 50 per company."""

    company_id: str | int | None = None
    activity_publication_date: str | None = None
    signal_category: str | None = None
    intent_topics: tuple[ActivityTopic, ...] | None = None
    author: ActivityMention | None = None
    contacts_mentioned: tuple[ActivityMention, ...] | None = None
    companies_mentioned: tuple[ActivityMention, ...] | None = None
    activity_url: str | None = None
    activity_summary: str | None = None
    activity_likes: int | None = None
    activity_comments: int | None = None
    activity_shares: int | None = None
    activity_type: str | None = None


class CompanySignals(Model, frozen=True):
    """What happened at one company, by type. A type newer than this list is in the raw JSON."""

    id: str | None = None
    company_name: str | None = None
    domain: str | None = None
    linkedin_activity_intent: tuple[LinkedinActivity, ...] | None = None
    website_traffic_decrease: tuple[SignalEvent, ...] | None = None
    website_traffic_increase: tuple[SignalEvent, ...] | None = None
    it_spend_increase: tuple[SignalEvent, ...] | None = None
    it_spend_decrease: tuple[SignalEvent, ...] | None = None
    surge_in_hiring: tuple[SignalEvent, ...] | None = None
    headcount_increase_1m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountIncrease1m")
    headcount_increase_3m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountIncrease3m")
    headcount_increase_6m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountIncrease6m")
    headcount_increase_12m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountIncrease12m")
    headcount_decrease_1m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountDecrease1m")
    headcount_decrease_3m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountDecrease3m")
    headcount_decrease_6m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountDecrease6m")
    headcount_decrease_12m: tuple[SignalEvent, ...] | None = msgspec.field(default=None, name="headcountDecrease12m")
    surge_in_hiring_by_department: tuple[SignalEvent, ...] | None = None
    surge_in_hiring_by_location: tuple[SignalEvent, ...] | None = None
    risk_news: tuple[SignalEvent, ...] | None = None
    commercial_activity_news: tuple[SignalEvent, ...] | None = None
    corporate_strategy_news: tuple[SignalEvent, ...] | None = None
    financial_events_news: tuple[SignalEvent, ...] | None = None
    people_news: tuple[SignalEvent, ...] | None = None
    market_intelligence_news: tuple[SignalEvent, ...] | None = None
    product_activity_news: tuple[SignalEvent, ...] | None = None
    error: ItemError | None = None


class CompanySignalsResponse(SignalsResponse, frozen=True):
    """One element per company, by id."""

    results: tuple[CompanySignals, ...] = ()


class SignalScore(Model, frozen=True):
    """How much is going on: `signal_score` is 0 to 1. `error.code` is ``NO_SCORE`` where nothing is known.

    `full_name` and `company` are those of a contact, `name` and `domain` those of a company.
    """

    id: str | None = None
    client_reference_id: str | None = None
    full_name: str | None = None
    company: CompanyRef | None = None
    name: str | None = None
    domain: str | None = None
    signal_score: Number | None = None
    signal_types: tuple[str, ...] | None = None
    no_active_signals: bool | None = None
    error: ItemError | None = None


class SignalScoresResponse(Response, frozen=True):
    """One element per record, scored or with an `error`. Errors are not charged."""

    results: tuple[SignalScore, ...] = ()
