"""Enrichment of lists of any length: `bulk_enrich` of people and of companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source
from ..bulk.outcome import Layout
from ..records import CompanyLike, CompanyQuery, ContactLike, ContactQuery, company_identity, contact_identity
from ..resource import Resource
from ..v3.checks import day
from . import companies as company_calls
from . import judging, persons
from .common import included, signal_filters, signal_names
from .company import Company
from .persons import Person

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from ..errors import LushaError
    from .common import CompanySignalType, ContactSignalType, Reveal, SignalFilters

MAX_RECORDS = 100

PersonItem = TypeVar("PersonItem", bound=ContactLike)
CompanyItem = TypeVar("CompanyItem", bound=CompanyLike)


def _pack_persons(
    request: persons.PersonBatchRequest, records: Sequence[ContactQuery], references: Sequence[str]
) -> Any:
    return msgspec.structs.replace(request, contacts=tuple(map(persons.person_record, records, references)))


def _people(answer: persons.PersonBatchResponse) -> dict[str, persons.PersonResult]:
    return answer.contacts or {}


def _judge_person(found: persons.PersonResult) -> Judgement:
    return judging.judge(found.data, found.error, charged=found.is_credit_charged)


def _persons_halted(answer: persons.PersonBatchResponse) -> LushaError | None:
    return judging.halted(found.error for found in _people(answer).values())


def _person(found: persons.PersonResult | Person, record: object) -> Any:
    """What a run hands out: the person, out of the envelope it came in."""
    return found.data if isinstance(found, persons.PersonResult) else found


PERSONS_BULK_ENRICH: BulkOperation[ContactQuery, Any] = BulkOperation(
    endpoint=persons.ENRICH_BATCH,
    largest_chunk=MAX_RECORDS,
    prepare=judging.contact,
    identity=contact_identity,
    reference=judging.numbered,
    pack=_pack_persons,
    results=_people,
    answers_to=lambda found: None,
    judge=_judge_person,
    restore=_person,
    halted=_persons_halted,
    layout=Layout(("contacts",)),
)


def _pack_companies(
    request: company_calls.CompanyBatchRequest, records: Sequence[CompanyQuery], references: Sequence[str]
) -> Any:
    return msgspec.structs.replace(request, companies=tuple(map(company_calls.company_record, records, references)))


def _companies(answer: dict[str, Company]) -> dict[str, Company]:
    return answer


def _judge_company(found: Company) -> Judgement:
    return judging.judge(found, found.error)


def _companies_halted(answer: dict[str, Company]) -> LushaError | None:
    return judging.halted(found.error for found in answer.values())


COMPANIES_BULK_ENRICH: BulkOperation[CompanyQuery, Company] = BulkOperation(
    endpoint=company_calls.ENRICH_BATCH,
    largest_chunk=MAX_RECORDS,
    prepare=judging.company,
    identity=company_identity,
    reference=judging.numbered,
    pack=_pack_companies,
    results=_companies,
    answers_to=lambda found: None,
    judge=_judge_company,
    halted=_companies_halted,
    layout=Layout(()),
)


class PersonBulkEnrichment(Resource):
    """People by the list."""

    def bulk_enrich(
        self,
        contacts: Source[PersonItem],
        *,
        reveal: Iterable[Reveal],
        refresh_job_info: bool | None = None,
        filter_by: persons.FilterBy | None = None,
        partial_profile: bool | None = None,
        signals: Iterable[ContactSignalType] | None = None,
        signals_start_date: datetime.date | str | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[PersonItem, Person]:
        """Find and enrich the people of a list of any length. See `enrich` for what it costs.

        ``POST /v2/person`` in chunks of 100 (in V3 `lusha.contacts.bulk_search_and_enrich`). `contacts` is any iterable
        or async iterable of records; `client_reference_id` may repeat here, it stays with `outcome.item`. Options as in
        `BulkOptions`. As many outcomes as records, always; an item error `OUT_OF_CREDIT` ends the run.

        >>> rows = [{"email": "jane.doe@example.com"}, {"first_name": "Jane"}]
        >>> async with lusha.v2.persons.bulk_enrich(rows, reveal=["emails"], ordered=True) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> outcomes[1].status, outcomes[1].error.field
        (<Status.INVALID: 'invalid'>, 'last_name')
        """
        metadata = persons.person_options(
            reveal, refresh_job_info, filter_by, partial_profile, signals, signals_start_date
        )
        request = persons.PersonBatchRequest(contacts=(), metadata=metadata)
        return BulkRun(self._sender, PERSONS_BULK_ENRICH, contacts, request=request, **options)


class CompanyBulkEnrichment(Resource):
    """Companies by the list."""

    def bulk_enrich(
        self,
        companies: Source[CompanyItem],
        *,
        partial_company: bool | None = None,
        signals: Iterable[CompanySignalType] | None = None,
        signals_start_date: datetime.date | str | None = None,
        signals_filters: SignalFilters | Mapping[str, Any] | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[CompanyItem, Company]:
        """Find and enrich the companies of a list of any length. See `enrich` for what it costs.

        ``POST /bulk/company/v2`` in chunks of 100 (in V3 `lusha.companies.bulk_search_and_enrich`). `companies` is any
        iterable or async iterable of records; options as in `BulkOptions`. As many outcomes as records, always.

        >>> rows = [{"domain": "example.com"}, {"domain": "EXAMPLE.com"}]
        >>> async with lusha.v2.companies.bulk_enrich(rows) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes), run.report.duplicates
        (2, 1)
        """
        request = company_calls.CompanyBatchRequest(
            companies=(),
            signals=signal_names(signals),
            signals_start_date=day(signals_start_date, field="signals_start_date"),
            signals_filters=included(signal_filters(signals_filters)),
            partial_company=partial_company,
        )
        return BulkRun(self._sender, COMPANIES_BULK_ENRICH, companies, request=request, **options)
