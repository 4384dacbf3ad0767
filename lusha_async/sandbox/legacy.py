"""The previous generation (V2): looking up one or many people and companies."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from . import lookup, profiles, requests
from .backend import Answer, Backend, Call, Json, Operation
from .refusals import bad_body, plain
from .vocabulary import Place
from .world import FOUND, RESTRICTED, Company, Person

NO_DATA: Json = {"code": 3, "name": "EMPTY_DATA", "message": "No data for this request"}
RESTRICTED_ERROR: Json = {"code": 4, "name": "COMPLIANCE_RESTRICTED", "message": "Blocked for legal reasons"}

_PHONE_TYPES = {"mobile": "Mobile", "direct": "Direct"}


def person(call: Call[requests.LegacyPersonQuery]) -> Answer:
    """GET /v2/person"""
    query = call.body
    check_reveal(call, query.reveal_emails, query.reveal_phones)
    found = lookup.legacy_person(call.backend, query)
    contact = _contact(call, found, query.filter_by, query.reveal_emails, query.reveal_phones)
    if found is not None and contact.get("data"):
        contact["data"]["company"] = company_of_contact(found.company)
    call.settle()
    return Answer({"contact": contact}, items=1, keys=[] if found is None else [found.key])


def persons(call: Call[requests.LegacyContacts]) -> Answer:
    """POST /v2/person"""
    about = call.body.metadata
    check_reveal(call, about.reveal_emails, about.reveal_phones)
    people = [lookup.legacy_contact(call.backend, item, index) for index, item in enumerate(call.body.contacts)]
    contacts: dict[str, Json] = {}
    companies: dict[str, Json] = {}
    for item, found in zip(call.body.contacts, people, strict=True):
        contact = _contact(call, found, about.filter_by, about.reveal_emails, about.reveal_phones)
        contacts[item.contact_id] = contact
        if found is not None and contact.get("data"):
            companies[str(found.company.number)] = company_of_contact(found.company)
    call.settle()
    if call.settings.shuffle:
        contacts = _shuffled(call.backend, contacts)
    data = {"contacts": contacts} if call.settings.quirks else {"contacts": contacts, "companies": companies}
    keys = [one.key for one in people if one is not None]
    return Answer(data, items=len(people), keys=keys)


def company(call: Call[requests.LegacyCompanyQuery]) -> Answer:
    """GET /v2/company"""
    query = call.body
    if not (query.domain or query.company.strip() or query.company_id):
        raise bad_body("domain, company or companyId is required")
    found = lookup.company_by_any(call.backend, number=query.company_id, domain=query.domain, name=query.company)
    keys = [] if found is None else [found.key]
    if found is None or found.verdict != FOUND:
        return Answer({"errors": {"message": "No data for this company"}, "meta": {}}, items=1, keys=keys)
    call.bill.reveal("revealCompany", found.key)
    call.settle()
    return Answer({"data": _single_company(call.backend, found), "meta": {}}, items=1, keys=keys)


def companies(call: Call[requests.LegacyCompanies]) -> Answer:
    """POST /bulk/company/v2 (and POST /v2/company)"""
    asked = [lookup.legacy_company(call.backend, item, index) for index, item in enumerate(call.body.companies)]
    found: dict[str, Json] = {}
    for item, one in zip(call.body.companies, asked, strict=True):
        if one is None or one.verdict != FOUND:
            error = RESTRICTED_ERROR if one is not None and one.verdict == RESTRICTED else NO_DATA
            found[item.id] = {"error": error}
            continue
        call.bill.reveal("revealCompany", one.key)
        found[item.id] = bulk_company(call.backend, one)
    call.settle()
    if call.settings.shuffle:
        found = _shuffled(call.backend, found)
    return Answer(found, items=len(asked), keys=[one.key for one in asked if one is not None])


def usage(call: Call[None]) -> Answer:
    """GET /account/usage"""
    account = call.backend.account
    numbers = {"used": account.used, "total": account.total, "remaining": account.remaining}
    return Answer({"usage": {"bulkCredits": numbers}})


def check_reveal(call: Call[Any], *flags: bool | UnsetType) -> None:
    """The flags that choose data points belong to plans with unified credits; the legacy plan has none."""
    if call.settings.plan == "legacy" and any(flag is not UNSET for flag in flags):
        raise plain(403, "The plan does not support revealEmails and revealPhones")


def contact_data(backend: Backend, who: Person, *, emails: bool, phones: bool) -> Json:
    """A V2 contact, with the names of fields as the live API spells them."""
    quirks = backend.settings.quirks
    data: Json = {
        "personId": backend.people_numbers.note(who.number, who.identity),
        "companyId": backend.company_numbers.note(who.company.number, who.domain),
        "firstName": who.first,
        "lastName": who.last,
        "fullName": f"{who.first} {who.last}",
        "jobTitle": {
            "title": who.job.title,
            "departments": [who.job.department],
            "seniority": who.job.seniority.lower() if quirks else who.job.seniority,
        },
        "socialLinks": {"linkedin": who.linkedin},
        "contactTags": [],
        "location": place(who.place, quirks=quirks),
        "jobStartDate": f"20{14 + who.bits % 11}-03-01",
        "linkedinConnectionsCount": 50 + who.bits % 450,
    }
    former = profiles.previous_jobs(who)
    if former:
        employer = {**former[0]["company"], "isCurrent": False}
        data["previousJob"] = {"company": employer, "jobTitle": former[0]["jobTitle"]}
    if emails:
        found = profiles.emails(who)
        data["emails"] = [one["email"] for one in found]
        data["emailAddresses"] = [_email(one, quirks=quirks) for one in found]
    if phones:
        numbers = profiles.phones(who)
        data["phones"] = [one["number"] for one in numbers]
        data["phoneNumbers"] = [_phone(one, quirks=quirks) for one in numbers]
    if quirks:
        data["linkedinFollowersCount"] = None
    else:
        data["updateDate"] = "2026-09-01"
        data.pop("phones", None)
    return data


def place(where: Place, *, quirks: bool) -> Json:
    """A V2 location: snake_case in practice, camelCase in the documents."""
    raw = ", ".join(part for part in (where.city, where.state, where.iso2) if part)
    if quirks:
        return {
            "country": where.country,
            "country_iso2": where.iso2,
            "continent": where.continent,
            "is_eu_contact": where.eu,
            "state": where.state or None,
            "state_code": where.state_code or None,
            "city": where.city,
            "location_coordinates": [where.longitude, where.latitude],
        }
    return {**where.fields(), "rawLocation": raw, "isEuContact": where.eu}


def company_of_contact(one: Company) -> Json:
    """A company as V2 shows it beside a contact."""
    return {
        "name": one.name,
        "domains": {"homepage": one.domain, "email": one.domain},
        "homepageUrl": f"https://{one.domain}",
        "fqdn": f"www.{one.domain}",
        "companySize": [size for size in one.size if size is not None],
        "revenueRange": [limit for limit in one.revenue if limit is not None],
        "logoUrl": f"https://logo.example.com/{one.domain}.png",
        "social": {"linkedin": profiles.company_linkedin(one)},
        "industry": {"mainIndustry": one.industry.main, "subIndustry": one.industry.sub},
        "location": place(one.place, quirks=False),
    }


def bulk_company(backend: Backend, one: Company) -> Json:
    """A company as the V2 bulk lookup shows it."""
    where = one.place
    return {
        "id": backend.company_numbers.note(one.number, one.domain),
        "lushaCompanyId": str(one.key % 99_999_989),
        "name": one.name,
        "alternativeName": one.name.lower(),
        "description": f"{one.name} is an invented company.",
        "companySize": [size for size in one.size if size is not None],
        "employeesInLinkedin": one.head_count,
        "revenueRange": [limit for limit in one.revenue if limit is not None],
        "fqdn": f"www.{one.domain}",
        "emailDomain": one.domain,
        "founded": str(1950 + one.bits % 70),
        "logoUrl": f"https://logo.example.com/{one.domain}.png",
        "linkedin": profiles.company_linkedin(one),
        "mainIndustry": one.industry.main,
        "subIndustry": one.industry.sub,
        **where.fields(),
        "rawLocation": f"{where.city}, {where.iso2}",
        "specialities": [],
        "technologies": [{"name": name} for name in profiles.technologies(one)],
    }


def _contact(
    call: Call[Any],
    found: Person | None,
    filter_by: str | UnsetType,
    reveal_emails: bool | UnsetType,
    reveal_phones: bool | UnsetType,
) -> Json:
    if found is None or found.verdict != FOUND:
        restricted = found is not None and found.verdict == RESTRICTED
        return {"error": RESTRICTED_ERROR if restricted else NO_DATA, "isCreditCharged": False}
    if (filter_by == "phoneNumbers" and not found.has_phones) or (
        filter_by == "emailAddresses" and not found.has_emails
    ):
        return {"error": NO_DATA, "isCreditCharged": False}
    both = reveal_emails is UNSET and reveal_phones is UNSET
    emails, phones = both or reveal_emails is True, both or reveal_phones is True
    charged = call.bill.reveal("revealEmail", found.key) if emails and found.has_emails else 0
    charged += call.bill.reveal("revealPhone", found.key) if phones and found.has_phones else 0
    data = contact_data(call.backend, found, emails=emails, phones=phones)
    return {"error": None, "isCreditCharged": charged > 0, "data": data}


def _email(one: Json, *, quirks: bool) -> Json:
    shown = {"email": one["email"], "emailType": one["type"], "emailConfidence": one["confidence"]}
    if quirks:
        return shown
    return {name: value for name, value in shown.items() if value is not None}


def _phone(one: Json, *, quirks: bool) -> Json:
    kind = one["type"] if quirks else _PHONE_TYPES.get(one["type"], "Phone")
    shown = {"number": one["number"], "phoneType": kind, "doNotCall": one["doNotCall"]}
    return shown if quirks else {**shown, "updateDate": one["updateDate"]}


def _single_company(backend: Backend, one: Company) -> Json:
    low, high = one.size
    return {
        "id": backend.company_numbers.note(one.number, one.domain),
        "name": one.name,
        "description": f"{one.name} is an invented company.",
        "domain": one.domain,
        "fqdn": f"www.{one.domain}",
        "website": f"https://{one.domain}",
        "employees": f"{low} - {high}" if high else f"{low}+",
        "companySize": {
            **({"min": low} if high is None else {"min": low, "max": high}),
            "employeesInLinkedin": one.head_count,
        },
        "founded": str(1950 + one.bits % 70),
        "logoUrl": f"https://logo.example.com/{one.domain}.png",
        "revenueRange": [limit for limit in one.revenue if limit is not None],
        "mainIndustry": one.industry.main,
        "subIndustry": one.industry.sub,
        "social": {"linkedin": {"url": profiles.company_linkedin(one)}},
        "location": {**one.place.fields(), "rawLocation": f"{one.place.city}, {one.place.iso2}"},
        "categories": [one.industry.main],
        "specialities": [],
        "technologies": [{"name": name} for name in profiles.technologies(one)],
    }


def _shuffled(backend: Backend, mapping: dict[str, Json]) -> dict[str, Json]:
    items = list(mapping.items())
    backend.random.shuffle(items)
    return dict(items)


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="GET", path="/v2/person", handler=person, query=requests.LegacyPersonQuery, legacy=True),
    Operation(method="POST", path="/v2/person", handler=persons, body=requests.LegacyContacts, legacy=True),
    Operation(method="GET", path="/v2/company", handler=company, query=requests.LegacyCompanyQuery, legacy=True),
    Operation(method="POST", path="/v2/company", handler=companies, body=requests.LegacyCompanies, legacy=True),
    Operation(method="POST", path="/bulk/company/v2", handler=companies, body=requests.LegacyCompanies, legacy=True),
    Operation(method="GET", path="/account/usage", handler=usage, group="usage", legacy=True),
)
