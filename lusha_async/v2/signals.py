"""What changed at people and companies: `lusha.v2.signals.contacts` and `.companies`."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..records import CompanyLike, CompanyQuery, ContactLike, ContactQuery, company_queries, contact_queries, record_ids
from ..resource import Resource
from ..v3.checks import day, tokens, within
from .common import (
    CompanySignalType,
    ContactSignals,
    ContactSignalType,
    ItemError,
    LegacyId,
    SignalFilterBody,
    SignalFilters,
    included,
    numeric_id,
    references,
    signal_filters,
)
from .company import CompanySignals

# --- what is asked -----------------------------------------------------------------------------------------------


class ContactSignalsRequest(RequestModel, frozen=True, kw_only=True):
    """The body of signals by a person's id."""

    contact_ids: tuple[int, ...]
    signals: tuple[str, ...]
    start_date: str | None = None
    max_results_per_signal: int | None = None


class CompanySignalsRequest(RequestModel, frozen=True, kw_only=True):
    """The body of signals by a company's id."""

    company_ids: tuple[int, ...]
    signals: tuple[str, ...]
    start_date: str | None = None
    max_results_per_signal: int | None = None
    filters: SignalFilterBody | None = None


class SearchedEmployer(RequestModel, frozen=True, kw_only=True, rename=None):
    """Where a person works. The API asks for both `name` and `domain`."""

    name: str | None = None
    domain: str | None = None
    is_current: bool | None = None


class SearchedContact(RequestModel, frozen=True, kw_only=True, rename=None):
    """A person to look for. `id` is the key under which they are answered, not Lusha's id."""

    id: str
    social_link: str | None = None
    full_name: str | None = None
    email: str | None = None
    companies: tuple[SearchedEmployer, ...] | None = None


class SearchedCompany(RequestModel, frozen=True, kw_only=True):
    """A company to look for. `id` is the key under which it is answered, not Lusha's id."""

    id: str
    name: str | None = None
    domain: str | None = None


class ContactSignalsSearchRequest(RequestModel, frozen=True, kw_only=True):
    """The body of signals by who a person is."""

    contacts: tuple[SearchedContact, ...]
    signals: tuple[str, ...]
    start_date: str | None = None
    max_results_per_signal: int | None = None


class CompanySignalsSearchRequest(RequestModel, frozen=True, kw_only=True):
    """The body of signals by who a company is."""

    companies: tuple[SearchedCompany, ...]
    signals: tuple[str, ...]
    start_date: str | None = None
    max_results_per_signal: int | None = None
    filters: SignalFilterBody | None = None


# --- what is answered --------------------------------------------------------------------------------------------


class SignalFilterOptions(Model, frozen=True):
    """Values of `SignalFilters`; places are objects with `country` and `state`."""

    news_event_types: tuple[str, ...] | None = None
    hiring_by_departments: tuple[str, ...] | None = None
    hiring_by_locations: tuple[dict[str, str], ...] | None = None


class SignalOptions(Model, frozen=True):
    """The signal types of people or companies; for companies also the values of their filters."""

    object_type: str | None = None
    signals: tuple[str, ...] | None = None
    filter_options: SignalFilterOptions | None = None


class CompanySignalsById(CompanySignals, frozen=True):
    """The signals of one company."""

    company_id: LegacyId | None = None
    company_name: str | None = None
    domain: str | None = None
    error: ItemError | str | None = None


class SignalsPeriod(Model, frozen=True):
    """The period the signals are from, and what they cost."""

    start_date: str | None = None
    end_date: str | None = None
    credit_charged: int | float | None = None


class ContactSignalsResponse(SignalsPeriod, frozen=True):
    """Signals of people, by the id or reference they were asked with."""

    contacts: dict[str, ContactSignals] | None = None


class CompanySignalsResponse(SignalsPeriod, frozen=True):
    """Signals of companies, by the id or reference they were asked with."""

    companies: dict[str, CompanySignalsById] | None = None


OPTIONS: Endpoint[SignalOptions] = Endpoint(
    method="GET",
    path="/api/signals/filters/{objectType}",
    operation="getSignalOptions",
    response=SignalOptions,
    successor="lusha.contacts.signal_types or lusha.companies.signal_types",
)

CONTACTS: Endpoint[ContactSignalsResponse] = Endpoint(
    method="POST",
    path="/api/signals/contacts",
    operation="getContactSignalsById",
    response=ContactSignalsResponse,
    request=ContactSignalsRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.contacts.signals",
)

