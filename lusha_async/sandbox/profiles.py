"""How the current API (V3) shows a person or a company."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from .account import Account
from .vocabulary import INTENT_TOPICS, JOBS, KEYWORDS, PLACES, TECHNOLOGIES
from .world import Company, Person, World

Json = dict[str, Any]

COMPANY_REVEALS: tuple[str, ...] = (
    "employeesByDepartment",
    "employeesByLocation",
    "employeesBySeniority",
    "competitors",
    "intent",
    "estimatedAnnualItSpend",
    "monthlyWebsiteTraffic",
    "openJobsTotal",
    "openJobsByDepartment",
    "openJobsByLocation",
    "openJobsBySeniority",
    "directParent",
    "ultimateParent",
)
"""Fields of a company that are sent only when named."""

_DATES = tuple((date(2026, 1, 5) + timedelta(days=day)).isoformat() for day in range(300))
_CONFIDENCE = (None, None, None, None, "A+", None, None, "A", None, None)
_PHONE_TYPES = ("mobile", "direct", "work", "mobile", "phone")


def _raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


def _job(index: int) -> Json:
    job = JOBS[index]
    return {"title": job.title, "departments": [job.department], "seniority": job.seniority}


def _person_place(index: int) -> Json:
    place = PLACES[index]
    return {
        **place.fields(),
        "coordinates": [place.longitude, place.latitude],
        "isEuContact": place.eu,
    }


_JOBS = tuple(_raw(_job(index)) for index in range(len(JOBS)))
_DATED_JOBS = tuple(
    _raw({**_job(index), "startDate": f"20{14 + index % 11}-0{1 + index % 9}-01"}) for index in range(len(JOBS))
)
_BRIEF_PLACES = tuple(
    _raw({name: value for name, value in place.fields().items() if name in {"city", "state", "country"}})
    for place in PLACES
)
_PLACES = tuple(_raw(_person_place(index)) for index in range(len(PLACES)))
_COUNTRIES_ONLY = tuple(_raw({"country": place.country}) for place in PLACES)


def previous_jobs(person: Person) -> list[Json]:
    """Former employment: for most people one post, for some none."""
    if person.bits % 4 == 0:
        return []
    former = person.world.company(person.world.domain_of(person.bits // 7))
    return [{"company": {"name": former.name, "domain": former.domain}, "jobTitle": _job(person.bits % len(JOBS))}]


def emails(person: Person) -> list[Json]:
    """What revealing e-mails gives."""
    if not person.has_emails:
        return []
    bits = person.bits
    found: list[Json] = [
        {
            "email": person.email,
            "type": "work",
            "confidence": _CONFIDENCE[bits % len(_CONFIDENCE)],
            "updateDate": _DATES[bits % len(_DATES)],
        }
    ]
    if bits % 3 == 0:
        local = person.identity.removeprefix("in:").partition("@")[0]
        found.append({"email": f"{local}@mail.example.org", "type": "private", "confidence": None})
    return found


def phones(person: Person) -> list[Json]:
    """What revealing phones gives. All numbers are from the range kept for fiction."""
    if not person.has_phones:
        return []
    bits = person.bits // 97
    return [
        {
            "number": f"+{person.place.area_code}55501{(bits + turn * 37) % 100:02d}",
            "type": _PHONE_TYPES[(bits + turn) % len(_PHONE_TYPES)],
            "doNotCall": bits % 9 == 0,
            "updateDate": _DATES[(bits + turn) % len(_DATES)],
        }
        for turn in range(1 + bits % 2)
    ]


def company_reference(person: Person) -> Json:
    """The employer as contacts show it; without an id when the company itself is not in the data."""
    company = person.company
    reference = {"name": company.name, "domain": f"www.{company.domain}", "industry": company.industry.main}
    return {"id": company.id, **reference} if company.verdict == "found" else reference


def contact_has(person: Person) -> list[str]:
    """Names of the data points a person has."""
    names = ["firstName", "lastName", "jobTitle", "location", "socialLinks"]
    return names + ["emails"] * person.has_emails + ["phones"] * person.has_phones


def contact_can_reveal(person: Person, account: Account) -> list[Json]:
    """What enrichment would unlock, at what price; 0 for what this account has."""
    offers: list[Json] = []
    for field, action, there in (
        ("emails", "revealEmail", person.has_emails),
        ("phones", "revealPhone", person.has_phones),
    ):
        if there:
            price = 0 if account.has(action, person.key) else account.price(action)[0]
            offers.append({"field": field, "credits": price})
    return offers


def contact_preview(person: Person, account: Account) -> Json:
    """A search result: no personal data points, but what there is to reveal."""
    preview: Json = {
        "id": person.id,
        "firstName": person.first,
        "lastName": person.last,
        "jobTitle": _JOBS[person.job_index],
        "company": company_reference(person),
        "socialLinks": {"linkedin": person.linkedin},
        "has": contact_has(person),
        "canReveal": contact_can_reveal(person, account),
    }
    if person.bits % 10 != 3:
        preview["location"] = _BRIEF_PLACES[person.place_index]
    return preview


def contact_profile(person: Person, *, quirks: bool) -> Json:
    """An enriched contact without its e-mails and phones."""
    bits = person.bits
    profile: Json = {
        "id": person.id,
        "firstName": person.first,
        "lastName": person.last,
        "fullName": f"{person.first} {person.last}",
        "jobTitle": _DATED_JOBS[person.job_index] if quirks else _JOBS[person.job_index],
        "tags": [],
        "company": company_reference(person),
        "socialLinks": {"linkedin": person.linkedin},
        "previousEmployment": previous_jobs(person),
        "updateDate": _DATES[bits % len(_DATES)],
    }
    if bits % 10 != 3:
        profile["location"] = (_COUNTRIES_ONLY if bits % 10 == 4 else _PLACES)[person.place_index]
    if quirks:
        profile["partialProfile"] = False
        profile["linkedinConnections"] = 50 + bits % 450
        if bits % 2:
            profile["linkedinFollowers"] = 80 + bits % 9_000
    return profile


def employee_count(company: Company) -> Json:
    """Head count; any of its three numbers may be missing."""
    low, high = company.size
    count = {"exact": company.head_count, "min": low, "max": high}
    if company.bits % 11 == 0:
        del count["exact"]
    return {name: value for name, value in count.items() if value is not None}


def company_has(company: Company) -> list[str]:
    """Names of the data points a company has."""
    always = ["alternativeName", "companyType", "yearFounded", "subIndustry", "sicCodes", "naicsCodes", "logoUrl"]
    always += ["socialLinks", "technologies", "revenueRange", "employeesByDepartment", "employeesByLocation"]
    always += ["employeesBySeniority", "competitors", "openJobsTotal"]
    sometimes = ["funding"] * (company.bits % 3 == 0) + ["intent"] * (company.bits % 2 == 0)
    return always + sometimes + ["directParent", "ultimateParent"] * has_parent(company)


def has_parent(company: Company) -> bool:
    """One company in four belongs to another."""
    return company.bits % 4 == 1


def company_preview(company: Company, account: Account) -> Json:
    """A search result."""
    has = company_has(company)
    price = account.price("revealCompany")[0]
    return {
        "id": company.id,
        "name": company.name,
        "domain": f"www.{company.domain}",
        "employeeCount": employee_count(company),
        "industry": company.industry.main,
        "location": company.place.fields(),
        "socialLinks": {"linkedin": company_linkedin(company)},
        "has": has,
        "canReveal": [
            {"field": field, "credits": 0 if field == "intent" else price} for field in COMPANY_REVEALS if field in has
        ],
    }


def company_linkedin(company: Company) -> str:
    """The company's page."""
    return f"https://www.linkedin.com/company/{company.domain.partition('.')[0]}"


