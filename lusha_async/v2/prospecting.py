"""New people and companies by what they are like: `lusha.v2.prospecting.contacts` and `.companies`.

Two steps: `search` lists who fits and what is known of them, `enrich` reveals those you choose.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..records import record_ids
from ..resource import Resource
from ..v3.checks import within
from ..v3.common import Billing, Pagination
from .common import ItemError, LegacyId, Named, Number, Profile, Reveal, reveal_flags
from .company import Company
from .prospecting_filters import (
    CompanyCriteriaLike,
    CompanyFilters,
    ContactCriteriaLike,
    ContactFilters,
    Filters,
    company_filters,
    contact_filters,
)


class Pages(RequestModel, frozen=True, kw_only=True):
    """Which page, from 0, and how many results on it."""

    page: Number | None = None
    size: Number | None = None


class ContactSearchRequest(RequestModel, frozen=True, kw_only=True):
    """The body of a search for people."""

    filters: Filters
    pages: Pages | None = None
    include_partial_contact: bool | None = None
    exclude_dnc: bool | None = None


class CompanySearchRequest(RequestModel, frozen=True, kw_only=True):
    """The body of a search for companies."""

    filters: Filters
    pages: Pages | None = None


class ContactEnrichRequest(RequestModel, frozen=True, kw_only=True):
    """The body of a reveal of people."""

    request_id: str
    contact_ids: tuple[str, ...]
    reveal_emails: bool | None = None
    reveal_phones: bool | None = None


class CompanyEnrichRequest(RequestModel, frozen=True, kw_only=True):
    """The body of a reveal of companies."""

    request_id: str
    companies_ids: tuple[str, ...]


# --- what is found -----------------------------------------------------------------------------------------------


class PersonName(Model, frozen=True):
    """A name in parts."""

    first: str | None = None
    last: str | None = None
    full: str | None = None


class Known(Model, frozen=True):
    """What is known of a company, before anything is revealed."""

    fqdn: str | None = None
    has_company_employees_count: bool | None = None
    has_company_revenue: bool | None = None
    has_company_main_industry: bool | None = None
    has_company_sub_industry: bool | None = None
    has_company_funding: bool | None = None
    has_company_intent: bool | None = None
    has_company_technologies: bool | None = None
    has_company_city: bool | None = None
    has_company_country: bool | None = None
    signal_types: tuple[str, ...] | None = None


class FoundCompany(Known, frozen=True):
    """A company that fits. Nothing is revealed yet."""

    id: LegacyId | None = None
    name: str | None = None
    description: str | None = None
    logo_url: str | None = None


class FoundContact(Known, frozen=True):
    """A person who fits, and what is known of them and their company. Nothing is revealed yet."""

    contact_id: LegacyId | None = None
    name: str | PersonName | None = None
    is_shown: bool | None = None
    job_title: str | None = None
    company_id: LegacyId | None = None
    company_name: str | None = None
    has_department: bool | None = None
    has_seniority: bool | None = None
    has_contact_location: bool | None = None
    has_social_link: bool | None = None
    has_emails: bool | None = None
    has_work_email: bool | None = None
    has_private_email: bool | None = None
    has_phones: bool | None = None
    has_mobile_phone: bool | None = None
    has_direct_phone: bool | None = None


class ProspectContact(Profile, frozen=True):
    """A person, revealed."""

    is_shown: bool | None = None
    job_title: str | None = None
    departments: tuple[str, ...] | None = None
    seniority: tuple[Named | str, ...] | None = None
    company_name: str | None = None
    company: Company | None = None


class EnrichedContact(Model, frozen=True):
    """One id's answer: `data`, or `is_success` False."""

    id: LegacyId | None = None
    is_success: bool | None = None
    data: ProspectContact | None = None
    error: ItemError | str | None = None


def _whole(number: Number | None) -> int | None:
    return None if number is None else int(number)


class Page(Model, frozen=True):
    """Where a page stands. `request_id` is what `enrich` needs. `page_length` is what was asked for, not what came."""

    request_id: str | None = None
    current_page: Number | None = None
    page_length: Number | None = None
    total_results: Number | None = None
    billing: Billing | None = None

    @property
    def pagination(self) -> Pagination:
        """The same as V3 says it."""
        return Pagination(page=_whole(self.current_page), total=_whole(self.total_results))


