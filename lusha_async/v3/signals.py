"""Signals: what happened to contacts and companies, and how much of it is going on (the score)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, cast

import msgspec

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..records import (
    CompanyLike,
    CompanyQuery,
    ContactLike,
    ContactQuery,
    company_query,
    contact_query,
    one_or_many,
    record_ids,
)
from ..resource import Resource
from .common import Billing, CompanyRef, ItemError, Number, Response, TableWrite, day, tokens, within
from .filters import FilterTypesResponse, FilterValuesResponse, filter_query, types_endpoint, values_endpoint

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

LONGEST_REFERENCE = 256
"""Characters of `client_reference_id` in the score operations."""

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
    headcount_increase_1m: tuple[SignalEvent, ...] | None = None
    headcount_increase_3m: tuple[SignalEvent, ...] | None = None
    headcount_increase_6m: tuple[SignalEvent, ...] | None = None
    headcount_increase_12m: tuple[SignalEvent, ...] | None = None
    headcount_decrease_1m: tuple[SignalEvent, ...] | None = None
    headcount_decrease_3m: tuple[SignalEvent, ...] | None = None
    headcount_decrease_6m: tuple[SignalEvent, ...] | None = None
    headcount_decrease_12m: tuple[SignalEvent, ...] | None = None
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


# --- endpoints ---------------------------------------------------------------------------------------------------

CONTACTS_SIGNALS = Endpoint(
    method="POST",
    path="/v3/contacts/signals",
    operation="getContactSignals",
    request=SignalsRequest,
    response=ContactSignalsResponse,
    repeat=Repeat.COSTLY,
)
COMPANIES_SIGNALS = Endpoint(
    method="POST",
    path="/v3/companies/signals",
    operation="getCompanySignals",
    request=SignalsRequest,
    response=CompanySignalsResponse,
    repeat=Repeat.COSTLY,
)
CONTACTS_SIGNAL_TYPES = Endpoint(
    method="GET",
    path="/v3/contacts/signals/types",
    operation="getContactSignalTypes",
    response=SignalTypesResponse,
)
COMPANIES_SIGNAL_TYPES = Endpoint(
    method="GET",
    path="/v3/companies/signals/types",
    operation="getCompanySignalTypes",
    response=SignalTypesResponse,
)
COMPANIES_SIGNAL_FILTER_TYPES = types_endpoint("/v3/companies/signals/filters", "getCompanySignalFilters")
COMPANIES_SIGNAL_FILTER_VALUES = values_endpoint("/v3/companies/signals/filters", "getCompanySignalFilterValues")
CONTACTS_SIGNAL_SCORES = Endpoint(
    method="POST",
    path="/v3/contacts/signal-score",
    operation="getContactSignalScores",
    request=ContactScoresRequest,
    response=SignalScoresResponse,
    repeat=Repeat.COSTLY,
)
COMPANIES_SIGNAL_SCORES = Endpoint(
    method="POST",
    path="/v3/companies/signal-score",
    operation="getCompanySignalScores",
    request=CompanyScoresRequest,
    response=SignalScoresResponse,
    repeat=Repeat.COSTLY,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    CONTACTS_SIGNALS,
    COMPANIES_SIGNALS,
    CONTACTS_SIGNAL_TYPES,
    COMPANIES_SIGNAL_TYPES,
    COMPANIES_SIGNAL_FILTER_TYPES,
    COMPANIES_SIGNAL_FILTER_VALUES,
    CONTACTS_SIGNAL_SCORES,
    COMPANIES_SIGNAL_SCORES,
)


# --- checks ------------------------------------------------------------------------------------------------------


def signals_request(
    ids: tuple[str, ...],
    *,
    signal_types: Iterable[str],
    start_date: date | str | None,
    max_results_per_signal: int | None,
    table_id: str | None,
    intent_categories: Iterable[str] | None = None,
) -> SignalsRequest:
    """The body of a request for signals, checked."""
    filters = None
    if intent_categories is not None:
        categories = tokens(intent_categories, field="intent_categories")
        filters = SignalsInclude(include=IntentCategories(intent_categories=categories))
    return SignalsRequest(
        ids=ids,
        signal_types=tokens(signal_types, field="signal_types"),
        start_date=day(start_date, field="start_date"),
        max_results_per_signal=within(max_results_per_signal, 1, 100, field="max_results_per_signal"),
        table_id=table_id,
        filters=filters,
    )


def scored_contact(item: object, *, index: int | None = None) -> ContactQuery:
    """A contact to score, checked."""
    query = contact_query(item, index=index)
    _check_reference(query.client_reference_id, index)
    return query


def scored_company(item: object, *, index: int | None = None) -> ScoredCompanyQuery:
    """A company to score, with the one identifier the API takes of it."""
    plain: Any = msgspec.structs.asdict(item) if isinstance(item, ScoredCompanyQuery) else item
    if isinstance(plain, Mapping):
        named = cast("Mapping[str, Any]", plain)
        email = named.get("email")
        plain = {name: value for name, value in named.items() if name != "email"}
        if email and not (plain.get("id") or plain.get("domain")):
            person = contact_query(
                {"email": email, "client_reference_id": plain.get("client_reference_id")}, index=index
            )
            _check_reference(person.client_reference_id, index)
            return ScoredCompanyQuery(client_reference_id=person.client_reference_id, email=person.email)
    query = company_query(plain, index=index)
    _check_reference(query.client_reference_id, index)
    return ScoredCompanyQuery(
        client_reference_id=query.client_reference_id,
        id=query.id,
        domain=None if query.id else query.domain,
        name=None if query.id or query.domain else query.name,
    )


def _check_reference(reference: str | None, index: int | None) -> None:
    if reference and len(reference) > LONGEST_REFERENCE:
        raise InvalidRequest(
            f"client_reference_id has {len(reference)} characters, the API takes {LONGEST_REFERENCE}: shorten it",
            index=index,
            field="client_reference_id",
        )


# --- methods -----------------------------------------------------------------------------------------------------


class ContactSignalMethods(Resource):
    """Signals of contacts."""

    async def signals(
        self,
        ids: str | int | Iterable[str | int],
        *,
        signal_types: Iterable[ContactSignalType | str],
        start_date: date | str | None = None,
        max_results_per_signal: int | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactSignalsResponse:
        """Job changes and promotions of up to 100 contacts, since `start_date`.

        ``POST /v3/contacts/signals``, 25 requests a second. Charged per matched signal, each time.
        `max_results_per_signal` is 1 to 100.

        Raises `OutcomeUnknown` when no answer came back: the signals may have been charged.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> answer = await lusha.contacts.signals(ids, signal_types=["promotion"])
        >>> {signals.id for signals in answer.results} <= set(ids)
        True
        """
        body = signals_request(
            record_ids(ids),
            signal_types=signal_types,
            start_date=start_date,
            max_results_per_signal=max_results_per_signal,
            table_id=table_id,
        )
        return await self._call(CONTACTS_SIGNALS, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def signal_types(self, *, timeout: float | None = None) -> SignalTypesResponse:
        """The types of signals there are for contacts.

        ``GET /v3/contacts/signals/types``, 25 requests a second, free.

        >>> types = await lusha.contacts.signal_types()
        >>> "promotion" in types.signal_types
        True
        """
        return await self._call(CONTACTS_SIGNAL_TYPES, timeout=timeout)

    async def signal_scores(
        self,
        contacts: ContactLike | Iterable[ContactLike],
        *,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> SignalScoresResponse:
        """A score of 0 to 1 for up to 100 contacts: how much is going on around them.

        ``POST /v3/contacts/signal-score``, 25 requests a second. 1 credit per scored record where the price list has
        the action, each time; free otherwise. `client_reference_id` takes 256 characters.

        >>> answer = await lusha.contacts.signal_scores({"email": "jane@example.com"})
        >>> len(answer.results)
        1
        """
        records = one_or_many(contacts, ContactQuery, 100)
        body = ContactScoresRequest(contacts=tuple(scored_contact(item, index=n) for n, item in enumerate(records)))
        return await self._call(CONTACTS_SIGNAL_SCORES, body=body, timeout=timeout, allow_repeat=allow_repeat)


class CompanySignalMethods(Resource):
    """Signals of companies."""

    async def signals(
        self,
        ids: str | int | Iterable[str | int],
        *,
        signal_types: Iterable[CompanySignalType | str],
        start_date: date | str | None = None,
        max_results_per_signal: int | None = None,
        intent_categories: Iterable[str] | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanySignalsResponse:
        """Hiring, headcount, traffic, spending, news and LinkedIn activity of up to 100 companies, since `start_date`.

        ``POST /v3/companies/signals``, 25 requests a second. Charged per matched signal, each time.
        `max_results_per_signal` is 1 to 100. ``linkedinActivityIntent`` reaches back 90 days and brings at most 50;
        `intent_categories` narrows it to values of ``signal_filter_values("intentCategories")``.

        Raises `PaymentRequired` also where the plan has no company signals, `OutcomeUnknown` when no answer came back.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> ids = [company.id for company in found.results if company.id]
        >>> answer = await lusha.companies.signals(ids, signal_types=["surgeInHiring"])
        >>> {signals.id for signals in answer.results} <= set(ids)
        True
        """
        body = signals_request(
            record_ids(ids),
            signal_types=signal_types,
            start_date=start_date,
            max_results_per_signal=max_results_per_signal,
            table_id=table_id,
            intent_categories=intent_categories,
        )
        return await self._call(COMPANIES_SIGNALS, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def signal_types(self, *, timeout: float | None = None) -> SignalTypesResponse:
        """The types of signals there are for companies.

        ``GET /v3/companies/signals/types``, 25 requests a second, free.

        >>> types = await lusha.companies.signal_types()
        >>> "surgeInHiring" in types.signal_types
        True
        """
        return await self._call(COMPANIES_SIGNAL_TYPES, timeout=timeout)

    async def signal_filter_types(self, *, timeout: float | None = None) -> FilterTypesResponse:
        """The lists of values that narrow company signals.

        ``GET /v3/companies/signals/filters``, 25 requests a second, free.

        >>> types = await lusha.companies.signal_filter_types()
        >>> "intentCategories" in [kind.filter_type for kind in types.available_filters]
        True
        """
        return await self._call(COMPANIES_SIGNAL_FILTER_TYPES, timeout=timeout)

    async def signal_filter_values(
        self, filter_type: SignalFilterType | str, *, query: str | None = None, timeout: float | None = None
    ) -> FilterValuesResponse:
        """The values of one such list.

        ``GET /v3/companies/signals/filters/{filterType}``, 25 requests a second, free.

        >>> categories = await lusha.companies.signal_filter_values("intentCategories")
        >>> bool(categories.values)
        True
        """
        path = {"filter_type": filter_type}
        query_string = filter_query(filter_type, query)
        return await self._call(COMPANIES_SIGNAL_FILTER_VALUES, path=path, query=query_string, timeout=timeout)

    async def signal_scores(
        self,
        companies: ScoredCompanyQuery | CompanyLike | Iterable[ScoredCompanyQuery | CompanyLike],
        *,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> SignalScoresResponse:
        """A score of 0 to 1 for up to 100 companies: how many of the signals are active.

        ``POST /v3/companies/signal-score``, 25 requests a second. 1 credit per scored record where the price list has
        the action, each time; free otherwise. The API takes one identifier per company: of several given, the first
        of id, domain, email, name is sent.

        >>> answer = await lusha.companies.signal_scores({"domain": "example.com"})
        >>> len(answer.results)
        1
        """
        if isinstance(companies, ScoredCompanyQuery):
            companies = [companies]
        records = one_or_many(companies, CompanyQuery, 100)
        body = CompanyScoresRequest(companies=tuple(scored_company(item, index=n) for n, item in enumerate(records)))
        return await self._call(COMPANIES_SIGNAL_SCORES, body=body, timeout=timeout, allow_repeat=allow_repeat)