def company_profile(company: Company, *, quirks: bool) -> Json:
    """An enriched company without the fields that must be named."""
    dice = company.dice()
    low, high = company.revenue
    profile: Json = {
        "id": company.id,
        "name": company.name,
        "alternativeName": company.name.lower(),
        "domain": f"www.{company.domain}",
        "alternativeDomains": [company.domain],
        "description": f"{company.name} is an invented company that works in {company.industry.sub.lower()}.",
        "companyType": dice.choice(("Private Company", "Public Company", "Non Profit")),
        "yearFounded": dice.between(1950, 2024),
        "employeeCount": employee_count(company),
        "industry": company.industry.main,
        "subIndustry": company.industry.sub,
        "specialities": dice.some(KEYWORDS, 3),
        "sicCodes": [{"code": company.industry.sic, "description": company.industry.sic_text}],
        "naicsCodes": [{"code": company.industry.naics, "description": company.industry.naics_text}],
        "emailDomain": company.domain,
        "location": {**company.place.fields(), "zipCode": f"{dice.between(1_000, 99_999):05d}"},
        "additionalLocations": [place.fields() for place in dice.some(PLACES, dice.between(0, 3))],
        "socialLinks": {"linkedin": company_linkedin(company)},
        "linkedinFollowers": dice.between(100, 900_000),
        "revenueRange": {"min": low} if high is None else {"min": low, "max": high},
        "technologies": technologies(company),
        "popularityTier": dice.between(1, 5),
        "logoUrl": f"https://logo.example.com/{company.domain}.png",
        "businessModel": ["B2B"],
        "keywords": dice.some(KEYWORDS, 4),
    }
    if company.bits % 3 == 0:
        profile["funding"] = funding(company)
    email, phone = f"info@{company.domain}", f"+{company.place.area_code}5550199"
    if quirks:
        profile["emails"] = [{"email": email}]
        profile["phones"] = [{"number": phone}]
        profile["homepageUrl"] = f"https://www.{company.domain}"
        profile["additionalDescriptions"] = []
        profile["socialLinks"]["crunchbase"] = [f"https://crunchbase.example.com/{company.domain}"]
    else:
        profile["email"] = email
        profile["phone"] = phone
    return profile