CONTACTS_SEARCH: Endpoint[ContactSignalsResponse] = Endpoint(
    method="POST",
    path="/api/signals/contacts/search",
    operation="searchContactSignals",
    response=ContactSignalsResponse,
    request=ContactSignalsSearchRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.contacts.search",
)

COMPANIES: Endpoint[CompanySignalsResponse] = Endpoint(
    method="POST",
    path="/api/signals/companies",
    operation="getCompanySignalsById",
    response=CompanySignalsResponse,
    request=CompanySignalsRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.companies.signals",
)

COMPANIES_SEARCH: Endpoint[CompanySignalsResponse] = Endpoint(
    method="POST",
    path="/api/signals/companies/search",
    operation="searchCompanySignals",
    response=CompanySignalsResponse,
    request=CompanySignalsSearchRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.companies.search",
)


ENDPOINTS: tuple[Endpoint[Any], ...] = (OPTIONS, CONTACTS, CONTACTS_SEARCH, COMPANIES, COMPANIES_SEARCH)


# --- checks ------------------------------------------------------------------------------------------------------


def numeric_ids(ids: object) -> tuple[int, ...]:
    """One id or many, checked, for one request of at most 100."""
    return tuple(numeric_id(value, index=n) for n, value in enumerate(record_ids(ids)))


def searched_contact(query: ContactQuery, reference: str, *, index: int | None = None) -> SearchedContact:
    """A contact in the form of a signal search, answered under `reference`."""
    if query.id and not (query.email or query.linkedin_url or query.first_name):
        raise InvalidRequest(
            "the search takes no ids: give email, linkedin_url or a name with a company, or use `by_id`",
            index=index,
            field="id",
        )
    named = query.first_name and query.last_name
    employed = query.company_name or query.company_domain
    employer = SearchedEmployer(name=query.company_name, domain=query.company_domain, is_current=True)
    return SearchedContact(
        id=reference,
        social_link=query.linkedin_url,
        full_name=f"{query.first_name} {query.last_name}" if named else None,
        email=query.email,
        companies=(employer,) if employed else None,
    )


def searched_company(query: CompanyQuery, reference: str, *, index: int | None = None) -> SearchedCompany:
    """A company in the form of a signal search, answered under `reference`."""
    if query.id and not (query.domain or query.name):
        raise InvalidRequest("the search takes no ids: give domain or name, or use `by_id`", index=index, field="id")
    return SearchedCompany(id=reference, name=query.name, domain=query.domain)


# --- methods -----------------------------------------------------------------------------------------------------


