# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""Signals and signal scores, by id and by identifier, in both generations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from . import events, lookup, tables
from .backend import Answer, Call, Json, Operation
from .criteria import CompanySignal
from .refusals import bad_body
from .requests import Body, CompanyItem, ContactItem, ContactSignal, Day, Ids, LegacyContact, LegacyEmployer, Text
from .table_book import Table
from .vocabulary import DEPARTMENTS
from .world import FOUND, RESTRICTED, Company, Person

Most = Annotated[int, Meta(ge=1, le=100)]
ContactTypes = Annotated[list[ContactSignal], Meta(min_length=1)]
CompanyTypes = Annotated[list[CompanySignal], Meta(min_length=1)]
Reference = Annotated[str, Meta(max_length=256)]


class HiringPlace(Body):
    """Where hiring must have surged."""

    country: Text
    state: Text = ""


class SignalInclude(Body):
    """Which events of a signal count."""

    news_event_types: list[Text] = []
    hiring_by_departments: list[Text] = []
    hiring_by_locations: list[HiringPlace] = []
    intent_categories: list[Text] = []


class SignalFilters(Body):
    """Narrows signals to some of their events."""

    include: SignalInclude = msgspec.field(default_factory=SignalInclude)


class ContactSignalsRequest(Body):
    """Body of contact signals."""

    ids: Ids
    signal_types: ContactTypes
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Most = 100
    table_id: Text | UnsetType = UNSET


class CompanySignalsRequest(Body):
    """Body of company signals."""

    ids: Ids
    signal_types: CompanyTypes
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Most = 100
    table_id: Text | UnsetType = UNSET
    filters: SignalFilters = msgspec.field(default_factory=SignalFilters)


class ScoreCompany(Body):
    """A company to score, by exactly one identifier."""

    client_reference_id: Reference | UnsetType = UNSET
    id: Text = ""
    domain: Text = ""
    name: Text = ""
    email: Text = ""


class ScoreCompanies(Body):
    """Body of company signal score."""

    companies: Annotated[list[ScoreCompany], Meta(min_length=1, max_length=100)]


class ScoreContacts(Body):
    """Body of contact signal score."""

    contacts: Annotated[list[ContactItem], Meta(min_length=1, max_length=100)]


class LegacyContactSignals(Body):
    """Body of V2 contact signals."""

    contact_ids: Annotated[list[int], Meta(min_length=1, max_length=100)]
    signals: ContactTypes
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Most = 100


class LegacyCompanySignals(Body):
    """Body of V2 company signals."""

    company_ids: Annotated[list[int], Meta(min_length=1, max_length=100)]
    signals: CompanyTypes
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Most = 100
    filters: SignalFilters = msgspec.field(default_factory=SignalFilters)


class SnakeEmployer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An employer, in the snake case of this one operation: "name or domain", says its text; its schema wants both."""

    name: Text = ""
    domain: Text = ""
    is_current: bool = True


class SnakeContact(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A contact, in the snake case of this one operation."""

    id: Text
    social_link: Text = ""
    full_name: Text = ""
    email: Text = ""
    companies: list[SnakeEmployer] = []


class LegacyContactSearch(Body):
    """Body of V2 contact signals by identifier."""

    contacts: Annotated[list[SnakeContact], Meta(min_length=1, max_length=100)]
    signals: ContactTypes
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Most = 100


class SnakeCompany(Body):
    """A company by the caller's id."""

    id: Text
    name: Text = ""
    domain: Text = ""


class LegacyCompanySearch(Body):
    """Body of V2 company signals by identifier."""

    companies: Annotated[list[SnakeCompany], Meta(min_length=1, max_length=100)]
    signals: CompanyTypes
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Most = 100
    filters: SignalFilters = msgspec.field(default_factory=SignalFilters)


def start(call: Call[Any], given: str | UnsetType) -> date:
    """The first day that counts: as given, or six months ago."""
    if given is UNSET:
        return events.default_start(call.backend.clock.wall())
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise bad_body("startDate must be a valid date") from None


