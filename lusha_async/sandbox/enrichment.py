"""Search, enrich and search-and-enrich of the current API, for contacts and companies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from . import events, jobs, lookup, profiles, requests, tables
from .backend import Answer, Call, Json, Operation
from .world import FOUND, RESTRICTED, Company, Person

_ERRORS: dict[str, Json] = {
    "not_found": {"code": "NOT_FOUND", "message": "No match"},
    "restricted": {"code": "COMPLIANCE_RESTRICTED", "message": "Blocked for legal reasons"},
    "failed": {"code": "ENRICH_FAILED", "message": "Enrichment failed"},
}


def search_contacts(call: Call[requests.ContactsSearch]) -> Answer:
    """POST /v3/contacts/search"""
    signals = None if call.body.signals is UNSET else call.body.signals.types
    people = [lookup.contact(call.world, item, index) for index, item in enumerate(call.body.contacts)]
    account = call.backend.account
    results: list[Json] = []
    found = 0
    for item, person in zip(call.body.contacts, people, strict=True):
        error = _error(person)
        if person is None or error:
            results.append(_refer({"error": error}, item.client_reference_id))
            continue
        found += 1
        preview = profiles.contact_preview(person, account)
        if signals is not None:
            preview["signalTypes"] = types = events.contact_types(person, signals)
            call.bill.add(len(types) * account.price("showSignalsContact")[0])
        results.append(_refer(preview, item.client_reference_id))
    call.bill.per_results("contactSearch", found)
    return _answer(call, results, found, people)


def search_and_enrich_contacts(call: Call[requests.ContactsSearchAndEnrich]) -> Answer:
    """POST /v3/contacts/search-and-enrich"""
    people = [lookup.contact(call.world, item, index) for index, item in enumerate(call.body.contacts)]
    reveal = _contact_reveal(call.body.reveal)
    results: list[Json] = []
    found = 0
    for item, person in zip(call.body.contacts, people, strict=True):
        error = _error(person, enriching=True)
        if person is None or error:
            results.append(_refer({"error": error}, item.client_reference_id))
            continue
        found += 1
        results.append(_refer({"phones": [], **_enriched(call, person, reveal)}, item.client_reference_id))
    call.bill.per_results("contactSearch", found)
    return _answer(call, results, found, people)


def enrich_contacts(call: Call[requests.ContactsEnrich]) -> Answer:
    """POST /v3/contacts/enrich"""
    body = call.body
    table = tables.named(call, "contacts", body.table_id)
    people = [call.world.person_by_id(text) for text in body.ids]
    reveal = _contact_reveal(body.reveal)
    everybody = call.settings.waterfall
    results: list[Json] = []
    found: list[Person] = []
    waiting: list[Person] = []
    for text, person in zip(body.ids, people, strict=True):
        error = _error(person, enriching=True)
        if person is None or error:
            results.append(_failed(call, text, error))
            continue
        found.append(person)
        if body.waterfall_enabled and jobs.open_points(person, reveal, everybody=everybody):
            waiting.append(person)
        results.append(_enriched(call, person, reveal))
    keys = [name for name, field in (("workEmail", "emails"), ("phone", "phones")) if field in reveal]
    write = None if table is None else lambda: tables.write(call, table, found, keys)
    answer = _answer(call, results, len(found), people, write)
    if waiting:
        answer.data |= {"status": "partial", "job": jobs.start(call, waiting, reveal)}
    elif everybody:
        answer.data.setdefault("status", "completed")
    return answer


def search_companies(call: Call[requests.CompaniesSearch]) -> Answer:
    """POST /v3/companies/search"""
    account = call.backend.account
    signals = None if call.body.signals is UNSET else call.body.signals.types
    companies = [lookup.company(call.world, item, index) for index, item in enumerate(call.body.companies)]
    results: list[Json] = []
    found = 0
    for item, company in zip(call.body.companies, companies, strict=True):
        error = _error(company)
        if company is None or error:
            results.append(_refer({"error": error}, item.client_reference_id))
            continue
        found += 1
        preview = profiles.company_preview(company, account)
        if signals is not None:
            preview["signalTypes"] = types = events.company_types(company, signals)
            call.bill.add(len(types) * account.price("showSignalsCompany")[0])
        results.append(_refer(preview, item.client_reference_id))
    call.bill.per_results("companySearch", found)
    return _answer(call, results, found, companies)


def search_and_enrich_companies(call: Call[requests.CompaniesSearchAndEnrich]) -> Answer:
    """POST /v3/companies/search-and-enrich"""
    companies = [lookup.company(call.world, item, index) for index, item in enumerate(call.body.companies)]
    results: list[Json] = []
    found = 0
    for item, company in zip(call.body.companies, companies, strict=True):
        error = _error(company, enriching=True)
        if company is None or error:
            results.append(_refer({"error": error}, item.client_reference_id))
            continue
        found += 1
        results.append(_refer(enriched_company(call, company, call.body.reveal or []), item.client_reference_id))
    call.bill.per_results("companySearch", found)
    return _answer(call, results, found, companies)


def enrich_companies(call: Call[requests.CompaniesEnrich]) -> Answer:
    """POST /v3/companies/enrich"""
    table = tables.named(call, "companies", call.body.table_id)
    companies = [call.world.company_by_id(text) for text in call.body.ids]
    results: list[Json] = []
    found = 0
    for text, company in zip(call.body.ids, companies, strict=True):
        error = _error(company, enriching=True)
        if company is None or error:
            results.append(_failed(call, text, error))
            continue
        found += 1
        results.append(enriched_company(call, company, call.body.reveal or []))
    kept = [company for company in companies if company is not None and company.verdict == FOUND]
    write = None if table is None else lambda: tables.write(call, table, kept, ("industry",))
    return _answer(call, results, found, companies, write)


def enriched_company(call: Call[Any], company: Company, reveal: Sequence[str]) -> Json:
    """A company's profile with the named fields; everything billed."""
    profile = profiles.company_profile(company, quirks=call.settings.quirks)
    call.bill.reveal("revealCompany", company.key)
    for slot, field in enumerate(profiles.COMPANY_REVEALS, start=1):
        if field not in reveal:
            continue
        profile[field] = value = profiles.revealed_field(company, field)
        if value is not None and field != "intent":
            call.bill.reveal("revealCompany", company.key, slot)
    if "intent" in profile and profile["intent"] is None:
        del profile["intent"]
    return profile


