"""Signals for lists of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source
from ..bulk.outcome import Layout
from ..resource import Resource
from ..v3.checks import day, tokens, within
from . import judging
from . import signals as calls
from .common import ContactSignals, included, signal_filters
from .signals import CompanySignalsById

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from ..errors import LushaError
    from .common import CompanySignalType, ContactSignalType, SignalFilters

MAX_RECORDS = 100

Id = TypeVar("Id", bound=str | int)


def _pack_contact_numbers(request: Any, records: Sequence[int], references: Sequence[str]) -> Any:
    return msgspec.structs.replace(request, contact_ids=tuple(records))


def _pack_company_numbers(request: Any, records: Sequence[int], references: Sequence[str]) -> Any:
    return msgspec.structs.replace(request, company_ids=tuple(records))


def _contact_signals(answer: calls.ContactSignalsResponse) -> dict[str, ContactSignals]:
    return answer.contacts or {}


def _company_signals(answer: calls.CompanySignalsResponse) -> dict[str, CompanySignalsById]:
    return answer.companies or {}


def _contacts_halted(answer: calls.ContactSignalsResponse) -> LushaError | None:
    return judging.halted(found.error for found in _contact_signals(answer).values())


def _companies_halted(answer: calls.CompanySignalsResponse) -> LushaError | None:
    return judging.halted(found.error for found in _company_signals(answer).values())


def _judge_signals(found: ContactSignals | CompanySignalsById) -> Judgement:
    return judging.judge(found, found.error)


def _signals_charged(answer: calls.SignalsPeriod) -> float | None:
    return answer.credit_charged


def _signals(**declared: Any) -> BulkOperation[int, Any]:
    return BulkOperation(
        largest_chunk=MAX_RECORDS,
        prepare=judging.number_id,
        identity=judging.itself,
        reference=judging.own_text,
        answers_to=lambda found: None,
        judge=_judge_signals,
        charged=_signals_charged,
        **declared,
    )


CONTACT_SIGNALS: BulkOperation[int, ContactSignals] = _signals(
    endpoint=calls.CONTACTS,
    pack=_pack_contact_numbers,
    results=_contact_signals,
    halted=_contacts_halted,
    layout=Layout(("contacts",)),
)

COMPANY_SIGNALS: BulkOperation[int, CompanySignalsById] = _signals(
    endpoint=calls.COMPANIES,
    pack=_pack_company_numbers,
    results=_company_signals,
    halted=_companies_halted,
    layout=Layout(("companies",)),
)


class ContactBulkSignals(Resource):
    """Signals of people by the list."""

    def bulk_by_id(
        self,
        ids: Source[Id],
        *,
        signals: Iterable[ContactSignalType],
        start_date: datetime.date | str | None = None,
        max_results_per_signal: int | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Id, ContactSignals]:
        """Signals of any number of people by their numeric ids. See `by_id` for what they cost.

        ``POST /api/signals/contacts`` in chunks of 100 (in V3 `lusha.contacts.bulk_signals`). Whoever is missing in the
        answer is `not_found`. Options as in `BulkOptions`; a chunk whose outcome is unknown is not sent again unless
        `allow_repeat`.

        >>> async with lusha.v2.signals.contacts.bulk_by_id(range(1001, 1151), signals=["promotion"]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes), run.report.requests
        (150, 2)
        """
        request = calls.ContactSignalsRequest(
            contact_ids=(),
            signals=tokens(signals, field="signals"),
            start_date=day(start_date, field="start_date"),
            max_results_per_signal=within(max_results_per_signal, 1, None, field="max_results_per_signal"),
        )
        return BulkRun(self._sender, CONTACT_SIGNALS, ids, request=request, **options)


class CompanyBulkSignals(Resource):
    """Signals of companies by the list."""

    def bulk_by_id(
        self,
        ids: Source[Id],
        *,
        signals: Iterable[CompanySignalType],
        start_date: datetime.date | str | None = None,
        max_results_per_signal: int | None = None,
        filters: SignalFilters | Mapping[str, Any] | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Id, CompanySignalsById]:
        """Signals of any number of companies by their numeric ids. See `by_id` for what they cost.

        ``POST /api/signals/companies`` in chunks of 100 (in V3 `lusha.companies.bulk_signals`). What is missing in the
        answer is `not_found`. Options as in `BulkOptions`; a chunk whose outcome is unknown is not sent again unless
        `allow_repeat`.

        >>> async with lusha.v2.signals.companies.bulk_by_id([2001, "2002", 2001], signals=["riskNews"]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes), run.report.duplicates
        (3, 1)
        """
        request = calls.CompanySignalsRequest(
            company_ids=(),
            signals=tokens(signals, field="signals"),
            start_date=day(start_date, field="start_date"),
            max_results_per_signal=within(max_results_per_signal, 1, None, field="max_results_per_signal"),
            filters=included(signal_filters(filters, field="filters")),
        )
        return BulkRun(self._sender, COMPANY_SIGNALS, ids, request=request, **options)
