"""Search, enrich and search-and-enrich of the current API, for contacts and companies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from . import lookup, profiles, requests
from .backend import Answer, Call, Json, Operation
from .world import FOUND, RESTRICTED, Company, Person

_ERRORS: dict[str, Json] = {
    "not_found": {"code": "NOT_FOUND", "message": "No match"},
    "restricted": {"code": "COMPLIANCE_RESTRICTED", "message": "Blocked for legal reasons"},
    "failed": {"code": "ENRICH_FAILED", "message": "Enrichment failed"},
}


def search_contacts(call: Call[requests.ContactsSearch]) -> Answer:
    """POST /v3/contacts/search"""
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
    people = [call.world.person_by_id(text) for text in call.body.ids]
    reveal = _contact_reveal(call.body.reveal)
    results: list[Json] = []
    found = 0
    for text, person in zip(call.body.ids, people, strict=True):
        error = _error(person, enriching=True)
        if person is None or error:
            results.append(_failed(call, text, error))
            continue
        found += 1
        results.append(_enriched(call, person, reveal))
    return _answer(call, results, found, people)


def search_companies(call: Call[requests.CompaniesSearch]) -> Answer:
    """POST /v3/companies/search"""
    companies = [lookup.company(call.world, item, index) for index, item in enumerate(call.body.companies)]
    results: list[Json] = []
    found = 0
    for item, company in zip(call.body.companies, companies, strict=True):
        error = _error(company)
        if company is None or error:
            results.append(_refer({"error": error}, item.client_reference_id))
            continue
        found += 1
        results.append(_refer(profiles.company_preview(company, call.backend.account), item.client_reference_id))
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
    return _answer(call, results, found, companies)


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
    if "emails" in reveal:
        profile["emails"] = profiles.emails(person)
        if person.has_emails:
            call.bill.reveal("revealEmail", person.key)
    if "phones" in reveal:
        profile["phones"] = profiles.phones(person)
        if person.has_phones:
            call.bill.reveal("revealPhone", person.key)
    return profile


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


def _answer(call: Call[Any], results: list[Json], found: int, who: Sequence[Person | Company | None]) -> Answer:
    items = len(results)
    if call.settings.drop_unmatched:
        results = [one for one in results if one.get("error") is not _ERRORS["not_found"]]
    if call.settings.shuffle:
        call.backend.random.shuffle(results)
    data = {"requestId": call.backend.request_id(), "results": results, "billing": call.billing(found)}
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