def _enriched(call: Call[Any], person: Person, reveal: Sequence[str]) -> Json:
    profile = profiles.contact_profile(person, quirks=call.settings.quirks)
    missing: list[Json] = []
    for field, action, values in (
        ("emails", "revealEmail", profiles.emails),
        ("phones", "revealPhone", profiles.phones),
    ):
        if field not in reveal:
            continue
        found = [] if person.marker == "waterfall" else values(person)
        if found and not _bought(call, action, person.key):
            missing.append({"type": field[:-1], "status": "BILLING_FAILED"})
            found = []
        if not call.settings.quirks:
            found = [{**one, "type": "unknown"} if one["type"] == "phone" else one for one in found]
        profile[field] = found
    if missing:
        profile["missingDataPoints"] = missing
    return profile


def _bought(call: Call[Any], action: str, key: int) -> bool:
    """Put a data point on the bill. With `partial_when_dry`, not beyond the balance."""
    account = call.backend.account
    new = not account.has(action, key)
    if call.settings.partial_when_dry and new and call.bill.total + account.price(action)[0] > account.remaining:
        call.bill.dry = True
        return False
    call.bill.reveal(action, key)
    return True


def _contact_reveal(reveal: Sequence[str] | UnsetType) -> Sequence[str]:
    return ("emails", "phones") if reveal is UNSET else reveal


def _error(who: Person | Company | None, *, enriching: bool = False) -> Json | None:
    if who is None:
        return _ERRORS["not_found"]
    if who.verdict != FOUND:
        return _ERRORS["restricted" if who.verdict == RESTRICTED else "not_found"]
    return _ERRORS["failed"] if enriching and who.marker == "enrich-failed" else None


def _refer(result: Json, reference: str | UnsetType) -> Json:
    if reference is not UNSET:
        result["clientReferenceId"] = reference
    return result


def _failed(call: Call[Any], text: str, error: Json | None) -> Json:
    return {"error": error} if call.settings.anonymous_errors else {"id": text, "error": error}


def _answer(
    call: Call[Any],
    results: list[Json],
    found: int,
    who: Sequence[Person | Company | None],
    write: Callable[[], Json] | None = None,
) -> Answer:
    items = len(results)
    if call.settings.drop_unmatched:
        results = [one for one in results if one.get("error") is not _ERRORS["not_found"]]
    if call.settings.shuffle:
        call.backend.random.shuffle(results)
    data: Json = {"requestId": call.backend.request_id(), "results": results}
    if call.bill.dry:
        data["status"] = "PARTIAL_OUT_OF_CREDITS" if call.bill.total else "OUT_OF_CREDITS"
        data["statusReason"] = "The balance does not cover every data point"
    if write is not None:
        data["tableWrite"] = write()
    data["billing"] = call.billing(found)
    return Answer(data, items=items, keys=[one.key for one in who if one is not None])


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="POST", path="/v3/contacts/search", handler=search_contacts, body=requests.ContactsSearch),
    Operation(method="POST", path="/v3/contacts/enrich", handler=enrich_contacts, body=requests.ContactsEnrich),
    Operation(
        method="POST",
        path="/v3/contacts/search-and-enrich",
        handler=search_and_enrich_contacts,
        body=requests.ContactsSearchAndEnrich,
    ),
    Operation(method="POST", path="/v3/companies/search", handler=search_companies, body=requests.CompaniesSearch),
    Operation(method="POST", path="/v3/companies/enrich", handler=enrich_companies, body=requests.CompaniesEnrich),
    Operation(
        method="POST",
        path="/v3/companies/search-and-enrich",
        handler=search_and_enrich_companies,
        body=requests.CompaniesSearchAndEnrich,
    ),
)
