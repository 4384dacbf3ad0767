"""Signals: what happened to contacts and companies, and how much of it is going on (the score)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

import msgspec

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
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
from .checks import day, tokens, within
from .filters import FilterTypesResponse, FilterValuesResponse, filter_query, types_endpoint, values_endpoint
from .signals_types import (
    CompanyScoresRequest,
    CompanySignalsResponse,
    CompanySignalType,
    ContactScoresRequest,
    ContactSignalsResponse,
    ContactSignalType,
    IntentCategories,
    ScoredCompanyQuery,
    SignalFilterType,
    SignalScoresResponse,
    SignalsInclude,
    SignalsRequest,
    SignalTypesResponse,
)

LONGEST_REFERENCE = 256
"""Characters of `client_reference_id` in the score operations."""

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
