"""People: `lusha.v2.persons`. Finds and enriches one person or up to 100 in a call."""

import datetime
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from ..endpoint import Endpoint, Repeat
from ..model import Model, RequestModel
from ..records import ContactLike, ContactQuery, contact_queries, contact_query
from ..resource import Resource
from ..v3.checks import day
from .common import (
    ContactSignals,
    ContactSignalType,
    Employer,
    ItemError,
    JobTitle,
    LegacyId,
    Named,
    Profile,
    Reveal,
    legacy_id,
    references,
    reveal_flags,
    signal_names,
)
from .company import Company

FilterBy = Literal["phoneNumbers", "emailAddresses"]
"""Which detail a person must have to be returned at all; without it, either will do."""


class PersonParams(RequestModel, frozen=True, kw_only=True):
    """The query of one person's enrichment."""

    first_name: str | None = None
    last_name: str | None = None
    person_id: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    email: str | None = None
    linkedin_url: str | None = None
    refresh_job_info: bool | None = None
    filter_by: str | None = None
    reveal_emails: bool | None = None
    reveal_phones: bool | None = None
    signals: list[str] | None = None
    signals_start_date: str | None = None
    partial_profile: bool | None = None


class PersonRecord(RequestModel, frozen=True, kw_only=True):
    """One person of a batch. `contact_id` is the key under which it is answered."""

    contact_id: str
    person_id: str | None = None
    full_name: str | None = None
    location: str | None = None
    linkedin_url: str | None = None
    email: str | None = None
    companies: tuple[Employer, ...] | None = None


class PersonOptions(RequestModel, frozen=True, kw_only=True):
    """What is asked about every person of a batch."""

    refresh_job_info: bool | None = None
    filter_by: str | None = None
    reveal_emails: bool | None = None
    reveal_phones: bool | None = None
    signals: tuple[str, ...] | None = None
    signals_start_date: str | None = None
    partial_profile: bool | None = None


class PersonBatchRequest(RequestModel, frozen=True, kw_only=True):
    """The body of a batch."""

    contacts: tuple[PersonRecord, ...]
    metadata: PersonOptions | None = None


class PreviousJob(Model, frozen=True):
    """Where a person worked before."""

    company: Employer | None = None
    job_title: JobTitle | None = None


class Person(Profile, frozen=True):
    """A person. `phones` and `emails` are the bare numbers and addresses."""

    person_id: LegacyId | None = None
    emails: tuple[str, ...] | str | None = None
    phones: tuple[str, ...] | str | None = None
    job_title: JobTitle | None = None
    job_start_date: str | None = None
    previous_job: PreviousJob | None = None
    contact_tags: tuple[Named, ...] | None = None
    update_date: str | None = None
    company: Company | None = None
    signals: ContactSignals | None = None


class PersonResult(Model, frozen=True):
    """One person's answer: `data`, or the `error` that stands in its place."""

    error: ItemError | None = None
    is_credit_charged: bool | None = None
    data: Person | None = None


class PersonResponse(Model, frozen=True):
    """The answer of one person's enrichment."""

    contact: PersonResult | None = None


class PersonBatchResponse(Model, frozen=True):
    """The answer of a batch: people by the reference they were asked with. Where the API sends `companies` beside the
    people (the live one mostly does not), each person's `company` is filled from there."""

    contacts: dict[str, PersonResult] | None = None
    companies: dict[str, Company] | None = None

    def __post_init__(self) -> None:
        for found in (self.contacts or {}).values() if self.companies else ():
            person = found.data
            if person is not None and person.company is None and person.company_id is not None:
                company = (self.companies or {}).get(str(person.company_id))
                msgspec.structs.force_setattr(person, "company", company)


ENRICH: Endpoint[PersonResponse] = Endpoint(
    method="GET",
    path="/v2/person",
    operation="searchSingleContact",
    response=PersonResponse,
    query=PersonParams,
    repeat=Repeat.CHEAP,
    successor="lusha.contacts.search_and_enrich",
)

ENRICH_BATCH: Endpoint[PersonBatchResponse] = Endpoint(
    method="POST",
    path="/v2/person",
    operation="searchMultipleContacts",
    response=PersonBatchResponse,
    request=PersonBatchRequest,
    repeat=Repeat.CHEAP,
    successor="lusha.contacts.search_and_enrich",
)


ENDPOINTS: tuple[Endpoint[Any], ...] = (ENRICH, ENRICH_BATCH)


def person_options(
    reveal: Iterable[str],
    refresh_job_info: bool | None,
    filter_by: str | None,
    partial_profile: bool | None,
    signals: Iterable[str] | None,
    signals_start_date: datetime.date | str | None,
) -> PersonOptions:
    """The options of a call as the API names them. Raises `InvalidRequest` for an empty or unknown `reveal`."""
    emails, phones = reveal_flags(reveal)
    return PersonOptions(
        reveal_emails=emails,
        reveal_phones=phones,
        refresh_job_info=refresh_job_info,
        filter_by=filter_by,
        partial_profile=partial_profile,
        signals=signal_names(signals),
        signals_start_date=day(signals_start_date, field="signals_start_date"),
    )


