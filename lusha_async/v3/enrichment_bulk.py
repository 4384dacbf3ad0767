"""Search and enrichment of lists of any length: the bulk declarations and their methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..batch import company_batch, contact_batch, id_batch
from ..bulk import BulkOperation, BulkOptions, BulkRun, ByID, Judgement, Plan, Source, Status
from ..errors import LushaError, PaymentRequired, RecordFailed
from ..model import Model
from ..records import (
    CompanyLike,
    CompanyQuery,
    ContactLike,
    ContactQuery,
    company_identity,
    company_query,
    contact_identity,
    contact_query,
    record_id,
)
from ..resource import Resource
from . import costs
from .account import ACCOUNT_USAGE
from .checks import tokens
from .common import (
    MAX_RECORDS,
    Company,
    CompanyPreview,
    Contact,
    ContactPreview,
    ItemError,
    Response,
    company_reveal,
    partial_profiles,
    signal_options,
)
from .enrichment import (
    COMPANIES_ENRICH,
    COMPANIES_SEARCH,
    COMPANIES_SEARCH_AND_ENRICH,
    CONTACTS_ENRICH,
    CONTACTS_SEARCH,
    CONTACTS_SEARCH_AND_ENRICH,
    CompanyEnrichRequest,
    CompanySearchAndEnrichRequest,
    CompanySearchRequest,
    ContactEnrichRequest,
    ContactSearchAndEnrichRequest,
    ContactSearchRequest,
)
from .jobs import JOB_TIMEOUT, JobFollower, JobRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .common import CompanyReveal, ContactReveal, SignalOptions

Query = TypeVar("Query", ContactQuery, CompanyQuery)
Named = TypeVar("Named", bound=msgspec.Struct)
"""A record with a `client_reference_id`."""
Found = TypeVar("Found", Contact, ContactPreview, Company, CompanyPreview)

_BY_CODE = {
    "NOT_FOUND": Status.NOT_FOUND,
    "NO_SCORE": Status.NOT_FOUND,
    "COMPLIANCE_RESTRICTED": Status.RESTRICTED,
    "OUT_OF_CREDIT": Status.NOT_SENT,
    "OUT_OF_CREDITS": Status.NOT_SENT,
}


class Outline(Model, frozen=True):
    """Of a contact or company whose it is, and whether something is wrong with it."""

    id: str | None = None
    client_reference_id: str | None = None
    error: ItemError | None = None


class OutlineResponse(Response, frozen=True):
    """What runs without typed results read of an answer."""

    results: tuple[Outline, ...] = ()
    job: JobRef | None = None


def judge_error(error: ItemError | None) -> Judgement:
    """What the error of one item means for its record; no error: found."""
    if error is None:
        return _FOUND
    status = _BY_CODE.get((error.code or "").upper(), Status.FAILED)
    failed = status in (Status.FAILED, Status.NOT_SENT)
    return Judgement(status, RecordFailed(error.code) if failed else None)


_FOUND = Judgement(Status.FOUND)


def judge_item(item: Contact | ContactPreview | Company | CompanyPreview) -> Judgement:
    """What one result means for its record."""
    return _FOUND if item.error is None else judge_error(item.error)


def charged(answer: Response) -> float | None:
    """Credits charged for the whole answer."""
    return answer.billing.credits_charged if answer.billing is not None else None


def returned(answer: Response) -> int | None:
    """Results the answer says it holds; failures are not counted."""
    return answer.billing.results_returned if answer.billing is not None else None


def halted(answer: Response) -> LushaError | None:
    """Out of credits, said inside a success."""
    if answer.status is None or not answer.status.upper().endswith("OUT_OF_CREDITS"):
        return None
    return PaymentRequired(answer.status, status=200, safe_message="the credits ran out within this request")


def results(answer: Any) -> tuple[Any, ...]:
    """The items of an answer."""
    return answer.results or ()


def restore_reference(item: Found, record: Query) -> Found:
    """Put the user's own reference back where ours stood. The item is ours alone, nobody has seen it yet."""
    msgspec.structs.force_setattr(item, "client_reference_id", record.client_reference_id)
    return item


def referenced(records: Sequence[Named], references: Sequence[str]) -> tuple[Named, ...]:
    """The records under our references."""
    replace = msgspec.structs.replace
    pairs = zip(records, references, strict=True)
    return tuple([replace(record, client_reference_id=reference) for record, reference in pairs])


