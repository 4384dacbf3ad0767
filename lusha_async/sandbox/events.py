"""What happens in the world: the signals of a person or company, each a pure function of who it is."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from . import profiles
from .criteria import CompanySignal
from .vocabulary import DEPARTMENTS
from .world import Company, Person

Json = dict[str, Any]

CONTACT_SIGNALS: tuple[str, ...] = ("promotion", "companyChange")
COMPANY_SIGNALS: tuple[str, ...] = tuple(name for name in get_args(CompanySignal) if name != "allSignals")
LEGACY_COMPANY_SIGNALS: tuple[str, ...] = tuple(name for name in COMPANY_SIGNALS if name != "linkedinActivityIntent")

NEWS: dict[str, tuple[str, ...]] = {
    "riskNews": ("Lawsuit Faced", "Lawsuit Filed", "Security Issue"),
    "commercialActivityNews": ("New Customer", "New Vendor", "Partnership"),
    "corporateStrategyNews": ("Asset Investment", "Asset Sale", "Facilities Expansion", "Facility Closure", "M&A",
                              "New Location", "Strategic Investment"),
    "financialEventsNews": ("Funding Round", "IPO"),
    "peopleNews": ("Executive Departure", "Executive Hire", "Executive Promotion", "Headcount Decrease",
                   "Headcount Increase"),
    "marketIntelligenceNews": ("Competitor Activity", "Event Participation", "Recognition"),
    "productActivityNews": ("Product Development", "Product Integration", "Product Launch"),
}  # fmt: skip
"""News signals and the event types under each."""

NEWS_EVENT_TYPES: tuple[str, ...] = tuple(sorted(event for group in NEWS.values() for event in group))
INTENT_CATEGORIES: tuple[str, ...] = ("Buying Intent", "Company Growth", "Hiring", "Pain Points")

HISTORY_DAYS = 170
"""How far back events reach; within the six months that count when no start date is given."""


def today(wall: float) -> date:
    """The date on the sandbox's clock (UTC)."""
    return datetime.fromtimestamp(wall, UTC).date()


def default_start(wall: float) -> date:
    """Where a search without start date begins."""
    return today(wall) - timedelta(days=182)


def contact_types(person: Person, wanted: Iterable[str] = ("allSignals",)) -> list[str]:
    """Which of the wanted signals a person has."""
    return _chosen(CONTACT_SIGNALS, wanted, lambda name: _roll(person.key, name) % 4 == 0)


def company_types(company: Company, wanted: Iterable[str] = ("allSignals",)) -> list[str]:
    """Which of the wanted signals a company has."""
    return _chosen(COMPANY_SIGNALS, wanted, lambda name: _roll(company.key, name) % 6 == 0)


def contact_events(person: Person, wanted: Iterable[str], since: date, wall: float, most: int) -> dict[str, list[Json]]:
    """The wanted signals of a person since a day, newest first, at most `most` of each."""
    return {
        name: [contact_event(person, name, day) for day in days]
        for name in contact_types(person, wanted)
        if (days := _days(person.key, name, since, wall)[:most])
    }


def company_events(
    company: Company,
    wanted: Iterable[str],
    since: date,
    wall: float,
    most: int,
    keep: Callable[[Json], bool] | None = None,
) -> dict[str, list[Json]]:
    """The wanted signals of a company since a day, newest first; `keep` filters single events."""
    found: dict[str, list[Json]] = {}
    for name in company_types(company, wanted):
        shown = [company_event(company, name, day) for day in _days(company.key, name, since, wall)]
        kept = [one for one in shown if keep is None or keep(one)][:most]
        if kept:
            found[name] = kept
    return found


def contact_event(person: Person, name: str, day: date) -> Json:
    """One signal of a person in full."""
    former = profiles.previous_jobs(person)
    company = person.company
    previous = former[0]["company"] if former else {"name": company.name, "domain": company.domain}
    if name == "promotion":
        previous = {"name": company.name, "domain": company.domain}
    return {
        "personId": str(person.number),
        "currentCompanyId": company.number,
        "currentCompanyName": company.name,
        "currentDomain": company.domain,
        "currentDepartments": person.job.department,
        "currentSeniorityLabel": person.job.seniority.lower(),
        "currentTitle": person.job.title,
        "previousCompanyName": previous["name"],
        "previousDomain": previous["domain"],
        "signalDate": day.isoformat(),
    }


