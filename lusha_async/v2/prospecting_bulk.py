"""Prospecting's reveal for lists of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source
from ..bulk.outcome import Layout
from ..resource import Resource
from . import judging, prospecting
from .common import reveal_flags
from .company import Company

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..errors import LushaError
    from .common import Reveal

MAX_RECORDS = 100

Id = TypeVar("Id", bound=str | int)


def _pack_contact_ids(request: Any, records: Sequence[str], references: Sequence[str]) -> Any:
    return msgspec.structs.replace(request, contact_ids=tuple(records))


def _pack_company_ids(request: Any, records: Sequence[str], references: Sequence[str]) -> Any:
    return msgspec.structs.replace(request, companies_ids=tuple(records))


def _contacts(answer: prospecting.ContactEnrichResponse) -> tuple[prospecting.EnrichedContact, ...]:
    return answer.contacts or ()


def _companies(answer: prospecting.CompanyEnrichResponse) -> tuple[Company, ...]:
    return answer.companies or ()


def _id_of(found: prospecting.EnrichedContact | Company) -> str | None:
    return None if found.id is None else str(found.id)


def _judge_contact(found: prospecting.EnrichedContact) -> Judgement:
    return judging.judge(found.data if found.is_success is not False else None, found.error)


def _judge_company(found: Company) -> Judgement:
    return judging.judge(msgspec.structs.replace(found, id=None), found.error)


def _contacts_halted(answer: prospecting.ContactEnrichResponse) -> LushaError | None:
    return judging.halted(found.error for found in _contacts(answer))


def _companies_halted(answer: prospecting.CompanyEnrichResponse) -> LushaError | None:
    return judging.halted(found.error for found in _companies(answer))


def _contact(found: prospecting.EnrichedContact | prospecting.ProspectContact, record: object) -> Any:
    """What a run hands out: the person, out of the envelope it came in."""
    return found.data if isinstance(found, prospecting.EnrichedContact) else found


def _billed(answer: prospecting.ContactEnrichResponse | prospecting.CompanyEnrichResponse) -> float | None:
    return answer.billing.credits_charged if answer.billing is not None else None


def _returned(answer: prospecting.ContactEnrichResponse | prospecting.CompanyEnrichResponse) -> int | None:
    return answer.billing.results_returned if answer.billing is not None else None


PROSPECTING_CONTACTS: BulkOperation[str, Any] = BulkOperation(
    endpoint=prospecting.ENRICH_CONTACTS,
    largest_chunk=MAX_RECORDS,
    prepare=judging.any_id,
    identity=judging.itself,
    reference=judging.own_text,
    pack=_pack_contact_ids,
    results=_contacts,
    answers_to=_id_of,
    judge=_judge_contact,
    restore=_contact,
    charged=_billed,
    returned=_returned,
    halted=_contacts_halted,
    layout=Layout(("contacts",)),
)

PROSPECTING_COMPANIES: BulkOperation[str, Company] = BulkOperation(
    endpoint=prospecting.ENRICH_COMPANIES,
    largest_chunk=MAX_RECORDS,
    prepare=judging.any_id,
    identity=judging.itself,
    reference=judging.own_text,
    pack=_pack_company_ids,
    results=_companies,
    answers_to=_id_of,
    judge=_judge_company,
    charged=_billed,
    returned=_returned,
    halted=_companies_halted,
    layout=Layout(("companies",)),
)


class ContactBulkProspecting(Resource):
    """People of a search by the list."""

    def bulk_enrich(
        self, ids: Source[Id], *, request_id: str | None, reveal: Iterable[Reveal], **options: Unpack[BulkOptions]
    ) -> BulkRun[Id, prospecting.ProspectContact]:
        """Reveal any number of people that one search has found. See `enrich` for what it costs.

        ``POST /prospecting/contact/enrich`` in chunks of 100 (in V3 `lusha.contacts.bulk_enrich`). All ids belong to
        the search of `request_id`. Options as in `BulkOptions`.

        >>> page = await lusha.v2.prospecting.contacts.search({"departments": ["Sales"]}, size=10)
        >>> ids = [person.contact_id for person in page.contacts or () if person.contact_id]
        >>> calls = lusha.v2.prospecting.contacts
        >>> async with calls.bulk_enrich(ids, request_id=page.request_id, reveal=["emails"]) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes) == len(ids)
        True
        """
        emails, phones = reveal_flags(reveal)
        request = prospecting.ContactEnrichRequest(
            request_id=prospecting.checked_request_id(request_id),
            contact_ids=(),
            reveal_emails=emails,
            reveal_phones=phones,
        )
        return BulkRun(self._sender, PROSPECTING_CONTACTS, ids, request=request, **options)


class CompanyBulkProspecting(Resource):
    """Companies of a search by the list."""

    def bulk_enrich(
        self, ids: Source[Id], *, request_id: str | None, **options: Unpack[BulkOptions]
    ) -> BulkRun[Id, Company]:
        """Reveal any number of companies that one search has found. See `enrich` for what it costs.

        ``POST /prospecting/company/enrich`` in chunks of 100 (in V3 `lusha.companies.bulk_enrich`). All ids belong to
        the search of `request_id`. Options as in `BulkOptions`.

        >>> page = await lusha.v2.prospecting.companies.search({"sizes": [{"min": 51, "max": 200}]}, size=10)
        >>> ids = [company.id for company in page.companies or () if company.id]
        >>> async with lusha.v2.prospecting.companies.bulk_enrich(ids, request_id=page.request_id) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes) == len(ids)
        True
        """
        request = prospecting.CompanyEnrichRequest(
            request_id=prospecting.checked_request_id(request_id), companies_ids=()
        )
        return BulkRun(self._sender, PROSPECTING_COMPANIES, ids, request=request, **options)
