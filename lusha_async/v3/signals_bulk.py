"""Signals and their scores for lists of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source
from ..records import CompanyLike, ContactLike, ContactQuery, contact_identity, record_id
from ..resource import Resource
from .common import MAX_RECORDS
from .enrichment_bulk import charged, halted, judge_error, pack_ids, referenced, results
from .signals import (
    COMPANIES_SIGNAL_SCORES,
    COMPANIES_SIGNALS,
    CONTACTS_SIGNAL_SCORES,
    CONTACTS_SIGNALS,
    scored_company,
    scored_contact,
    signals_request,
)
from .signals_types import (
    CompanyScoresRequest,
    CompanySignals,
    ContactScoresRequest,
    ContactSignals,
    ScoredCompanyQuery,
    SignalScore,
    SignalsResponse,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from datetime import date

    from .signals_types import CompanySignalType, ContactSignalType

Id = TypeVar("Id", bound=str | int)
ContactItem = TypeVar("ContactItem", bound=ContactLike)
CompanyItem = TypeVar("CompanyItem", bound=CompanyLike | ScoredCompanyQuery)


def _id(item: object, index: int) -> str:
    return record_id(item, index=index)


def _itself(record: str) -> str:
    return record


def _own_id(item: ContactSignals | CompanySignals) -> str | None:
    return item.id


def _judge(item: ContactSignals | CompanySignals | SignalScore) -> Judgement:
    return judge_error(item.error)


def _charged(answer: SignalsResponse) -> float | None:
    return answer.billing.credits_charged if answer.billing is not None else None


def _signals(endpoint: Any) -> BulkOperation[str, Any]:
    return BulkOperation(
        endpoint=endpoint,
        largest_chunk=MAX_RECORDS,
        prepare=_id,
        identity=_itself,
        reference=_id,
        pack=pack_ids,
        results=results,
        answers_to=_own_id,
        judge=_judge,
        charged=_charged,
    )


def _numbered(record: object, number: int) -> str:
    return str(number)


def _reference(item: SignalScore) -> str | None:
    return item.client_reference_id


def _restore(item: SignalScore, record: ContactQuery | ScoredCompanyQuery) -> SignalScore:
    return msgspec.structs.replace(item, client_reference_id=record.client_reference_id)


def _scores(field: str, **declared: Any) -> BulkOperation[Any, SignalScore]:
    def pack(request: Any, records: Sequence[Any], references: Sequence[str]) -> Any:
        return msgspec.structs.replace(request, **{field: referenced(records, references)})

    return BulkOperation(
        largest_chunk=MAX_RECORDS,
        reference=_numbered,
        pack=pack,
        results=results,
        answers_to=_reference,
        judge=_judge,
        restore=_restore,
        charged=charged,
        halted=halted,
        **declared,
    )


def _contact(item: object, index: int) -> ContactQuery:
    return scored_contact(item, index=index)


def _company(item: object, index: int) -> ScoredCompanyQuery:
    return scored_company(item, index=index)


def _company_identity(record: ScoredCompanyQuery) -> Hashable:
    return record.id, *((part or "").casefold() for part in (record.domain, record.email, record.name))


CONTACTS_BULK_SIGNALS: BulkOperation[str, ContactSignals] = _signals(CONTACTS_SIGNALS)
COMPANIES_BULK_SIGNALS: BulkOperation[str, CompanySignals] = _signals(COMPANIES_SIGNALS)
CONTACTS_BULK_SCORES = _scores("contacts", endpoint=CONTACTS_SIGNAL_SCORES, prepare=_contact, identity=contact_identity)
COMPANIES_BULK_SCORES = _scores(
    "companies", endpoint=COMPANIES_SIGNAL_SCORES, prepare=_company, identity=_company_identity
)


class ContactBulkSignals(Resource):
    """Signals of contacts by the list."""

    def bulk_signals(
        self,
        ids: Source[Id],
        *,
        signal_types: Iterable[ContactSignalType | str],
        start_date: date | str | None = None,
        max_results_per_signal: int | None = None,
        table_id: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Id, ContactSignals]:
        """Job changes and promotions of any number of contacts. See `signals` for what it costs.

        ``POST /v3/contacts/signals`` in chunks of 100. An id the answer leaves out is ``not_found``. Options as in
        `BulkOptions`.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> async with lusha.contacts.bulk_signals(ids, signal_types=["allSignals"]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes) == len(ids)
        True
        """
        request = signals_request(
            (),
            signal_types=signal_types,
            start_date=start_date,
            max_results_per_signal=max_results_per_signal,
            table_id=table_id,
        )
        return BulkRun(self._sender, CONTACTS_BULK_SIGNALS, ids, request=request, **options)

    def bulk_signal_scores(
        self, contacts: Source[ContactItem], **options: Unpack[BulkOptions]
    ) -> BulkRun[ContactItem, SignalScore]:
        """Scores of any number of contacts. See `signal_scores` for what it costs.

        ``POST /v3/contacts/signal-score`` in chunks of 100. A contact without a score is ``not_found``. Options as in
        `BulkOptions`.

        >>> async with lusha.contacts.bulk_signal_scores([{"email": "jane@example.com"}]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes)
        1
        """
        request = ContactScoresRequest(contacts=())
        return BulkRun(self._sender, CONTACTS_BULK_SCORES, contacts, request=request, **options)


class CompanyBulkSignals(Resource):
    """Signals of companies by the list."""

    def bulk_signals(
        self,
        ids: Source[Id],
        *,
        signal_types: Iterable[CompanySignalType | str],
        start_date: date | str | None = None,
        max_results_per_signal: int | None = None,
        intent_categories: Iterable[str] | None = None,
        table_id: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Id, CompanySignals]:
        """Signals of any number of companies. See `signals` for what it costs.

        ``POST /v3/companies/signals`` in chunks of 100. An id the answer leaves out is ``not_found``. Options as in
        `BulkOptions`.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> ids = [company.id for company in found.results if company.id]
        >>> async with lusha.companies.bulk_signals(ids, signal_types=["surgeInHiring"]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes) == len(ids)
        True
        """
        request = signals_request(
            (),
            signal_types=signal_types,
            start_date=start_date,
            max_results_per_signal=max_results_per_signal,
            table_id=table_id,
            intent_categories=intent_categories,
        )
        return BulkRun(self._sender, COMPANIES_BULK_SIGNALS, ids, request=request, **options)

    def bulk_signal_scores(
        self, companies: Source[CompanyItem], **options: Unpack[BulkOptions]
    ) -> BulkRun[CompanyItem, SignalScore]:
        """Scores of any number of companies. See `signal_scores` for what it costs.

        ``POST /v3/companies/signal-score`` in chunks of 100. A company without a score is ``not_found``. Options as in
        `BulkOptions`.

        >>> async with lusha.companies.bulk_signal_scores([{"domain": "example.com"}]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes)
        1
        """
        request = CompanyScoresRequest(companies=())
        return BulkRun(self._sender, COMPANIES_BULK_SCORES, companies, request=request, **options)