def contact_signals(call: Call[ContactSignalsRequest]) -> Answer:
    """POST /v3/contacts/signals"""
    body = call.body
    table = tables.named(call, "contacts", body.table_id)
    people = [call.world.person_by_id(text) for text in body.ids]

    def found(person: Person, since: date) -> dict[str, list[Json]]:
        wall = call.backend.clock.wall()
        return events.contact_events(person, body.signal_types, since, wall, body.max_results_per_signal)

    return _by_id(call, body, people, found, "showSignalsContact", table)


def company_signals(call: Call[CompanySignalsRequest]) -> Answer:
    """POST /v3/companies/signals"""
    body = call.body
    table = tables.named(call, "companies", body.table_id)
    companies = [call.world.company_by_id(text) for text in body.ids]
    keep = _kept(body.filters.include)

    def found(company: Company, since: date) -> dict[str, list[Json]]:
        wall = call.backend.clock.wall()
        return events.company_events(company, body.signal_types, since, wall, body.max_results_per_signal, keep)

    return _by_id(call, body, companies, found, "showSignalsCompany", table)


def score_contacts(call: Call[ScoreContacts]) -> Answer:
    """POST /v3/contacts/signal-score"""
    people = [lookup.contact(call.world, item, index) for index, item in enumerate(call.body.contacts)]
    results: list[Json] = []
    for item, person in zip(call.body.contacts, people, strict=True):
        result = _scored(call, person, "signalScoreContact", events.contact_types, len(events.CONTACT_SIGNALS))
        if person is not None and "error" not in result:
            company = person.company
            result["fullName"] = f"{person.first} {person.last}"
            result["company"] = {"id": company.id, "name": company.name, "domain": company.domain}
        results.append(_with_reference(result, item.client_reference_id))
    return _scores(call, results, people)


def score_companies(call: Call[ScoreCompanies]) -> Answer:
    """POST /v3/companies/signal-score"""
    companies = [_company_to_score(call, item, index) for index, item in enumerate(call.body.companies)]
    results: list[Json] = []
    for item, company in zip(call.body.companies, companies, strict=True):
        result = _scored(call, company, "signalScoreCompany", events.company_types, len(events.COMPANY_SIGNALS))
        if company is not None and "error" not in result:
            result["name"] = company.name
            result["domain"] = f"www.{company.domain}"
        results.append(_with_reference(result, item.client_reference_id))
    return _scores(call, results, companies)


def contact_types(call: Call[None]) -> Answer:
    """GET /v3/contacts/signals/types"""
    return Answer({"signalTypes": ["allSignals", *events.CONTACT_SIGNALS]})


def company_types(call: Call[None]) -> Answer:
    """GET /v3/companies/signals/types"""
    return Answer({"signalTypes": ["allSignals", *events.COMPANY_SIGNALS]})


def legacy_options(call: Call[None]) -> Answer:
    """GET /api/signals/filters/{objectType}"""
    kind = call.path["objectType"]
    if kind == "contact":
        return Answer({"signals": [*events.CONTACT_SIGNALS, "allSignals"], "objectType": kind})
    if kind != "company":
        raise bad_body("objectType must be one of contact, company")
    options = {"newsEventTypes": list(events.NEWS_EVENT_TYPES), "hiringByDepartments": list(DEPARTMENTS)}
    return Answer(
        {"signals": ["allSignals", *events.LEGACY_COMPANY_SIGNALS], "objectType": kind, "filterOptions": options}
    )


def legacy_contact_signals(call: Call[LegacyContactSignals]) -> Answer:
    """POST /api/signals/contacts"""
    names = {str(number): call.backend.people_numbers.name(str(number)) for number in call.body.contact_ids}
    people = {number: None if who is None else call.world.person(who) for number, who in names.items()}
    return _legacy_contacts(call, people)