def _numbered(record: object, number: int) -> str:
    return str(number)


def _reference(item: Found) -> str | None:
    return item.client_reference_id


def _pack_contacts(request: Any, records: Sequence[ContactQuery], references: Sequence[str]) -> Any:
    return msgspec.structs.replace(request, contacts=referenced(records, references))


def _pack_companies(request: Any, records: Sequence[CompanyQuery], references: Sequence[str]) -> Any:
    return msgspec.structs.replace(request, companies=referenced(records, references))


def pack_ids(request: Any, records: Sequence[str], references: Sequence[str]) -> Any:
    """The body of an operation that takes ids."""
    return msgspec.structs.replace(request, ids=tuple(records))


def _by_query(**declared: Any) -> BulkOperation[Any, Any]:
    return BulkOperation(
        largest_chunk=MAX_RECORDS,
        reference=_numbered,
        results=results,
        answers_to=_reference,
        judge=judge_item,
        restore=restore_reference,
        charged=charged,
        returned=returned,
        halted=halted,
        usage=ACCOUNT_USAGE,
        unfinished=costs.job_open,
        outline=OutlineResponse,
        **declared,
    )


def _contacts(endpoint: Any, **declared: Any) -> BulkOperation[ContactQuery, Any]:
    return _by_query(
        endpoint=endpoint,
        prepare=_contact,
        identity=contact_identity,
        batch=contact_batch,
        pack=_pack_contacts,
        family="contacts",
        **declared,
    )


def _companies(endpoint: Any, **declared: Any) -> BulkOperation[CompanyQuery, Any]:
    return _by_query(
        endpoint=endpoint,
        prepare=_company,
        identity=company_identity,
        batch=company_batch,
        pack=_pack_companies,
        family="companies",
        **declared,
    )


def _ids(endpoint: Any, **declared: Any) -> BulkOperation[str, Any]:
    return BulkOperation(
        endpoint=endpoint,
        largest_chunk=MAX_RECORDS,
        prepare=_id,
        identity=_itself,
        batch=id_batch,
        reference=_id,
        pack=pack_ids,
        results=results,
        answers_to=_own_id,
        judge=judge_item,
        charged=charged,
        returned=returned,
        halted=halted,
        usage=ACCOUNT_USAGE,
        unfinished=costs.job_open,
        outline=OutlineResponse,
        **declared,
    )


def _contact(item: object, index: int) -> ContactQuery:
    return contact_query(item, index=index)


def _company(item: object, index: int) -> CompanyQuery:
    return company_query(item, index=index)


def _id(item: object, index: int) -> str:
    return record_id(item, index=index)


def _itself(record: str) -> str:
    return record


def _own_id(item: Found) -> str | None:
    return item.id


def _of_contacts(request: ContactSearchAndEnrichRequest) -> ContactEnrichRequest:
    return ContactEnrichRequest(ids=(), reveal=request.reveal, waterfall_enabled=False)


def _of_companies(request: CompanySearchAndEnrichRequest) -> CompanyEnrichRequest:
    return CompanyEnrichRequest(ids=(), reveal=request.reveal)


def _known_id(record: ContactQuery | CompanyQuery) -> str | None:
    return record.id


CONTACTS_BULK_ENRICH: BulkOperation[str, Contact] = _ids(
    CONTACTS_ENRICH, family="contact ids", cost=costs.contact_enrich
)
CONTACTS_BULK_SEARCH: BulkOperation[ContactQuery, ContactPreview] = _contacts(
    CONTACTS_SEARCH, cost=costs.contact_search
)
CONTACTS_BULK_SEARCH_AND_ENRICH: BulkOperation[ContactQuery, Contact] = _contacts(
    CONTACTS_SEARCH_AND_ENRICH,
    cost=costs.contact_search_and_enrich,
    by_id=ByID(CONTACTS_BULK_ENRICH, _of_contacts, _known_id),
)
COMPANIES_BULK_ENRICH: BulkOperation[str, Company] = _ids(
    COMPANIES_ENRICH, family="company ids", cost=costs.company_enrich
)
COMPANIES_BULK_SEARCH: BulkOperation[CompanyQuery, CompanyPreview] = _companies(
    COMPANIES_SEARCH, cost=costs.company_search
)
COMPANIES_BULK_SEARCH_AND_ENRICH: BulkOperation[CompanyQuery, Company] = _companies(
    COMPANIES_SEARCH_AND_ENRICH,
    cost=costs.company_search_and_enrich,
    by_id=ByID(COMPANIES_BULK_ENRICH, _of_companies, _known_id),
)