class ContactSignalLookup(Resource):
    """`lusha.v2.signals.contacts`: promotions and changes of company."""

    async def by_id(
        self,
        ids: str | int | Iterable[str | int],
        *,
        signals: Iterable[ContactSignalType],
        start_date: datetime.date | str | None = None,
        max_results_per_signal: int | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactSignalsResponse:
        """Signals of up to 100 people by their numeric ids.

        ``POST /api/signals/contacts`` (in V3 `lusha.contacts.signals`), 25 requests a second; `bulk_by_id` takes any
        number. Each signal type asked for is charged, each time, so a call whose outcome is unknown is not sent again
        by itself (`OutcomeUnknown`) unless `allow_repeat`; `credit_charged` tells the price. From `start_date` on, six
        months back by default.

        `answer.contacts` is keyed by the id, as text. `PermissionDenied` where the plan has no signals.

        >>> answer = await lusha.v2.signals.contacts.by_id([1001, 1002], signals=["promotion"], start_date="2026-01-01")
        >>> promotions = {key: found.promotion for key, found in (answer.contacts or {}).items()}
        """
        body = ContactSignalsRequest(
            contact_ids=numeric_ids(ids),
            signals=tokens(signals, field="signals"),
            start_date=day(start_date, field="start_date"),
            max_results_per_signal=within(max_results_per_signal, 1, None, field="max_results_per_signal"),
        )
        return await self._call(CONTACTS, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def search(
        self,
        contacts: ContactLike | Iterable[ContactLike],
        *,
        signals: Iterable[ContactSignalType],
        start_date: datetime.date | str | None = None,
        max_results_per_signal: int | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactSignalsResponse:
        """Signals of up to 100 people by e-mail address, LinkedIn profile, or name and company.

        ``POST /api/signals/contacts/search`` (in V3 `lusha.contacts.search` with `signals`), 25 requests a second.
        Price and options as for `by_id`. `answer.contacts["0"]` belongs to the first record, unless it has a
        `client_reference_id`, which then is its key; who was not found is missing.

        >>> answer = await lusha.v2.signals.contacts.search({"email": "jane.doe@example.com"}, signals=["allSignals"])
        >>> first = (answer.contacts or {}).get("0")
        """
        queries = contact_queries(contacts)
        keys = references(query.client_reference_id for query in queries)
        body = ContactSignalsSearchRequest(
            contacts=tuple(
                searched_contact(query, key, index=n) for n, (query, key) in enumerate(zip(queries, keys, strict=True))
            ),
            signals=tokens(signals, field="signals"),
            start_date=day(start_date, field="start_date"),
            max_results_per_signal=within(max_results_per_signal, 1, None, field="max_results_per_signal"),
        )
        return await self._call(CONTACTS_SEARCH, body=body, timeout=timeout, allow_repeat=allow_repeat)


class CompanySignalLookup(Resource):
    """`lusha.v2.signals.companies`: news, hiring, headcount, IT spend, web traffic."""

    async def by_id(
        self,
        ids: str | int | Iterable[str | int],
        *,
        signals: Iterable[CompanySignalType],
        start_date: datetime.date | str | None = None,
        max_results_per_signal: int | None = None,
        filters: SignalFilters | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanySignalsResponse:
        """Signals of up to 100 companies by their numeric ids.

        ``POST /api/signals/companies`` (in V3 `lusha.companies.signals`), 25 requests a second; `bulk_by_id` takes any
        number. Charged each time, so a call whose outcome is unknown is not sent again by itself (`OutcomeUnknown`)
        unless `allow_repeat`; `credit_charged` tells the price. From `start_date` on, six months back by default.
        `filters` narrows news and hiring.

        `answer.companies` is keyed by the id, as text. `PermissionDenied` or `PaymentRequired` where the plan has no
        signals.

        >>> answer = await lusha.v2.signals.companies.by_id([2001], signals=["surgeInHiring"], max_results_per_signal=5)
        >>> found = (answer.companies or {}).get("2001")
        """
        body = CompanySignalsRequest(
            company_ids=numeric_ids(ids),
            signals=tokens(signals, field="signals"),
            start_date=day(start_date, field="start_date"),
            max_results_per_signal=within(max_results_per_signal, 1, None, field="max_results_per_signal"),
            filters=included(signal_filters(filters, field="filters")),
        )
        return await self._call(COMPANIES, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def search(
        self,
        companies: CompanyLike | Iterable[CompanyLike],
        *,
        signals: Iterable[CompanySignalType],
        start_date: datetime.date | str | None = None,
        max_results_per_signal: int | None = None,
        filters: SignalFilters | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanySignalsResponse:
        """Signals of up to 100 companies by domain or name.

        ``POST /api/signals/companies/search`` (in V3 `lusha.companies.search` with `signals`), 25 requests a second.
        Price and options as for `by_id`. `answer.companies["0"]` belongs to the first record, unless it has a
        `client_reference_id`, which then is its key; what was not found is missing.

        >>> answer = await lusha.v2.signals.companies.search({"domain": "example.com"}, signals=["riskNews"])
        >>> first = (answer.companies or {}).get("0")
        """
        queries = company_queries(companies)
        keys = references(query.client_reference_id for query in queries)
        body = CompanySignalsSearchRequest(
            companies=tuple(
                searched_company(query, key, index=n) for n, (query, key) in enumerate(zip(queries, keys, strict=True))
            ),
            signals=tokens(signals, field="signals"),
            start_date=day(start_date, field="start_date"),
            max_results_per_signal=within(max_results_per_signal, 1, None, field="max_results_per_signal"),
            filters=included(signal_filters(filters, field="filters")),
        )
        return await self._call(COMPANIES_SEARCH, body=body, timeout=timeout, allow_repeat=allow_repeat)


class SignalTypes(Resource):
    """`lusha.v2.signals`."""

    async def options(
        self, object_type: Literal["contact", "company"], *, timeout: float | None = None
    ) -> SignalOptions:
        """The signal types of people or of companies, and the values of the company filters.

        ``GET /api/signals/filters/{objectType}`` (in V3 `signal_types` of `lusha.contacts` and `lusha.companies`).
        Free; 25 requests a second.

        >>> options = await lusha.v2.signals.options("company")
        >>> types = options.signals
        """
        return await self._call(OPTIONS, path={"objectType": object_type}, timeout=timeout)