def legacy_contact_search(call: Call[LegacyContactSearch]) -> Answer:
    """POST /api/signals/contacts/search"""
    people: dict[str, Person | None] = {}
    for index, item in enumerate(call.body.contacts):
        employers = [
            LegacyEmployer(name=one.name, domain=one.domain, is_current=one.is_current) for one in item.companies
        ]
        known = call.backend.people_numbers.name(item.id) is not None
        same = LegacyContact(
            contact_id=item.id,
            person_id=item.id if known and not (item.social_link or item.email or item.full_name) else "",
            linkedin_url=item.social_link,
            email=item.email,
            full_name=item.full_name,
            companies=employers,
        )
        people[item.id] = lookup.legacy_contact(call.backend, same, index)
    return _legacy_contacts(call, people)


def legacy_company_signals(call: Call[LegacyCompanySignals]) -> Answer:
    """POST /api/signals/companies"""
    numbers = [str(number) for number in call.body.company_ids]
    return _legacy_companies(call, {number: lookup.company_by_any(call.backend, number=number) for number in numbers})


def legacy_company_search(call: Call[LegacyCompanySearch]) -> Answer:
    """POST /api/signals/companies/search"""
    found = {
        item.id: lookup.company_by_any(
            call.backend, number="" if item.domain or item.name else item.id, domain=item.domain, name=item.name
        )
        for item in call.body.companies
    }
    return _legacy_companies(call, found)


def _by_id(
    call: Call[Any],
    body: Any,
    subjects: Sequence[Any],
    found: Callable[[Any, date], dict[str, list[Json]]],
    action: str,
    table: Table | None,
) -> Answer:
    since = start(call, body.start_date)
    results: list[Json] = []
    known = [subject for subject in subjects if subject is not None and subject.verdict == FOUND]
    matched = 0
    for subject in known:
        signals = found(subject, since)
        matched += sum(map(len, signals.values()))
        head = {"id": subject.id}
        if isinstance(subject, Company):
            head |= {"companyName": subject.name, "domain": subject.domain}
        results.append({**head, **signals})
    call.bill.add(matched * call.backend.account.price(action)[0])
    data: Json = {"results": results, "startDate": since.isoformat()}
    data["endDate"] = events.today(call.backend.clock.wall()).isoformat()
    if table is not None:
        data["tableWrite"] = tables.write(call, table, known, ("signals",))
    data["billing"] = call.billing(len(results))
    return Answer(data, items=len(subjects), keys=[subject.key for subject in subjects if subject is not None])


def _kept(include: SignalInclude) -> Callable[[Json], bool]:
    places = {(place.country, place.state) for place in include.hiring_by_locations}

    def keep(event: Json) -> bool:
        if include.news_event_types and "eventType" in event and event["eventType"] not in include.news_event_types:
            return False
        if include.hiring_by_departments and event.get("department", include.hiring_by_departments[0]) not in (
            include.hiring_by_departments
        ):
            return False
        if include.intent_categories and event.get("signalCategory", include.intent_categories[0]) not in (
            include.intent_categories
        ):
            return False
        if not places or "country" not in event:
            return True
        return bool({(event["country"], event["state"]), (event["country"], "")} & places)

    return keep


def _company_to_score(call: Call[Any], item: ScoreCompany, index: int) -> Company | None:
    given = [text for text in (item.id, item.domain, item.name, item.email) if text]
    if len(given) != 1:
        raise bad_body(f"companies.{index} needs exactly one of id, domain, name, email")
    known = call.backend.company_numbers.name(item.id) if item.id else None
    if known is not None:
        return call.world.company(known)
    domain = item.email.rpartition("@")[2] if item.email else item.domain
    return lookup.company(call.world, CompanyItem(id=item.id, domain=domain, name=item.name), index)


def _scored(call: Call[Any], subject: Any, action: str, types: Callable[[Any], list[str]], of: int) -> Json:
    if subject is None or subject.verdict != FOUND:
        restricted = subject is not None and subject.verdict == RESTRICTED
        code = "COMPLIANCE_RESTRICTED" if restricted else "NOT_FOUND"
        return {"error": {"code": code, "message": "No score"}}
    if subject.marker == "no-data":
        return {"id": subject.id, "error": {"code": "NO_SCORE", "message": "No score"}}
    active = types(subject)
    call.bill.add(call.backend.account.price(action)[0])
    score = round(len(active) / of, 4)
    return {"id": subject.id, "signalScore": score, "signalTypes": active, "noActiveSignals": not active}