ContactItem = TypeVar("ContactItem", bound=ContactLike)
CompanyItem = TypeVar("CompanyItem", bound=CompanyLike)
Id = TypeVar("Id", bound=str | int)


class ContactBulkEnrichment(Resource):
    """Contacts by the list."""

    def bulk_search(
        self,
        contacts: Source[ContactItem],
        *,
        include_partial_profiles: bool | None = None,
        signals: SignalOptions | Mapping[str, Any] | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[ContactItem, ContactPreview]:
        """Find the people of a list of any length; nothing is revealed. See `search` for what it costs.

        ``POST /v3/contacts/search`` in chunks of 100. `contacts` is any iterable or async iterable; options as in
        `BulkOptions`.

        >>> rows = [{"email": f"person{n}@example.com"} for n in range(150)]
        >>> async with lusha.contacts.bulk_search(rows) as run:
        ...     found = [outcome.result.id async for outcome in run if outcome.result]
        >>> run.report.requests
        2
        """
        request = ContactSearchRequest(
            contacts=(), options=partial_profiles(include_partial_profiles), signals=signal_options(signals)
        )
        return BulkRun(self._sender, CONTACTS_BULK_SEARCH, contacts, request=request, **options)

    def bulk_enrich(
        self,
        ids: Source[Id],
        *,
        reveal: Iterable[ContactReveal | str],
        waterfall_enabled: bool = False,
        wait_for_jobs: bool = True,
        job_timeout: float = JOB_TIMEOUT,
        table_id: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Id, Contact]:
        """Reveal data of any number of contacts by their ids. See `enrich` for what it costs.

        ``POST /v3/contacts/enrich`` in chunks of 100. `ids` is any iterable or async iterable; options as in
        `BulkOptions`. An id that stands in the list twice is asked about once. The outcomes of a chunk whose answer
        names a waterfall job come when the job has ended, or after `job_timeout` seconds, unless
        ``wait_for_jobs=False``.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> async with lusha.contacts.bulk_enrich([found.results[0].id] * 3, reveal=["emails"]) as run:
        ...     statuses = [outcome.status async for outcome in run]
        >>> len(statuses), run.report.duplicates
        (3, 2)
        """
        request = ContactEnrichRequest(
            ids=(), reveal=tokens(reveal, field="reveal"), waterfall_enabled=waterfall_enabled, table_id=table_id
        )
        sender = JobFollower(self._sender, job_timeout) if wait_for_jobs else self._sender
        return BulkRun(sender, CONTACTS_BULK_ENRICH, ids, request=request, **options)

    def bulk_search_and_enrich(
        self,
        contacts: Source[ContactItem],
        *,
        reveal: Iterable[ContactReveal | str],
        include_partial_profiles: bool | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[ContactItem, Contact]:
        """Find the people of a list of any length and reveal their data. See `search_and_enrich` for what it costs.

        ``POST /v3/contacts/search-and-enrich`` in chunks of 100. `contacts` is any iterable or async iterable; options
        as in `BulkOptions`. As many outcomes as records, always.

        >>> rows = [{"email": "jane@example.com"}, {"first_name": "Jane"}]
        >>> async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"], ordered=True) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> outcomes[1].status, outcomes[1].error.field
        (<Status.INVALID: 'invalid'>, 'last_name')
        """
        request = ContactSearchAndEnrichRequest(
            contacts=(), reveal=tokens(reveal, field="reveal"), options=partial_profiles(include_partial_profiles)
        )
        return BulkRun(self._sender, CONTACTS_BULK_SEARCH_AND_ENRICH, contacts, request=request, **options)

    async def plan(
        self,
        contacts: Source[ContactItem],
        *,
        reveal: Iterable[ContactReveal | str],
        include_partial_profiles: bool | None = None,
        **options: Unpack[BulkOptions],
    ) -> Plan[ContactItem, Contact]:
        """What `bulk_search_and_enrich` of the same arguments would do, take and cost. At most one call, and that free:
        ``GET /v3/account/usage``, for the account's prices and windows.

        `contacts` is something that can be read twice. `Plan.run` makes the run. Any other bulk method can be planned
        as well: ``await lusha.contacts.bulk_enrich(ids, reveal=...).plan()``.

        >>> plan = await lusha.contacts.plan([{"email": f"p{n}@example.com"} for n in range(150)], reveal=["emails"])
        >>> plan.records, plan.chunks, plan.credits.most
        (150, 2, 156.0)
        """
        run = self.bulk_search_and_enrich(
            contacts, reveal=reveal, include_partial_profiles=include_partial_profiles, **options
        )
        return await run.plan()


class CompanyBulkEnrichment(Resource):
    """Companies by the list."""

    def bulk_search(
        self,
        companies: Source[CompanyItem],
        *,
        include_partial_profiles: bool | None = None,
        signals: SignalOptions | Mapping[str, Any] | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[CompanyItem, CompanyPreview]:
        """Find the companies of a list of any length. See `search` for what it costs.

        ``POST /v3/companies/search`` in chunks of 100. `companies` is any iterable or async iterable; options as in
        `BulkOptions`.

        >>> async with lusha.companies.bulk_search([{"domain": "example.com"}]) as run:
        ...     names = [outcome.result.name async for outcome in run if outcome.result]
        >>> len(names)
        1
        """
        request = CompanySearchRequest(
            companies=(),
            options=partial_profiles(include_partial_profiles),
            signals=signal_options(signals, companies=True),
        )
        return BulkRun(self._sender, COMPANIES_BULK_SEARCH, companies, request=request, **options)

    def bulk_enrich(
        self,
        ids: Source[Id],
        *,
        reveal: Iterable[CompanyReveal | str],
        table_id: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Id, Company]:
        """Profiles of any number of companies by their ids. See `enrich` for what it costs.

        ``POST /v3/companies/enrich`` in chunks of 100. ``reveal=()`` asks for the profile alone; options as in
        `BulkOptions`.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> async with lusha.companies.bulk_enrich([found.results[0].id], reveal=()) as run:
        ...     statuses = [outcome.status.value async for outcome in run]
        >>> statuses
        ['found']
        """
        request = CompanyEnrichRequest(ids=(), reveal=company_reveal(reveal), table_id=table_id)
        return BulkRun(self._sender, COMPANIES_BULK_ENRICH, ids, request=request, **options)

    def bulk_search_and_enrich(
        self,
        companies: Source[CompanyItem],
        *,
        reveal: Iterable[CompanyReveal | str],
        include_partial_profiles: bool | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[CompanyItem, Company]:
        """Find the companies of a list and get their profiles. See `search_and_enrich` for what it costs.

        ``POST /v3/companies/search-and-enrich`` in chunks of 100. ``reveal=()`` asks for the profile alone; options as
        in `BulkOptions`.

        >>> rows = [{"domain": "example.com"}, {"domain": "EXAMPLE.com"}]
        >>> async with lusha.companies.bulk_search_and_enrich(rows, reveal=()) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> run.report.duplicates
        1
        """
        request = CompanySearchAndEnrichRequest(
            companies=(), reveal=company_reveal(reveal), options=partial_profiles(include_partial_profiles)
        )
        return BulkRun(self._sender, COMPANIES_BULK_SEARCH_AND_ENRICH, companies, request=request, **options)

    async def plan(
        self,
        companies: Source[CompanyItem],
        *,
        reveal: Iterable[CompanyReveal | str],
        include_partial_profiles: bool | None = None,
        **options: Unpack[BulkOptions],
    ) -> Plan[CompanyItem, Company]:
        """What `bulk_search_and_enrich` of the same arguments would do, take and cost. At most one call, and that free:
        ``GET /v3/account/usage``, for the account's prices and windows.

        `companies` is something that can be read twice. `Plan.run` makes the run.

        >>> plan = await lusha.companies.plan([{"domain": "example.com"}], reveal=())
        >>> plan.credits.least, plan.credits.most
        (0.0, 2.0)
        """
        run = self.bulk_search_and_enrich(
            companies, reveal=reveal, include_partial_profiles=include_partial_profiles, **options
        )
        return await run.plan()
