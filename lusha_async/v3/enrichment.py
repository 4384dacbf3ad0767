"""Search, enrich, and both in one call: contacts and companies.

Results are matched by `client_reference_id` (search) or `id` (enrich), never by position: a record that matches
nothing comes back as an element with `error` only, or not at all.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..endpoint import Endpoint, Repeat
from ..model import RequestModel
from ..records import CompanyLike, CompanyQuery, ContactLike, ContactQuery, company_queries, contact_queries, record_ids
from ..resource import Resource
from .checks import tokens
from .common import (
    Company,
    CompanyPreview,
    CompanyReveal,
    Contact,
    ContactPreview,
    ContactReveal,
    Response,
    SearchOptions,
    SignalOptions,
    company_reveal,
    partial_profiles,
    signal_options,
)
from .jobs import JOB_TIMEOUT, JobFollower, JobRef

# --- requests ----------------------------------------------------------------------------------------------------


class ContactSearchRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/search``."""

    contacts: tuple[ContactQuery, ...]
    options: SearchOptions | None = None
    signals: SignalOptions | None = None


class ContactEnrichRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/enrich``. `waterfall_enabled` left out means yes to the API, so it is always sent."""

    ids: tuple[str, ...]
    reveal: tuple[str, ...] | None = None
    waterfall_enabled: bool | None = None
    table_id: str | None = None


class ContactSearchAndEnrichRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/search-and-enrich``."""

    contacts: tuple[ContactQuery, ...]
    reveal: tuple[str, ...] | None = None
    options: SearchOptions | None = None


class CompanySearchRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/companies/search``."""

    companies: tuple[CompanyQuery, ...]
    options: SearchOptions | None = None
    signals: SignalOptions | None = None


class CompanyEnrichRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/companies/enrich``."""

    ids: tuple[str, ...]
    reveal: tuple[str, ...] | None = None
    table_id: str | None = None


class CompanySearchAndEnrichRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/companies/search-and-enrich``."""

    companies: tuple[CompanyQuery, ...]
    reveal: tuple[str, ...] | None = None
    options: SearchOptions | None = None


# --- responses ---------------------------------------------------------------------------------------------------


class ContactSearchResponse(Response, frozen=True):
    """One preview per contact that was asked for; `error` on those that matched nothing."""

    results: tuple[ContactPreview, ...] = ()


class ContactEnrichResponse(Response, frozen=True):
    """Contacts with what was revealed. With `job`, some data points are still on their way."""

    results: tuple[Contact, ...] = ()
    job: JobRef | None = None


class CompanySearchResponse(Response, frozen=True):
    """One preview per company that was asked for; `error` on those that matched nothing."""

    results: tuple[CompanyPreview, ...] = ()


class CompanyEnrichResponse(Response, frozen=True):
    """Companies with their profile and what was revealed."""

    results: tuple[Company, ...] = ()


# --- endpoints ---------------------------------------------------------------------------------------------------

CONTACTS_SEARCH = Endpoint(
    method="POST",
    path="/v3/contacts/search",
    operation="searchContacts",
    request=ContactSearchRequest,
    response=ContactSearchResponse,
    repeat=Repeat.CHEAP,
)
CONTACTS_ENRICH = Endpoint(
    method="POST",
    path="/v3/contacts/enrich",
    operation="enrichContacts",
    request=ContactEnrichRequest,
    response=ContactEnrichResponse,
    repeat=Repeat.CHEAP,
)
CONTACTS_SEARCH_AND_ENRICH = Endpoint(
    method="POST",
    path="/v3/contacts/search-and-enrich",
    operation="searchAndEnrichContacts",
    request=ContactSearchAndEnrichRequest,
    response=ContactEnrichResponse,
    repeat=Repeat.CHEAP,
)
COMPANIES_SEARCH = Endpoint(
    method="POST",
    path="/v3/companies/search",
    operation="searchCompanies",
    request=CompanySearchRequest,
    response=CompanySearchResponse,
    repeat=Repeat.CHEAP,
)
COMPANIES_ENRICH = Endpoint(
    method="POST",
    path="/v3/companies/enrich",
    operation="enrichCompanies",
    request=CompanyEnrichRequest,
    response=CompanyEnrichResponse,
    repeat=Repeat.CHEAP,
)
COMPANIES_SEARCH_AND_ENRICH = Endpoint(
    method="POST",
    path="/v3/companies/search-and-enrich",
    operation="searchAndEnrichCompanies",
    request=CompanySearchAndEnrichRequest,
    response=CompanyEnrichResponse,
    repeat=Repeat.CHEAP,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    CONTACTS_SEARCH,
    CONTACTS_ENRICH,
    CONTACTS_SEARCH_AND_ENRICH,
    COMPANIES_SEARCH,
    COMPANIES_ENRICH,
    COMPANIES_SEARCH_AND_ENRICH,
)


# --- methods -----------------------------------------------------------------------------------------------------


class ContactEnrichment(Resource):
    """Search and enrichment of contacts."""

    async def search(
        self,
        contacts: ContactLike | Iterable[ContactLike],
        *,
        include_partial_profiles: bool | None = None,
        signals: SignalOptions | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactSearchResponse:
        """Find people, and see what could be revealed of them and at what price. Nothing is revealed.

        ``POST /v3/contacts/search``, up to 100 records, 25 requests a second. Charged per started 25 results where
        the price list says so (`account.usage`); `signals` are charged per matched signal on top.

        `contacts` is one record or many: a `ContactQuery`, or a mapping with the same names.

        Raises `InvalidRequest` for a record that could find nobody, before anything is sent.

        >>> found = await lusha.contacts.search([{"email": "jane@example.com", "client_reference_id": "row-1"}])
        >>> [contact.client_reference_id for contact in found.results]
        ['row-1']
        """
        body = ContactSearchRequest(
            contacts=contact_queries(contacts),
            options=partial_profiles(include_partial_profiles),
            signals=signal_options(signals),
        )
        return await self._call(CONTACTS_SEARCH, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def enrich(
        self,
        ids: str | int | Iterable[str | int],
        *,
        reveal: Iterable[ContactReveal | str],
        waterfall_enabled: bool = False,
        wait_for_jobs: bool = True,
        job_timeout: float = JOB_TIMEOUT,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactEnrichResponse:
        """Reveal data of contacts whose ids are known, from search or prospecting.

        ``POST /v3/contacts/enrich``, up to 100 ids, 25 requests a second. Charged per revealed data point: an e-mail
        1 credit and a phone 5 on the published list; what the account has revealed before is free.

        `reveal` has no default because it decides the price. `waterfall_enabled` lets the providers switched on in the
        account answer where Lusha has nothing, at their own prices; it is False unless asked for. They may take a
        while: the answer then names a `job`, which is followed for up to `job_timeout` seconds and merged in, or, with
        ``wait_for_jobs=False``, handed out for `jobs.wait`. `table_id` also writes the contacts into that table.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> revealed = await lusha.contacts.enrich(ids, reveal=["emails"])
        >>> [contact.id for contact in revealed.results] == ids
        True
        """
        body = ContactEnrichRequest(
            ids=record_ids(ids),
            reveal=tokens(reveal, field="reveal"),
            waterfall_enabled=waterfall_enabled,
            table_id=table_id,
        )
        sender = JobFollower(self._sender, job_timeout) if wait_for_jobs else self._sender
        reply = await sender.send(CONTACTS_ENRICH, body=body, timeout=timeout, allow_repeat=allow_repeat)
        return reply.data

    async def search_and_enrich(
        self,
        contacts: ContactLike | Iterable[ContactLike],
        *,
        reveal: Iterable[ContactReveal | str],
        include_partial_profiles: bool | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactEnrichResponse:
        """Find people and reveal their data in one call.

        ``POST /v3/contacts/search-and-enrich``, up to 100 records, 25 requests a second. Charged for the search and
        per revealed data point; a record without a match is free.

        >>> answer = await lusha.contacts.search_and_enrich({"email": "jane@example.com"}, reveal=["emails"])
        >>> len(answer.results)
        1
        """
        body = ContactSearchAndEnrichRequest(
            contacts=contact_queries(contacts),
            reveal=tokens(reveal, field="reveal"),
            options=partial_profiles(include_partial_profiles),
        )
        return await self._call(CONTACTS_SEARCH_AND_ENRICH, body=body, timeout=timeout, allow_repeat=allow_repeat)


class CompanyEnrichment(Resource):
    """Search and enrichment of companies."""

    async def search(
        self,
        companies: CompanyLike | Iterable[CompanyLike],
        *,
        include_partial_profiles: bool | None = None,
        signals: SignalOptions | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanySearchResponse:
        """Find companies, and see what could be revealed of them and at what price.

        ``POST /v3/companies/search``, up to 100 records, 25 requests a second. Charged per started 25 results where
        the price list says so; `signals` are charged per matched signal on top.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> len(found.results)
        1
        """
        body = CompanySearchRequest(
            companies=company_queries(companies),
            options=partial_profiles(include_partial_profiles),
            signals=signal_options(signals, companies=True),
        )
        return await self._call(COMPANIES_SEARCH, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def enrich(
        self,
        ids: str | int | Iterable[str | int],
        *,
        reveal: Iterable[CompanyReveal | str],
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyEnrichResponse:
        """The profile of companies whose ids are known, and what `reveal` names beyond it.

        ``POST /v3/companies/enrich``, up to 100 ids, 25 requests a second. Charged per company, and per revealed
        field that is not null. ``reveal=()`` asks for the profile alone. The parents (``directParent``,
        ``ultimateParent``) never come unless named; both are one level up.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> ids = [company.id for company in found.results if company.id]
        >>> profiles = await lusha.companies.enrich(ids, reveal=())
        >>> [company.id for company in profiles.results] == ids
        True
        """
        body = CompanyEnrichRequest(ids=record_ids(ids), reveal=company_reveal(reveal), table_id=table_id)
        return await self._call(COMPANIES_ENRICH, body=body, timeout=timeout, allow_repeat=allow_repeat)

    async def search_and_enrich(
        self,
        companies: CompanyLike | Iterable[CompanyLike],
        *,
        reveal: Iterable[CompanyReveal | str],
        include_partial_profiles: bool | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyEnrichResponse:
        """Find companies and get their profile in one call, with what `reveal` names beyond it.

        ``POST /v3/companies/search-and-enrich``, up to 100 records, 25 requests a second. Two credits per company were
        measured: the search and the profile; revealed fields on top. ``reveal=()`` asks for the profile alone, and is
        what servers older than 2.16 understand.

        >>> answer = await lusha.companies.search_and_enrich({"domain": "example.com"}, reveal=())
        >>> len(answer.results)
        1
        """
        body = CompanySearchAndEnrichRequest(
            companies=company_queries(companies),
            reveal=company_reveal(reveal),
            options=partial_profiles(include_partial_profiles),
        )
        return await self._call(COMPANIES_SEARCH_AND_ENRICH, body=body, timeout=timeout, allow_repeat=allow_repeat)