def funding(company: Company) -> Json:
    """Funding rounds, with dates as the live API writes them."""
    dice = company.dice()
    rounds = [
        {"currency": "USD", "roundAmount": dice.between(1, 90) * 1_000_000, "roundType": kind, "roundDate": day}
        for kind, day in (("Series B", "Nov 10, 2023"), ("Series A", "Feb 3, 2021"))[: 1 + company.bits % 2]
    ]
    return {
        "rounds": rounds,
        "totalRounds": len(rounds),
        "totalRoundsAmount": sum(int(str(one["roundAmount"])) for one in rounds),
        "currency": "USD",
        "isIpo": False,
        "lastRoundType": rounds[0]["roundType"],
        "lastRoundAmount": rounds[0]["roundAmount"],
        "lastRoundDate": rounds[0]["roundDate"],
    }


def intent(company: Company) -> Json:
    """Topics the company is said to read about."""
    topics = company.dice().some(INTENT_TOPICS, 1 + company.bits % 2)
    detected = [
        {"topicName": topic, "metadata": {"topicScore": 60 + company.bits % 40, "topicTrend": f"+{company.bits % 30}"}}
        for _, topic in topics
    ]
    return {"detectedTopics": detected, "topicCount": len(detected)}


def parent(company: Company) -> Json | None:
    """The owner, or None for an independent company."""
    if not has_parent(company):
        return None
    owner = _another(company, 1)
    return {
        "lushaCompanyId": owner.id,
        "name": owner.name,
        "domain": owner.domain,
        "hqCountry": owner.place.country,
    }


def revealed_field(company: Company, field: str) -> Any:
    """One of the fields that are sent only when named."""
    dice = company.dice()
    count = company.head_count
    if field.endswith("ByDepartment"):
        return [
            {"department": name, "count": 1 + count * share // 20} for name, share in (("Sales", 5), ("Product", 3))
        ]
    if field.endswith("ByLocation"):
        place = company.place
        return [{"country": place.country, "state": place.state or None, "count": count}]
    if field.endswith("BySeniority"):
        return [
            {"seniority": name, "count": 1 + count * share // 20} for name, share in (("Manager", 4), ("Senior", 7))
        ]
    if field == "competitors":
        rivals = [_another(company, turn) for turn in (2, 3)]
        return [{"id": rival.id, "name": rival.name, "domain": rival.domain} for rival in rivals]
    if field == "intent":
        return intent(company) if company.bits % 2 == 0 else None
    if field == "estimatedAnnualItSpend":
        value = dice.between(10, 9_000) * 1_000
        return {"value": value, "currency": "USD", "valueUsd": value}
    if field == "monthlyWebsiteTraffic":
        return {"visits": dice.between(900, 90_000), "momChangePercent": dice.between(-30, 60), "month": "2026-09"}
    if field == "openJobsTotal":
        return count // 50
    return parent(company)


def _another(company: Company, turn: int) -> Company:
    world: World = company.world
    return world.company(world.domain_of(company.bits // 5 + turn * 7 + 1))


def technologies(company: Company) -> list[str]:
    """Software the company is known to use."""
    return company.dice().some(TECHNOLOGIES, 4)
