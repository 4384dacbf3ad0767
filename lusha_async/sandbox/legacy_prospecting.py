"""Prospecting of the previous generation (V2): search pages, then enrichment by the numbers they gave."""

from __future__ import annotations

import re
from typing import Any, Literal

from msgspec import UNSET

from . import events, legacy, profiles, prospecting
from .backend import Answer, Call, Json, Operation
from .legacy_criteria import CompanyEnrich, CompanySearch, ContactEnrich, ContactSearch, current, signal_names
from .refusals import bad_body, plain
from .vocabulary import SENIORITIES
from .world import FOUND, Company, Person

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def search_contacts(call: Call[ContactSearch]) -> Answer:
    """POST /prospecting/contact/search"""
    body = call.body
    if body.exclude_dnc and call.settings.plan in {"free", "starter"}:
        raise plain(403, "The plan does not include excludeDnc")
    people = prospecting.find_contacts(call.backend, current(body.filters), exclude_dnc=body.exclude_dnc)
    page, size = _page(body)
    shown = people[page * size : (page + 1) * size]
    include = body.filters.contacts.include
    signals = signal_names(include) if include is not UNSET else None
    data = [_contact(call, person, signals) for person in shown]
    call.bill.per_results("contactSearch", len(shown))
    return _list(call, "contacts", data, page, len(people), [person.key for person in shown])


def search_companies(call: Call[CompanySearch]) -> Answer:
    """POST /prospecting/company/search"""
    body = call.body
    companies = prospecting.find_companies(call.backend, current(body.filters))
    page, size = _page(body)
    shown = companies[page * size : (page + 1) * size]
    include = body.filters.companies.include
    signals = signal_names(include) if include is not UNSET else None
    data = [_company(call, company, signals) for company in shown]
    call.bill.per_results("companySearch", len(shown))
    return _list(call, "companies", data, page, len(companies), [company.key for company in shown])


def enrich_contacts(call: Call[ContactEnrich]) -> Answer:
    """POST /prospecting/contact/enrich"""
    body = call.body
    _check_request_id(body.request_id)
    legacy.check_reveal(call, body.reveal_emails, body.reveal_phones)
    both = body.reveal_emails is UNSET and body.reveal_phones is UNSET
    emails, phones = both or body.reveal_emails is True, both or body.reveal_phones is True
    people: list[Person | None] = []
    contacts: list[Json] = []
    for number in body.contact_ids:
        name = call.backend.people_numbers.name(number)
        person = None if name is None else call.world.person(name)
        people.append(person)
        if person is None or person.verdict != FOUND:
            contacts.append({"id": number, "isSuccess": False, "error": legacy.NO_DATA})
            continue
        if emails and person.has_emails:
            call.bill.reveal("revealEmail", person.key)
        if phones and person.has_phones:
            call.bill.reveal("revealPhone", person.key)
        contacts.append(
            {"id": number, "isSuccess": True, "data": _enriched(call, person, emails=emails, phones=phones)}
        )
    if call.settings.shuffle:
        call.backend.random.shuffle(contacts)
    found = sum(bool(one["isSuccess"]) for one in contacts)
    data = {"requestId": body.request_id, "contacts": contacts, "billing": call.billing(found)}
    return Answer(data, items=len(contacts), keys=[person.key for person in people if person is not None])


def enrich_companies(call: Call[CompanyEnrich]) -> Answer:
    """POST /prospecting/company/enrich"""
    body = call.body
    _check_request_id(body.request_id)
    names = [call.backend.company_numbers.name(number) for number in body.companies_ids]
    known = [call.world.company(name) for name in names if name is not None]
    for company in known:
        call.bill.reveal("revealCompany", company.key)
    companies = [_enriched_company(call, company) for company in known]
    data = {"requestId": body.request_id, "companies": companies, "billing": call.billing(len(companies))}
    return Answer(data, items=len(names), keys=[company.key for company in known])


def _page(body: ContactSearch | CompanySearch) -> tuple[int, int]:
    if body.offset is not UNSET:
        size = int(body.offset.size)
        return int(body.offset.index) // size, size
    return int(body.pages.page), int(body.pages.size)


def _list(
    call: Call[Any], name: Literal["contacts", "companies"], data: list[Json], page: int, total: int, keys: list[int]
) -> Answer:
    quirks = call.settings.quirks
    shown: Json = {
        "requestId": call.backend.request_id(),
        "currentPage": page,
        "pageLength": len(data),
        "totalResults": total,
        "data" if quirks else name: data,
    }
    billing = call.billing(len(data))
    if quirks:
        shown["billing"] = billing
    return Answer(shown, status=201 if quirks else 200, items=len(data), keys=keys)


