"""Prospecting: pages of contacts or companies that match filters."""

from functools import partial
from typing import Any

from ..endpoint import Endpoint, Repeat
from ..model import RequestModel
from ..paging import ByNumber, Pages, Position, even_size
from ..resource import Resource
from .checks import within
from .common import (
    CompanyPreview,
    ContactPreview,
    Pagination,
    Response,
    SearchOptions,
    partial_profiles,
)
from .prospecting_filters import FiltersLike, ProspectingFilters, company_filters, contact_filters

LAST_PAGE = 1000
LARGEST_PAGE = 100
SMALLEST_PAGE = 10


class PageRequest(RequestModel, frozen=True, kw_only=True):
    """Which page, counted from 0, and how many rows."""

    page: int
    size: int


class ProspectingRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/prospecting`` and ``/v3/companies/prospecting``."""

    pagination: PageRequest
    filters: ProspectingFilters
    table_id: str | None = None
    options: SearchOptions | None = None


class ContactProspectingResponse(Response, frozen=True):
    """One page of contacts. `pagination.size` tells how many came, not how many were asked for."""

    results: tuple[ContactPreview, ...] = ()
    pagination: Pagination | None = None


class CompanyProspectingResponse(Response, frozen=True):
    """One page of companies. `pagination.size` tells how many came, not how many were asked for."""

    results: tuple[CompanyPreview, ...] = ()
    pagination: Pagination | None = None


CONTACTS_PROSPECTING = Endpoint(
    method="POST",
    path="/v3/contacts/prospecting",
    operation="prospectingContacts",
    request=ProspectingRequest,
    response=ContactProspectingResponse,
    repeat=Repeat.COSTLY,
)
COMPANIES_PROSPECTING = Endpoint(
    method="POST",
    path="/v3/companies/prospecting",
    operation="prospectingCompanies",
    request=ProspectingRequest,
    response=CompanyProspectingResponse,
    repeat=Repeat.COSTLY,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (CONTACTS_PROSPECTING, COMPANIES_PROSPECTING)


def page_request(page: int, size: int) -> PageRequest:
    """Page and size, checked: 0 to 1000, and 10 to 100."""
    within(page, 0, LAST_PAGE, field="page")
    within(size, SMALLEST_PAGE, LARGEST_PAGE, field="size")
    return PageRequest(page=page, size=size)


class ContactProspecting(Resource):
    """Prospecting for contacts."""

    async def prospect(
        self,
        filters: FiltersLike,
        *,
        page: int = 0,
        size: int = 25,
        include_partial_profiles: bool | None = None,
        exclude_dnc: bool | None = None,
        max_contacts_per_company: int | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactProspectingResponse:
        """One page of contacts that match `filters`, with what could be revealed of each.

        ``POST /v3/contacts/prospecting``, `page` 0 to 1000, `size` 10 to 100, 25 requests a second. Charged by the
        rows returned (1 credit per started 25 was measured), each time; signals in the filters are charged per match.
        `exclude_dnc` leaves out people who must not be called, where the plan allows it (403 otherwise);
        `max_contacts_per_company` is 1 to 20.

        Raises `InvalidRequest` for filters that the live API refuses or silently ignores, `OutcomeUnknown` when no
        answer came back: the page may have been charged.

        >>> answer = await lusha.contacts.prospect({"contacts": {"include": {"departments": ["Marketing"]}}}, size=10)
        >>> len(answer.results) <= 10
        True
        """
        options = SearchOptions(
            include_partial_profiles=include_partial_profiles,
            exclude_dnc=exclude_dnc,
            max_contacts_per_company=within(max_contacts_per_company, 1, 20, field="max_contacts_per_company"),
        )
        body = ProspectingRequest(
            pagination=page_request(page, size),
            filters=contact_filters(filters),
            table_id=table_id,
            options=None if options == SearchOptions() else options,
        )
        return await self._call(CONTACTS_PROSPECTING, body=body, timeout=timeout, allow_repeat=allow_repeat)

    def iter_prospect(
        self,
        filters: FiltersLike,
        *,
        limit: int | None = None,
        page: int = 0,
        size: int | None = None,
        prefetch: bool = True,
        include_partial_profiles: bool | None = None,
        exclude_dnc: bool | None = None,
        max_contacts_per_company: int | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[ContactPreview]:
        """All contacts that match `filters`, up to `limit`, page after page from `page` on. Options as in `prospect`.

        ``POST /v3/contacts/prospecting``, pages of 100 (or less, to meet `limit`), 1001 pages at most. Every page is
        charged; `prefetch` fetches the next while half of the last is still to be used. See `lusha_async.paging`.

        >>> filters = {"contacts": {"include": {"departments": ["Marketing"]}}}
        >>> contacts = [contact async for contact in lusha.contacts.iter_prospect(filters, limit=15)]
        >>> len(contacts) <= 15
        True
        """
        rows = size or even_size(limit, smallest=SMALLEST_PAGE, largest=LARGEST_PAGE)
        page_request(page, rows)
        call = partial(
            self.prospect,
            contact_filters(filters),
            size=rows,
            include_partial_profiles=include_partial_profiles,
            exclude_dnc=exclude_dnc,
            max_contacts_per_company=max_contacts_per_company,
            table_id=table_id,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )
        walk: ByNumber[ContactPreview, ContactProspectingResponse] = ByNumber(
            lambda number: call(page=number), items=lambda answer: answer.results, size=rows, last_page=LAST_PAGE
        )
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)


class CompanyProspecting(Resource):
    """Prospecting for companies."""

    async def prospect(
        self,
        filters: FiltersLike,
        *,
        page: int = 0,
        size: int = 25,
        include_partial_profiles: bool | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyProspectingResponse:
        """One page of companies that match `filters`, with what could be revealed of each.

        ``POST /v3/companies/prospecting``, `page` 0 to 1000, `size` 10 to 100, 25 requests a second. Charged by the
        rows returned, each time. Of contacts, only job titles, departments, seniority ids, skills, locations and
        existing data points can be asked for.

        Raises `InvalidRequest` for filters that the live API refuses or silently ignores, `OutcomeUnknown` when no
        answer came back: the page may have been charged.

        >>> filters = {"companies": {"include": {"locations": [{"country": "Germany"}]}}}
        >>> answer = await lusha.companies.prospect(filters, size=10)
        >>> len(answer.results) <= 10
        True
        """
        body = ProspectingRequest(
            pagination=page_request(page, size),
            filters=company_filters(filters),
            table_id=table_id,
            options=partial_profiles(include_partial_profiles),
        )
        return await self._call(COMPANIES_PROSPECTING, body=body, timeout=timeout, allow_repeat=allow_repeat)

    def iter_prospect(
        self,
        filters: FiltersLike,
        *,
        limit: int | None = None,
        page: int = 0,
        size: int | None = None,
        prefetch: bool = True,
        include_partial_profiles: bool | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[CompanyPreview]:
        """All companies that match `filters`, up to `limit`, page after page from `page` on. Options as in `prospect`.

        ``POST /v3/companies/prospecting``, pages of 100 (or less, to meet `limit`), 1001 pages at most. Every page is
        charged; `prefetch` fetches the next while half of the last is still to be used. See `lusha_async.paging`.

        >>> filters = {"companies": {"include": {"locations": [{"country": "Germany"}]}}}
        >>> companies = [company async for company in lusha.companies.iter_prospect(filters, limit=15)]
        >>> len(companies) <= 15
        True
        """
        rows = size or even_size(limit, smallest=SMALLEST_PAGE, largest=LARGEST_PAGE)
        page_request(page, rows)
        call = partial(
            self.prospect,
            company_filters(filters),
            size=rows,
            include_partial_profiles=include_partial_profiles,
            table_id=table_id,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )
        walk: ByNumber[CompanyPreview, CompanyProspectingResponse] = ByNumber(
            lambda number: call(page=number), items=lambda answer: answer.results, size=rows, last_page=LAST_PAGE
        )
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)
