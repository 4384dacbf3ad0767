"""Prospecting in the current API: a filtered walk through the indexed world, page by page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from . import events, matching, profiles, tables
from .backend import Answer, Backend, Call, Json, Operation
from .criteria import CompanyProspecting, ContactProspecting, Location
from .matching import meets
from .refusals import bad_body, plain
from .table_book import Table
from .vocabulary import DATA_POINTS
from .world import Company, Person

_WALKS_KEPT = 16
_WITHOUT_DNC = frozenset({"free", "starter"})


class Walks:
    """What the last searches found, so that the next page needs no second look at the whole world."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, list[Any]] = OrderedDict()

    def get(self, key: bytes, search: Callable[[], list[Any]]) -> list[Any]:
        """The results of a search, searched for once."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = search()
            if len(self._found) > _WALKS_KEPT:
                self._found.popitem(last=False)
        else:
            self._found.move_to_end(key)
        return found


def contacts(call: Call[ContactProspecting]) -> Answer:
    """POST /v3/contacts/prospecting"""
    body = call.body
    table = tables.named(call, "contacts", body.table_id)
    _check_contacts(call)
    cap = 0 if body.options.max_contacts_per_company is UNSET else body.options.max_contacts_per_company
    found = find_contacts(call.backend, body.filters, exclude_dnc=body.options.exclude_dnc, per_company=cap)
    shown = _page(found, body.pagination.page, body.pagination.size)
    include = body.filters.contacts.include
    signals = include.signals.types if include is not UNSET and include.signals is not UNSET else None
    results = [_contact(call, person, signals) for person in shown]
    call.bill.per_results("contactSearch", len(shown))
    return _answer(call, shown, results, len(found), body.pagination.page, body.pagination.size, table)


def companies(call: Call[CompanyProspecting]) -> Answer:
    """POST /v3/companies/prospecting"""
    body = call.body
    table = tables.named(call, "companies", body.table_id)
    for side in (body.filters.companies.include, body.filters.companies.exclude):
        if side is not UNSET and side.locations is not UNSET:
            _no_iso2(side.locations)
    found = find_companies(call.backend, body.filters)
    shown = _page(found, body.pagination.page, body.pagination.size)
    include = body.filters.companies.include
    signals = include.signals.types if include.signals is not UNSET else None
    results = [_company(call, company, signals) for company in shown]
    call.bill.per_results("companySearch", len(shown))
    return _answer(call, shown, results, len(found), body.pagination.page, body.pagination.size, table)


def find_contacts(backend: Backend, filters: Any, *, exclude_dnc: bool = False, per_company: int = 0) -> list[Person]:
    """Everybody in the indexed world who meets the filters, always in the same order."""
    people, employers = filters.contacts, filters.companies

    def search() -> list[Person]:
        firms = {
            company.domain
            for company in backend.world.companies
            if meets(company, employers.include, employers.exclude)
        }
        found: list[Person] = []
        seen: dict[str, int] = {}
        for person in backend.world.people:
            if person.domain not in firms or not meets(person, people.include, people.exclude):
                continue
            if exclude_dnc and any(phone["doNotCall"] for phone in profiles.phones(person)):
                continue
            seen[person.domain] = count = seen.get(person.domain, 0) + 1
            if not per_company or count <= per_company:
                found.append(person)
        return found

    key = matching.fingerprint("contacts", filters, exclude_dnc, per_company)
    return backend.store(Walks).get(key, search)


def find_companies(backend: Backend, filters: Any) -> list[Company]:
    """Every company of the indexed world that meets the filters, always in the same order."""
    sides, staff = filters.companies, getattr(filters, "contacts", None)

    def search() -> list[Company]:
        found = [company for company in backend.world.companies if meets(company, sides.include, sides.exclude)]
        if staff is None or (staff.include is UNSET and staff.exclude is UNSET):
            return found
        employers = {person.domain for person in backend.world.people if meets(person, staff.include, staff.exclude)}
        return [company for company in found if company.domain in employers]

    return backend.store(Walks).get(matching.fingerprint("companies", filters), search)


def contact_preview(call: Call[Any], person: Person) -> Json:
    """A search result as prospecting shows it: the bare domain, the seniority in small letters."""
    preview = profiles.contact_preview(person, call.backend.account)
    if call.settings.quirks:
        preview["company"]["domain"] = person.company.domain
        job = person.job
        preview["jobTitle"] = {
            "title": job.title,
            "departments": [job.department],
            "seniority": job.seniority.lower(),
        }
    return preview


def company_preview(call: Call[Any], company: Company) -> Json:
    """A company as prospecting shows it: with the bare domain."""
    preview = profiles.company_preview(company, call.backend.account)
    if call.settings.quirks:
        preview["domain"] = company.domain
    return preview


def _check_contacts(call: Call[ContactProspecting]) -> None:
    if call.body.options.exclude_dnc and call.settings.plan in _WITHOUT_DNC:
        raise plain(403, "The plan does not include excludeDnc")
    for side in (call.body.filters.contacts.include, call.body.filters.contacts.exclude):
        if side is UNSET:
            continue
        points = side.existing_data_points or []
        unknown = [point for point in points if point not in DATA_POINTS]
        if unknown:
            raise bad_body(f"each value in existingDataPoints must be one of {', '.join(DATA_POINTS)}")
        countries = side.countries or []
        if any(len(country) != 2 for country in countries):
            raise bad_body("each value in countries must be an ISO 3166-1 alpha-2 code")


def _no_iso2(locations: Sequence[Location]) -> None:
    if any(location.country_iso2 is not UNSET for location in locations):
        raise bad_body("property countryIso2 should not exist")


def _page(found: list[Any], page: int, size: int) -> list[Any]:
    return found[page * size : (page + 1) * size]


def _contact(call: Call[Any], person: Person, signals: Sequence[str] | None) -> Json:
    preview = contact_preview(call, person)
    if signals is not None:
        preview["signalTypes"] = types = events.contact_types(person, signals)
        call.bill.add(len(types) * call.backend.account.price("showSignalsContact")[0])
    return preview


def _company(call: Call[Any], company: Company, signals: Sequence[str] | None) -> Json:
    preview = company_preview(call, company)
    if signals is not None:
        preview["signalTypes"] = types = events.company_types(company, signals)
        call.bill.add(len(types) * call.backend.account.price("showSignalsCompany")[0])
    return preview


def _answer(
    call: Call[Any],
    shown: Sequence[Person | Company],
    results: list[Json],
    total: int,
    page: int,
    size: int,
    table: Table | None,
) -> Answer:
    pagination: Json = {"page": page, "size": size, "total": total}
    if call.settings.quirks:
        pagination |= {"size": len(results), "totalGuaranteed": True, "totalDescription": "exact"}
    data: Json = {"requestId": call.backend.request_id(), "results": results, "pagination": pagination}
    if table is not None:
        data["tableWrite"] = tables.write(call, table, shown)
    data["billing"] = call.billing(len(results))
    return Answer(data, items=len(results), keys=[one.key for one in shown])


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="POST", path="/v3/contacts/prospecting", handler=contacts, body=ContactProspecting),
    Operation(method="POST", path="/v3/companies/prospecting", handler=companies, body=CompanyProspecting),
)