class ContactSearchResponse(Page, frozen=True):
    """A page of people: read `contacts`. The live API sends them as `data`, its documents as `contacts`."""

    contacts: tuple[FoundContact, ...] | None = None
    data: tuple[FoundContact, ...] | None = None

    def __post_init__(self) -> None:
        if self.contacts is None and self.data is not None:
            msgspec.structs.force_setattr(self, "contacts", self.data)


class CompanySearchResponse(Page, frozen=True):
    """A page of companies: read `companies`. The live API sends them as `data`, its documents as `companies`."""

    companies: tuple[FoundCompany, ...] | None = None
    data: tuple[FoundCompany, ...] | None = None

    def __post_init__(self) -> None:
        if self.companies is None and self.data is not None:
            msgspec.structs.force_setattr(self, "companies", self.data)


class ContactEnrichResponse(Model, frozen=True):
    """The revealed people."""

    request_id: str | None = None
    contacts: tuple[EnrichedContact, ...] | None = None
    billing: Billing | None = None


class CompanyEnrichResponse(Model, frozen=True):
    """The revealed companies."""

    request_id: str | None = None
    companies: tuple[Company, ...] | None = None
    billing: Billing | None = None


SEARCH_CONTACTS: Endpoint[ContactSearchResponse] = Endpoint(
    method="POST",
    path="/prospecting/contact/search",
    operation="searchProspectingContacts",
    response=ContactSearchResponse,
    request=ContactSearchRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.contacts.prospect",
)

ENRICH_CONTACTS: Endpoint[ContactEnrichResponse] = Endpoint(
    method="POST",
    path="/prospecting/contact/enrich",
    operation="enrichProspectingContacts",
    response=ContactEnrichResponse,
    request=ContactEnrichRequest,
    repeat=Repeat.CHEAP,
    successor="lusha.contacts.enrich",
)

SEARCH_COMPANIES: Endpoint[CompanySearchResponse] = Endpoint(
    method="POST",
    path="/prospecting/company/search",
    operation="searchProspectingCompanies",
    response=CompanySearchResponse,
    request=CompanySearchRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.companies.prospect",
)

ENRICH_COMPANIES: Endpoint[CompanyEnrichResponse] = Endpoint(
    method="POST",
    path="/prospecting/company/enrich",
    operation="enrichProspectingCompanies",
    response=CompanyEnrichResponse,
    request=CompanyEnrichRequest,
    repeat=Repeat.CHEAP,
    successor="lusha.companies.enrich",
)


ENDPOINTS: tuple[Endpoint[Any], ...] = (SEARCH_CONTACTS, ENRICH_CONTACTS, SEARCH_COMPANIES, ENRICH_COMPANIES)


def search_filters(contacts: ContactFilters | None, companies: CompanyFilters | None) -> Filters:
    """Both kinds together. Raises `InvalidRequest` for none."""
    if contacts is None and companies is None:
        raise InvalidRequest("a search needs filters: say what to look for", field="filters")
    return Filters(contacts=contacts, companies=companies)


def pages_of(page: int, size: int) -> Pages:
    """A page within the API's bounds. Raises `InvalidRequest` for any other."""
    return Pages(page=within(page, 0, 1000, field="page"), size=within(size, 10, 50, field="size"))


def checked_request_id(request_id: str | None) -> str:
    """The id of a search. Raises `InvalidRequest` for none."""
    if not request_id:
        raise InvalidRequest("request_id is empty: give that of the search that found these ids", field="request_id")
    return request_id


# --- methods -----------------------------------------------------------------------------------------------------


