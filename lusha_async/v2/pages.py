"""Searches and lookalikes as iterators: page after page, the next fetched while this one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from ..paging import ByNumber, BySession, Pages, Position, even_size
from ..resource import Resource
from ..v3.lookalikes import LARGEST_PAGE
from . import lookalikes, prospecting
from .lookalikes import LegacyLookalikes, LookalikeCompany, LookalikeContact, companies_request, contacts_request
from .prospecting import FoundCompany, FoundContact, pages_of, search_filters
from .prospecting_filters import company_filters, contact_filters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..endpoint import Endpoint
    from ..v3.lookalikes import CompanyLookalikesRequest, ContactLookalikesRequest
    from .lookalikes import CompanySeedsLike, ContactSeedsLike
    from .prospecting_filters import CompanyCriteriaLike, ContactCriteriaLike

SMALLEST_PAGE = 10
LARGEST_SEARCH_PAGE = 50
LAST_PAGE = 1000

Answer = TypeVar("Answer", lookalikes.ContactLookalikesResponse, lookalikes.CompanyLookalikesResponse)
Like = TypeVar("Like", LookalikeContact, LookalikeCompany)


# --- prospecting -------------------------------------------------------------------------------------------------


class ContactPages(Resource):
    """All people of a search."""

    def iter_search(
        self,
        contacts: ContactCriteriaLike | None = None,
        *,
        exclude_contacts: ContactCriteriaLike | None = None,
        companies: CompanyCriteriaLike | None = None,
        exclude_companies: CompanyCriteriaLike | None = None,
        include_partial_contact: bool | None = None,
        exclude_dnc: bool | None = None,
        limit: int | None = None,
        page: int = 0,
        size: int | None = None,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[FoundContact]:
        """The people who fit, page after page. See `search` for filters and prices.

        ``POST /prospecting/contact/search`` (in V3 `lusha.contacts.iter_prospect`). At most `limit` of them, from
        `page` on, `size` a page (10 to 50, chosen by `limit` unless given). The API ends at page 1000: see `truncated`.
        `answer.request_id` of the iterator is what `enrich` needs for the latest person; `next_page` resumes.

        >>> people = lusha.v2.prospecting.contacts.iter_search({"departments": ["Sales"]}, limit=15)
        >>> found = [person async for person in people]
        >>> len(found) <= 15
        True
        """
        size = size or even_size(limit, smallest=SMALLEST_PAGE, largest=LARGEST_SEARCH_PAGE)
        request = prospecting.ContactSearchRequest(
            filters=search_filters(
                contact_filters(contacts, exclude_contacts), company_filters(companies, exclude_companies)
            ),
            pages=pages_of(page, size),
            include_partial_contact=include_partial_contact,
            exclude_dnc=exclude_dnc,
        )

        async def call(number: int) -> prospecting.ContactSearchResponse:
            body = msgspec.structs.replace(request, pages=pages_of(number, size))
            return await self._call(prospecting.SEARCH_CONTACTS, body=body, timeout=timeout, allow_repeat=allow_repeat)

        walk = ByNumber(call, items=_contacts, size=size, last_page=LAST_PAGE)
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)


class CompanyPages(Resource):
    """All companies of a search."""

    def iter_search(
        self,
        companies: CompanyCriteriaLike | None = None,
        *,
        exclude_companies: CompanyCriteriaLike | None = None,
        limit: int | None = None,
        page: int = 0,
        size: int | None = None,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[FoundCompany]:
        """The companies that fit, page after page. See `search` for filters and prices.

        ``POST /prospecting/company/search`` (in V3 `lusha.companies.iter_prospect`). Options as for people.

        >>> companies = lusha.v2.prospecting.companies.iter_search({"sizes": [{"min": 51, "max": 200}]}, limit=15)
        >>> found = [company async for company in companies]
        >>> len(found) <= 15
        True
        """
        size = size or even_size(limit, smallest=SMALLEST_PAGE, largest=LARGEST_SEARCH_PAGE)
        request = prospecting.CompanySearchRequest(
            filters=search_filters(None, company_filters(companies, exclude_companies)), pages=pages_of(page, size)
        )

        async def call(number: int) -> prospecting.CompanySearchResponse:
            body = msgspec.structs.replace(request, pages=pages_of(number, size))
            return await self._call(prospecting.SEARCH_COMPANIES, body=body, timeout=timeout, allow_repeat=allow_repeat)

        walk = ByNumber(call, items=_companies, size=size, last_page=LAST_PAGE)
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)


def _contacts(answer: prospecting.ContactSearchResponse) -> Sequence[FoundContact]:
    return answer.contacts or ()


def _companies(answer: prospecting.CompanySearchResponse) -> Sequence[FoundCompany]:
    return answer.companies or ()


# --- lookalikes --------------------------------------------------------------------------------------------------


def _contact_results(answer: lookalikes.ContactLookalikesResponse) -> Sequence[LookalikeContact]:
    return answer.results or ()


def _company_results(answer: lookalikes.CompanyLookalikesResponse) -> Sequence[LookalikeCompany]:
    return answer.results or ()


class LookalikePages(LegacyLookalikes):
    """All lookalikes of a session."""

    def iter_contacts(
        self,
        seeds: ContactSeedsLike,
        *,
        exclude: ContactSeedsLike | None = None,
        limit: int | None = None,
        dedupe_session_id: str | None = None,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[LookalikeContact]:
        """People like the seeds, one after another, without repeats. See `contacts` for seeds and prices.

        ``POST /v3/lookalike/contacts`` (in V3 `lusha.contacts.iter_lookalikes`), 100 a call and no more than `limit` in
        all. The session is carried along; `dedupe_session_id` of the iterator goes on later. `SessionExpired` is raised
        after everything that came has been handed out.

        >>> people = lusha.v2.lookalikes.iter_contacts([{"email": "jane.doe@example.com"}], limit=30)
        >>> found = [person async for person in people]
        >>> len(found) <= 30
        True
        """
        request = contacts_request(seeds, exclude, LARGEST_PAGE, dedupe_session_id)
        return self._session(
            self.contacts_endpoint,
            request,
            _contact_results,
            limit=limit,
            prefetch=prefetch,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )

    def iter_companies(
        self,
        seeds: CompanySeedsLike,
        *,
        exclude: CompanySeedsLike | None = None,
        limit: int | None = None,
        dedupe_session_id: str | None = None,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[LookalikeCompany]:
        """Companies like the seeds, one after another, without repeats. See `companies` for seeds and prices.

        ``POST /v3/lookalike/companies`` (in V3 `lusha.companies.iter_lookalikes`). Options as for `iter_contacts`.

        >>> companies = lusha.v2.lookalikes.iter_companies([{"domain": "example.com"}], limit=30)
        >>> found = [company async for company in companies]
        >>> len(found) <= 30
        True
        """
        request = companies_request(seeds, exclude, LARGEST_PAGE, dedupe_session_id)
        return self._session(
            self.companies_endpoint,
            request,
            _company_results,
            limit=limit,
            prefetch=prefetch,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )

    def _session(
        self,
        endpoint: Endpoint[Answer],
        request: ContactLookalikesRequest | CompanyLookalikesRequest,
        items: Callable[[Answer], Sequence[Like]],
        *,
        limit: int | None,
        prefetch: bool,
        timeout: float | None,
        allow_repeat: bool,
    ) -> Pages[Like]:
        async def call(session: str | None, wanted: int) -> Answer:
            body = msgspec.structs.replace(request, dedupe_session_id=session, limit=wanted)
            return await self._lookalikes(endpoint, body, timeout, allow_repeat)

        walk = BySession(call, items=items, size=LARGEST_PAGE)
        return Pages(walk, start=Position(session=request.dedupe_session_id), limit=limit, prefetch=prefetch)