def _contact(call: Call[Any], person: Person, signals: list[str] | None) -> Json:
    company = person.company
    kinds = {phone["type"] for phone in profiles.phones(person)}
    shown: Json = {
        "contactId": str(call.backend.people_numbers.note(person.number, person.identity)),
        "isShown": call.backend.account.has("revealEmail", person.key),
        "name": f"{person.first} {person.last}",
        "jobTitle": person.job.title,
        "companyId": call.backend.company_numbers.note(company.number, company.domain),
        "companyName": company.name,
        "fqdn": f"www.{company.domain}",
        "hasDepartment": True,
        "hasSeniority": True,
        "hasContactLocation": True,
        "hasSocialLink": True,
        "hasEmails": person.has_emails,
        "hasWorkEmail": person.has_emails,
        "hasPrivateEmail": person.has_emails and person.bits % 3 == 0,
        "hasPhones": person.has_phones,
        "hasMobilePhone": "mobile" in kinds,
        "hasDirectPhone": "direct" in kinds,
        **_company_flags(company),
    }
    if signals is not None:
        shown["signalTypes"] = events.contact_types(person, signals)
    return shown


def _company(call: Call[Any], company: Company, signals: list[str] | None) -> Json:
    shown: Json = {
        "id": str(call.backend.company_numbers.note(company.number, company.domain)),
        "name": company.name,
        "fqdn": f"www.{company.domain}",
        "logoUrl": f"https://logo.example.com/{company.domain}.png",
        **_company_flags(company),
    }
    if signals is not None:
        shown["signalTypes"] = events.company_types(company, signals)
    return shown


def _company_flags(company: Company) -> Json:
    return {
        "hasCompanyEmployeesCount": True,
        "hasCompanyRevenue": True,
        "hasCompanyMainIndustry": True,
        "hasCompanySubIndustry": True,
        "hasCompanyFunding": company.bits % 3 == 0,
        "hasCompanyIntent": company.bits % 2 == 0,
        "hasCompanyTechnologies": True,
        "hasCompanyCity": True,
        "hasCompanyCountry": True,
    }


def _enriched(call: Call[Any], person: Person, *, emails: bool, phones: bool) -> Json:
    data = legacy.contact_data(call.backend, person, emails=emails, phones=phones)
    company, where = person.company, person.place
    chosen = ("firstName", "lastName", "fullName", "emailAddresses", "phoneNumbers", "companyId", "socialLinks")
    shown = {name: data[name] for name in chosen if name in data}
    return {
        **shown,
        "isShown": True,
        "jobTitle": person.job.title,
        "departments": [person.job.department],
        "seniority": [{"id": SENIORITIES[person.job.seniority], "value": person.job.seniority.lower()}],
        "companyName": company.name,
        "location": {
            "city": where.city,
            "state": where.state,
            "country": where.country,
            "country_iso2": where.iso2,
            "continent": where.continent,
        },
        "company": {
            "revenueRange": [limit for limit in company.revenue if limit is not None],
            "mainIndustry": company.industry.main,
            "subIndustry": company.industry.sub,
            "technologies": [{"name": name} for name in profiles.technologies(company)],
        },
    }


def _enriched_company(call: Call[Any], company: Company) -> Json:
    shown = legacy.bulk_company(call.backend, company)
    for name in ("lushaCompanyId", "employeesInLinkedin", "founded", "linkedin"):
        shown.pop(name, None)
    low, high = company.size
    size: Json = {"min": low, "employees_in_linkedin": company.head_count}
    return {
        **shown,
        "companySize": size if high is None else {**size, "max": high},
        "employees": f"{low} - {high}" if high else f"{low}+",
        "domains": {"email": company.domain, "homepage": company.domain},
        "social": {"linkedin": profiles.company_linkedin(company)},
        "industryTags": [company.industry.main],
    }


def _check_request_id(text: str) -> None:
    if not _UUID.fullmatch(text):
        raise bad_body("requestId must be a UUID")


def _row(path: str, handler: Any, body: type[Any]) -> Operation:
    return Operation(method="POST", path=f"/prospecting/{path}", handler=handler, body=body, legacy=True)


OPERATIONS: tuple[Operation, ...] = (
    _row("contact/search", search_contacts, ContactSearch),
    _row("contact/enrich", enrich_contacts, ContactEnrich),
    _row("company/search", search_companies, CompanySearch),
    _row("company/enrich", enrich_companies, CompanyEnrich),
)