def person_record(query: ContactQuery, reference: str, *, index: int | None = None) -> PersonRecord:
    """A contact in the form of a batch, answered under `reference`. The record's own reference is not sent."""
    employed = query.company_name or query.company_domain
    employer = Employer(name=query.company_name, domain=query.company_domain, is_current=True)
    return PersonRecord(
        contact_id=reference,
        person_id=legacy_id(query.id, index=index),
        full_name=f"{query.first_name} {query.last_name}" if query.first_name and query.last_name else None,
        linkedin_url=query.linkedin_url,
        email=query.email,
        companies=(employer,) if employed else None,
    )


class PersonEnrichment(Resource):
    """`lusha.v2.persons`: find and enrich people."""

    async def enrich(
        self,
        contact: ContactLike,
        *,
        reveal: Iterable[Reveal],
        refresh_job_info: bool | None = None,
        filter_by: FilterBy | None = None,
        partial_profile: bool | None = None,
        signals: Iterable[ContactSignalType] | None = None,
        signals_start_date: datetime.date | str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> PersonResponse:
        """Find one person and reveal e-mail addresses, phone numbers or both.

        API: ``GET /v2/person`` (retired generation; in V3 `lusha.contacts.search_and_enrich`). 25 requests a second.
        `client_reference_id` is not sent: the one answer is yours.

        Costs what is revealed: one credit per person with an address, more with phones, by your account's prices;
        `contact.is_credit_charged` tells. `reveal=["emails"]` or `["phones"]` alone needs an account with unified
        credits (others get `PermissionDenied`); both together work on every account.

        `refresh_job_info` asks for the newest employment, `filter_by` returns only people who have that detail,
        `partial_profile` accepts incomplete people, `signals` adds job changes since `signals_start_date` (six
        months ago by default) at a price of their own.

        A person who is not known comes back as `contact.error`, or as `NotFound`. Raises `InvalidRequest` before
        sending for a record nobody could be found by, and `EndpointRetired` once Lusha has switched this off.

        >>> answer = await lusha.v2.persons.enrich({"email": "jane.doe@example.com"}, reveal=["emails"])
        >>> found = answer.contact.data if answer.contact else None
        """
        query = contact_query(contact)
        options = person_options(reveal, refresh_job_info, filter_by, partial_profile, signals, signals_start_date)
        params = PersonParams(
            first_name=query.first_name,
            last_name=query.last_name,
            person_id=legacy_id(query.id),
            company_name=query.company_name,
            company_domain=query.company_domain,
            email=query.email,
            linkedin_url=query.linkedin_url,
            refresh_job_info=options.refresh_job_info,
            filter_by=options.filter_by,
            reveal_emails=options.reveal_emails,
            reveal_phones=options.reveal_phones,
            signals=None if options.signals is None else list(options.signals),
            signals_start_date=options.signals_start_date,
            partial_profile=options.partial_profile,
        )
        return await self._call(ENRICH, query=params, timeout=timeout, allow_repeat=allow_repeat)

    async def enrich_batch(
        self,
        contacts: ContactLike | Iterable[ContactLike],
        *,
        reveal: Iterable[Reveal],
        refresh_job_info: bool | None = None,
        filter_by: FilterBy | None = None,
        partial_profile: bool | None = None,
        signals: Iterable[ContactSignalType] | None = None,
        signals_start_date: datetime.date | str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> PersonBatchResponse:
        """Find up to 100 people in one call and reveal e-mail addresses, phone numbers or both.

        API: ``POST /v2/person`` (retired generation; in V3 `lusha.contacts.search_and_enrich`). 25 requests a second,
        100 people each; `bulk_enrich` takes any number. Options and prices as for `enrich`, per person.

        The answer is keyed: `contacts["0"]` belongs to the first record, unless it has a `client_reference_id`,
        which then is its key. Somebody who was not found has an `error` there instead of `data`. When the credits
        run out in the middle, the rest have the error `OUT_OF_CREDIT`, and the next call raises `PaymentRequired`.

        Raises `InvalidRequest` before sending, naming record and field, for records nobody could be found by, more
        than 100 of them, an id of V3, or one `client_reference_id` on two records.

        >>> people = [{"email": "jane.doe@example.com"}, {"linkedin_url": "https://www.linkedin.com/in/example"}]
        >>> answer = await lusha.v2.persons.enrich_batch(people, reveal=["emails", "phones"])
        >>> first = (answer.contacts or {}).get("0")
        """
        queries = contact_queries(contacts)
        options = person_options(reveal, refresh_job_info, filter_by, partial_profile, signals, signals_start_date)
        keys = references(query.client_reference_id for query in queries)
        records = tuple(
            person_record(query, key, index=n) for n, (query, key) in enumerate(zip(queries, keys, strict=True))
        )
        return await self._call(
            ENRICH_BATCH, body=PersonBatchRequest(contacts=records, metadata=options), timeout=timeout
        )