def company_event(company: Company, name: str, day: date) -> Json:
    """One signal of a company in full; its fields depend on the family of the signal."""
    roll = _roll(company.key, f"{name}{day.toordinal()}")
    base: Json = {"companyId": str(company.number), "companyName": company.name, "domain": company.domain}
    if name == "linkedinActivityIntent":
        return _intent_event(company, day, roll)
    base["signalId"] = str(1_000_000 + roll % 8_999_999)
    if name in NEWS:
        kind = NEWS[name][roll % len(NEWS[name])]
        return {
            **base,
            "eventType": kind,
            "eventSummary": f"{company.name}: {kind.lower()}.",
            "articlePublishedDate": day.isoformat(),
            "articleTitle": f"{company.name} in the news",
            "articleHighlight": f"An invented article about {company.name}.",
            "eventEffectiveDate": (day - timedelta(days=5)).isoformat(),
            "articleUrl": f"https://news.example.com/{roll % 100_000}",
        }
    change = 10 + roll % 90
    base |= {"signalDate": day.isoformat(), "changeRatePercent": -change if "Decrease" in name else change}
    return base | _figures(company, name, roll)


def _figures(company: Company, name: str, roll: int) -> Json:
    average = 20 + roll % 400
    if name.startswith("headcount"):
        return {"baselineEmployeesCount": company.head_count, "newEmployeesCount": company.head_count + roll % 50}
    if name.startswith("itSpend"):
        return {"estimatedAnnualItSpend": average * 10_000}
    if name.startswith("websiteTraffic"):
        return {"historicalAvg": average * 100, "lastMonthVisits": average * 110}
    if name == "surgeInHiring":
        return {"newJobsPostedLastWeek": average // 4, "historicalAvg": average // 9}
    surge: Json = {"newJobsPostedLast4Weeks": average // 3, "historicalAvg": average // 9}
    if name == "surgeInHiringByDepartment":
        return {**surge, "department": DEPARTMENTS[roll % len(DEPARTMENTS)]}
    return {**surge, "country": company.place.country, "state": company.place.state}


def _intent_event(company: Company, day: date, roll: int) -> Json:
    author = company.world.person(company.world.staff(company.domain)[0])
    return {
        "companyId": company.number,
        "activityPublicationDate": day.isoformat(),
        "signalCategory": INTENT_CATEGORIES[roll % len(INTENT_CATEGORIES)],
        "intentTopics": [{"topic": "Data Enrichment", "category": "Technology"}],
        "author": {"id": author.id, "fullName": f"{author.first} {author.last}", "linkedinUrl": author.linkedin},
        "contactsMentioned": [],
        "companiesMentioned": [{"id": None, "name": company.name, "linkedinUrl": profiles.company_linkedin(company)}],
        "activityUrl": f"https://posts.example.com/{roll % 100_000}",
        "activitySummary": None,
        "activityLikes": roll % 90,
        "activityComments": roll % 9,
        "activityShares": 0,
        "activityType": "post",
    }


def _chosen(known: tuple[str, ...], wanted: Iterable[str], has: Callable[[str], bool]) -> list[str]:
    wanted = set(wanted)
    return [name for name in known if (not wanted or "allSignals" in wanted or name in wanted) and has(name)]


def _days(key: int, name: str, since: date, wall: float) -> list[date]:
    roll = _roll(key, name)
    ages = sorted({(roll // 7 + turn * 53) % HISTORY_DAYS for turn in range(1 + roll // 11 % 3)})
    days = [today(wall) - timedelta(days=1 + age) for age in ages]
    return [day for day in days if day >= since]


def _roll(key: int, name: str) -> int:
    return key // 64 ^ zlib.crc32(name.encode()) * 2_654_435_761