class ContactProspecting(Resource):
    """`lusha.v2.prospecting.contacts`: people by what they and their companies are like."""

    async def search(
        self,
        contacts: ContactCriteriaLike | None = None,
        *,
        exclude_contacts: ContactCriteriaLike | None = None,
        companies: CompanyCriteriaLike | None = None,
        exclude_companies: CompanyCriteriaLike | None = None,
        page: int = 0,
        size: int = 20,
        include_partial_contact: bool | None = None,
        exclude_dnc: bool | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactSearchResponse:
        """One page of people who fit, and what is known of them. Nothing is revealed.

        ``POST /prospecting/contact/search`` (in V3 `lusha.contacts.prospect`), 10 to 50 a page, pages 0 to 1000, 25
        requests a second. Charged per started block of results by current price lists, and per signal type that
        returns results; so it is not sent again by itself after an unknown outcome (`OutcomeUnknown`) unless
        `allow_repeat`.

        `contacts` is what the people are like, `companies` what their companies are like; the `exclude_` twins rule
        out. `exclude_dnc` drops people whose every phone is marked do-not-call, on plans that have it
        (`PermissionDenied` on others). `iter_search` walks all pages.

        >>> page = await lusha.v2.prospecting.contacts.search({"departments": ["Sales"]}, size=10)
        >>> [person.contact_id for person in page.contacts or () if person.has_work_email][:0]
        []
        """
        body = ContactSearchRequest(
            filters=search_filters(
                contact_filters(contacts, exclude_contacts), company_filters(companies, exclude_companies)
            ),
            pages=pages_of(page, size),
            include_partial_contact=include_partial_contact,
            exclude_dnc=exclude_dnc,
        )
        return await self._call(SEARCH_CONTACTS, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def enrich(
        self,
        ids: str | int | Iterable[str | int],
        *,
        request_id: str | None,
        reveal: Iterable[Reveal],
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactEnrichResponse:
        """Reveal people that a search has found.

        ``POST /prospecting/contact/enrich`` (in V3 `lusha.contacts.enrich`), up to 100 ids, 25 requests a second.
        Charged per revealed data point. `ids` are `contact_id`s, `request_id` that of the search they come from.
        `reveal=["emails"]` or `["phones"]` alone needs an account with unified credits (`PermissionDenied` on
        others); both together work on every account.

        An id that could not be revealed comes back with `is_success` False.

        >>> page = await lusha.v2.prospecting.contacts.search({"departments": ["Sales"]}, size=10)
        >>> ids = [person.contact_id for person in page.contacts or () if person.contact_id and person.has_emails]
        >>> if ids:
        ...     answer = await lusha.v2.prospecting.contacts.enrich(ids, request_id=page.request_id, reveal=["emails"])
        """
        emails, phones = reveal_flags(reveal)
        body = ContactEnrichRequest(
            request_id=checked_request_id(request_id),
            contact_ids=record_ids(ids),
            reveal_emails=emails,
            reveal_phones=phones,
        )
        return await self._call(ENRICH_CONTACTS, body=body, timeout=timeout, allow_repeat=allow_repeat)


class CompanyProspecting(Resource):
    """`lusha.v2.prospecting.companies`: companies by what they are like."""

    async def search(
        self,
        companies: CompanyCriteriaLike | None = None,
        *,
        exclude_companies: CompanyCriteriaLike | None = None,
        page: int = 0,
        size: int = 20,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanySearchResponse:
        """One page of companies that fit, and what is known of them. Nothing is revealed.

        ``POST /prospecting/company/search`` (in V3 `lusha.companies.prospect`), 10 to 50 a page, pages 0 to 1000, 25
        requests a second. Charged per started block of results by current price lists, and per signal type that
        returns results; not sent again by itself after an unknown outcome (`OutcomeUnknown`) unless `allow_repeat`.
        `iter_search` walks all pages.

        >>> page = await lusha.v2.prospecting.companies.search({"sizes": [{"min": 51, "max": 200}]}, size=10)
        >>> names = [company.name for company in page.companies or ()]
        """
        body = CompanySearchRequest(
            filters=search_filters(None, company_filters(companies, exclude_companies)), pages=pages_of(page, size)
        )
        return await self._call(SEARCH_COMPANIES, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def enrich(
        self,
        ids: str | int | Iterable[str | int],
        *,
        request_id: str | None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyEnrichResponse:
        """Reveal companies that a search has found.

        ``POST /prospecting/company/enrich`` (in V3 `lusha.companies.enrich`), up to 100 ids, 25 requests a second.
        Charged per company. `request_id` is that of the search the ids come from.

        >>> page = await lusha.v2.prospecting.companies.search({"sizes": [{"min": 51, "max": 200}]}, size=10)
        >>> ids = [company.id for company in page.companies or () if company.id]
        >>> if ids:
        ...     answer = await lusha.v2.prospecting.companies.enrich(ids, request_id=page.request_id)
        """
        body = CompanyEnrichRequest(request_id=checked_request_id(request_id), companies_ids=record_ids(ids))
        return await self._call(ENRICH_COMPANIES, body=body, timeout=timeout, allow_repeat=allow_repeat)