def _with_reference(result: Json, reference: str | UnsetType) -> Json:
    return result if reference is UNSET else {"clientReferenceId": reference, **result}


def _scores(call: Call[Any], results: list[Json], subjects: Sequence[Any]) -> Answer:
    scored = sum("error" not in result for result in results)
    if call.settings.shuffle:
        call.backend.random.shuffle(results)
    data = {"requestId": call.backend.request_id(), "results": results, "billing": call.billing(scored)}
    return Answer(data, items=len(results), keys=[subject.key for subject in subjects if subject is not None])


def _legacy_contacts(call: Call[Any], people: dict[str, Person | None]) -> Answer:
    since, wall = start(call, call.body.start_date), call.backend.clock.wall()
    contacts: dict[str, Json] = {}
    for reference, person in people.items():
        if person is None or person.verdict != FOUND:
            continue
        found = events.contact_events(person, call.body.signals, since, wall, call.body.max_results_per_signal)
        number = call.backend.people_numbers.note(person.number, person.identity)
        contacts[reference] = {"personId": str(number), **found}
    return _legacy_answer(call, "contacts", contacts, list(people.values()), since, "showSignalsContact")


def _legacy_companies(call: Call[Any], companies: dict[str, Company | None]) -> Answer:
    since, wall = start(call, call.body.start_date), call.backend.clock.wall()
    keep = _kept(call.body.filters.include)
    shown: dict[str, Json] = {}
    for reference, company in companies.items():
        if company is None or company.verdict != FOUND:
            continue
        found = events.company_events(company, call.body.signals, since, wall, call.body.max_results_per_signal, keep)
        number = call.backend.company_numbers.note(company.number, company.domain)
        shown[reference] = {"companyId": str(number), "companyName": company.name, "domain": company.domain, **found}
    return _legacy_answer(call, "companies", shown, list(companies.values()), since, "showSignalsCompany")


def _legacy_answer(
    call: Call[Any], name: str, shown: dict[str, Json], subjects: Sequence[Any], since: date, action: str
) -> Answer:
    matched = sum(
        len(cast("list[Json]", value)) for one in shown.values() for value in one.values() if type(value) is list
    )
    call.bill.add(matched * call.backend.account.price(action)[0])
    data = {
        name: shown,
        "startDate": since.isoformat(),
        "endDate": events.today(call.backend.clock.wall()).isoformat(),
        "creditCharged": call.settle(),
    }
    return Answer(data, items=len(subjects), keys=[subject.key for subject in subjects if subject is not None])


def _old(path: str, handler: Callable[[Call[Any]], Answer], body: type[Any]) -> Operation:
    return Operation(method="POST", path=f"/api/signals/{path}", handler=handler, body=body, legacy=True)


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="POST", path="/v3/contacts/signals", handler=contact_signals, body=ContactSignalsRequest),
    Operation(method="POST", path="/v3/companies/signals", handler=company_signals, body=CompanySignalsRequest),
    Operation(method="POST", path="/v3/contacts/signal-score", handler=score_contacts, body=ScoreContacts),
    Operation(method="POST", path="/v3/companies/signal-score", handler=score_companies, body=ScoreCompanies),
    Operation(method="GET", path="/v3/contacts/signals/types", handler=contact_types),
    Operation(method="GET", path="/v3/companies/signals/types", handler=company_types),
    Operation(method="GET", path="/api/signals/filters/{objectType}", handler=legacy_options, legacy=True),
    _old("contacts", legacy_contact_signals, LegacyContactSignals),
    _old("contacts/search", legacy_contact_search, LegacyContactSearch),
    _old("companies", legacy_company_signals, LegacyCompanySignals),
    _old("companies/search", legacy_company_search, LegacyCompanySearch),
)
