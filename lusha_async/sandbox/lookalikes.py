# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""Lookalikes of both generations, with sessions that keep results from repeating, and V2's recommendations."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from . import identity, lookup, profiles, tables
from .backend import Answer, Call, Json, Operation
from .refusals import bad_body, dead_session
from .requests import Body, ContactItem, Text
from .table_book import Table
from .world import Company, Person

SESSION_SECONDS = 30 * 86_400.0
FEWEST_SEEDS = 5

Limit = Annotated[int, Meta(ge=1, le=100)]
Many = Annotated[list[Text], Meta(max_length=100)]
SessionId = Annotated[
    str, Meta(pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$")
]


class NamedContact(Body):
    """A seed by name and employer."""

    first_name: Text
    last_name: Text
    company_domain: Text = ""
    company_name: Text = ""


class ContactSeeds(Body):
    """Contacts to resemble, or to leave out."""

    linkedin_urls: Many = []
    contacts: Annotated[list[NamedContact], Meta(max_length=100)] = []
    emails: Many = []
    ids: Many = []
    contact_ids: Annotated[list[int], Meta(max_length=100)] = []


class CompanySeeds(Body):
    """Companies to resemble, or to leave out."""

    domains: Many = []
    linkedin_urls: Many = []


class ContactLookalikes(Body):
    """Body of contact lookalikes."""

    seeds: ContactSeeds | None
    dedupe_session_id: SessionId | UnsetType = UNSET
    exclude: ContactSeeds | UnsetType | None = UNSET
    limit: Limit = 25
    table_id: Text | UnsetType = UNSET


class CompanyLookalikes(Body):
    """Body of company lookalikes."""

    seeds: CompanySeeds
    dedupe_session_id: SessionId | UnsetType = UNSET
    exclude: CompanySeeds | UnsetType = UNSET
    limit: Limit = 25
    table_id: Text | UnsetType = UNSET


@dataclass(slots=True)
class Session:
    """What one run has returned so far."""

    kind: str
    used: float
    seen: set[int] = field(default_factory=set[int])


class Sessions:
    """All dedupe sessions."""

    def __init__(self) -> None:
        self.known: dict[str, Session] = {}


Generation = Literal["v3", "v2"]


def contacts(generation: Generation, call: Call[ContactLookalikes]) -> Answer:
    """POST /v3/contacts/lookalike and its V2 forms"""
    body = call.body
    table = tables.named(call, "contacts", body.table_id)
    seeds = _people(call, body.seeds or ContactSeeds())
    name, session = _session(call, generation, "contacts", len(seeds))
    excluded = _people(call, body.exclude or ContactSeeds())
    found, more = _walk(call.world.people, seeds, excluded, session.seen, body.limit)
    shape = _contact if generation == "v3" else partial(_legacy_contact, call)
    return _answer(call, generation, name, session, found, [shape(one) for one in found], more, table)


def companies(generation: Generation, call: Call[CompanyLookalikes]) -> Answer:
    """POST /v3/companies/lookalike and its V2 forms"""
    body = call.body
    table = tables.named(call, "companies", body.table_id)
    seeds = _firms(call, body.seeds)
    name, session = _session(call, generation, "companies", len(seeds))
    excluded = _firms(call, body.exclude or CompanySeeds())
    found, more = _walk(call.world.companies, seeds, excluded, session.seen, body.limit)
    shape = _company if generation == "v3" else _legacy_company
    return _answer(call, generation, name, session, found, [shape(one) for one in found], more, table)


def _people(call: Call[Any], seeds: ContactSeeds) -> list[int]:
    items = [ContactItem(linkedin_url=text) for text in seeds.linkedin_urls]
    items += [ContactItem(email=text) for text in seeds.emails]
    items += [ContactItem(id=text) for text in seeds.ids]
    items += [
        ContactItem(
            first_name=one.first_name,
            last_name=one.last_name,
            company_domain=one.company_domain,
            company_name=one.company_name or "Unknown",
        )
        for one in seeds.contacts
    ]
    people = [lookup.contact(call.world, item, index) for index, item in enumerate(items)]
    numbers = [call.backend.people_numbers.name(str(number)) for number in seeds.contact_ids]
    people += [None if who is None else call.world.person(who) for who in numbers]
    return [index if one is None else one.key for index, one in enumerate(people)]


def _firms(call: Call[Any], seeds: CompanySeeds) -> list[int]:
    pages = [url.rstrip("/").rpartition("/")[2] for url in seeds.linkedin_urls]
    domains = [identity.domain(text) for text in seeds.domains] + [identity.domain_of_name(page) for page in pages]
    return [call.world.company(domain).key for domain in domains]


def _session(call: Call[Any], generation: Generation, kind: str, seeds: int) -> tuple[str, Session]:
    """The session to continue, or a new one; refuses what the API refuses."""
    now, known = call.backend.clock.wall(), call.backend.store(Sessions).known
    given = call.body.dedupe_session_id
    if not seeds:
        raise bad_body("seeds should not be empty")
    if given is UNSET:
        if generation == "v3" and seeds < FEWEST_SEEDS and call.settings.quirks:
            raise bad_body(f"seeds must contain at least {FEWEST_SEEDS} identifiers")
        return str(uuid.UUID(call.backend.request_id())), Session(kind, now)
    session = known.get(given)
    if session is None or session.kind != kind or session.used + SESSION_SECONDS < now:
        raise dead_session()
    return given, session


def _walk(
    everybody: Sequence[Any], seeds: Sequence[int], excluded: Sequence[int], seen: set[int], limit: int
) -> tuple[list[Any], bool]:
    """The next `limit` of everybody, from a place the seeds decide, without seeds, excluded and seen ones."""
    skip = {*seeds, *excluded, *seen}
    offset = zlib.crc32(str(sorted(seeds)[:1]).encode()) % max(len(everybody), 1)
    order = (everybody[(offset + step) % len(everybody)] for step in range(len(everybody)))
    found: list[Any] = []
    for one in order:
        if one.key in skip:
            continue
        if len(found) == limit:
            return found, True
        found.append(one)
    return found, False


def _answer(
    call: Call[Any],
    generation: Generation,
    name: str,
    session: Session,
    found: Sequence[Any],
    results: list[Json],
    more: bool,
    table: Table | None,
) -> Answer:
    call.bill.per_results("lookalike", len(found))
    data: Json = {"dedupeSessionId": name, "results": results, "meta": {"returned": len(found), "hasMore": more}}
    if table is not None:
        data["tableWrite"] = tables.write(call, table, found)
    if generation == "v3":
        data["billing"] = call.billing(len(found))
    else:
        data["creditsCharged"] = call.settle()
    session.seen.update(one.key for one in found)
    session.used = call.backend.clock.wall()
    call.backend.store(Sessions).known[name] = session
    return Answer(data, items=len(found), keys=[one.key for one in found])


def _contact(person: Person) -> Json:
    company, job, place = person.company, person.job, person.place
    return {
        "id": person.id,
        "firstName": person.first,
        "lastName": person.last,
        "socialLinks": {"linkedin": person.linkedin},
        "company": {"id": company.id, "name": company.name, "domain": company.domain},
        "jobTitle": {"title": job.title, "departments": [job.department], "seniority": job.seniority},
        "location": {"country": place.country, "state": place.state, "city": place.city},
    }


def _legacy_contact(call: Call[Any], person: Person) -> Json:
    shown = _contact(person)
    del shown["id"]
    number = call.backend.people_numbers.note(person.number, person.identity)
    company = person.company
    firm = call.backend.company_numbers.note(company.number, company.domain)
    shown["company"] = {"companyId": str(firm), "name": company.name, "domain": company.domain}
    return {"contactId": str(number), **shown}


def _company(company: Company) -> Json:
    place = company.place
    return {
        "id": company.id,
        "name": company.name,
        "domain": company.domain,
        "employeeCount": {"exact": company.head_count},
        "industry": company.industry.main,
        "location": {"country": place.country, "state": place.state, "city": place.city},
        "socialLinks": {"linkedin": profiles.company_linkedin(company)},
    }


def _legacy_company(company: Company) -> Json:
    place = company.place
    return {
        "domain": company.domain,
        "linkedinUrl": profiles.company_linkedin(company),
        "name": company.name,
        "employeeCount": company.head_count,
        "industry": company.industry.main,
        "location": {"country": place.country, "state": place.state or None, "city": place.city},
    }


def _both(contact_path: str, company_path: str, generation: Generation) -> list[Operation]:
    old = generation == "v2"
    return [
        Operation(
            method="POST", path=contact_path, handler=partial(contacts, generation), body=ContactLookalikes, legacy=old
        ),
        Operation(
            method="POST", path=company_path, handler=partial(companies, generation), body=CompanyLookalikes, legacy=old
        ),
    ]


OPERATIONS: tuple[Operation, ...] = (
    *_both("/v3/contacts/lookalike", "/v3/companies/lookalike", "v3"),
    *_both("/v3/lookalike/contacts", "/v3/lookalike/companies", "v2"),
    *_both("/api/recommendations/contacts", "/api/recommendations/companies", "v2"),
)
