# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""Buying groups inside companies, and companies that visited tracked websites."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from . import lookup, profiles
from .backend import Answer, Call, Json, Operation
from .refusals import bad_body
from .requests import Body, CompanyItem, Day, Text
from .vocabulary import SENIORITIES
from .world import FOUND, RESTRICTED, Company, Person

LONGEST_VISIT_RANGE = timedelta(days=93)

Persona = Literal["decision_maker", "potential_champion", "end_user"]
Count = Annotated[int, Meta(ge=0)]


class GroupCompany(Body):
    """A company whose buying group is wanted."""

    client_reference_id: Text | UnsetType = UNSET
    domain: Text = ""
    id: Text = ""


class GroupPage(Body):
    """Which contacts of all groups together."""

    page: Count = 0
    size: Annotated[int, Meta(ge=10, le=100)] = 100


class BuyingGroup(Body):
    """Body of buying group."""

    companies: Annotated[list[GroupCompany], Meta(min_length=1, max_length=25)]
    personas: list[Persona] = []
    contacts_limit: Annotated[int, Meta(ge=1)] = 60
    pagination: GroupPage = msgspec.field(default_factory=GroupPage)


class Amount(Body):
    """A band of numbers."""

    min: Annotated[float, Meta(ge=0)] | UnsetType = UNSET
    max: Annotated[float, Meta(ge=0)] | UnsetType = UNSET


class Countries(Body):
    """Countries of visitors."""

    include: list[Text] = []
    exclude: list[Text] = []


class VisitFilters(Body):
    """Which visits count."""

    score_bands: list[Literal["cold", "warm", "hot"]] = []
    visitor_countries: Countries = msgspec.field(default_factory=Countries)
    score: Amount | UnsetType = UNSET
    total_sessions: Amount | UnsetType = UNSET
    avg_session_minutes: Amount | UnsetType = UNSET
    unique_visitors: Amount | UnsetType = UNSET
    days_visited: Amount | UnsetType = UNSET
    high_intent_pageviews: Amount | UnsetType = UNSET
    days_since_last_visit: Amount | UnsetType = UNSET


class VisitPage(Body):
    """Which page, how large."""

    page: Count
    size: Annotated[int, Meta(ge=1, le=150)]


class VisitSort(Body):
    """By which number visits are sorted."""

    by: Text = "score"
    order: Literal["asc", "desc"] = "desc"


class WebsiteVisits(Body):
    """Body of website visits."""

    domains: Annotated[list[Text], Meta(min_length=1)]
    start_date: Day
    end_date: Day
    pagination: VisitPage
    sort: VisitSort = msgspec.field(default_factory=VisitSort)
    filters: VisitFilters = msgspec.field(default_factory=VisitFilters)


def buying_group(call: Call[BuyingGroup]) -> Answer:
    """POST /v3/contacts/buying-group: pages run over the contacts of all companies together"""
    body = call.body
    asked = [_asked(call, item, index) for index, item in enumerate(body.companies)]
    groups = [_group(company, body) if _known(company) else [] for company in asked]
    first = body.pagination.page * body.pagination.size
    last, seen, shown = first + body.pagination.size, 0, 0
    results: list[Json] = []
    for item, company, group in zip(body.companies, asked, groups, strict=True):
        part = group[max(first - seen, 0) : max(last - seen, 0)]
        seen += len(group)
        shown += len(part)
        if company is None or not _known(company):
            result = _unknown(company) if body.pagination.page == 0 else None
        else:
            contacts = [_member(call, person, role) for person, role in part]
            result = {"companyId": company.id, "contacts": contacts} if part or not group else None
        if result is not None:
            if item.client_reference_id is not UNSET:
                result = {"clientReferenceId": item.client_reference_id, **result}
            results.append(result)
    if call.settings.shuffle:
        call.backend.random.shuffle(results)
    call.bill.per_results("buyingGroup", shown)
    pagination = {"page": body.pagination.page, "size": shown, "total": seen}
    data = {"requestId": call.backend.request_id(), "results": results, "pagination": pagination}
    data["billing"] = call.billing(shown)
    return Answer(data, items=len(asked), keys=[company.key for company in asked if company is not None])


def website_visits(call: Call[WebsiteVisits]) -> Answer:
    """POST /v3/companies/website-visits: every domain counts as tracked, unless "untracked" stands in it"""
    body = call.body
    end = _check_range(body)
    if any("untracked" in domain for domain in body.domains):
        raise bad_body("a domain is not configured for tracking")
    salt = sum(map(len, body.domains))
    visits = [_visit(company, end, salt) for company in call.world.companies if (company.key + salt) % 4 == 0]
    visits = [(company, one) for company, one in visits if _visited(one, body.filters)]
    field = body.sort.by if visits and body.sort.by in visits[0][1] else "score"
    visits.sort(key=lambda pair: (str(pair[1][field]) if field == "scoreBand" else pair[1][field], pair[0].domain))
    if body.sort.order == "desc":
        visits.reverse()
    page, size = body.pagination.page, body.pagination.size
    shown = visits[page * size : (page + 1) * size]
    results = [{**profiles.company_preview(company, call.backend.account), **one} for company, one in shown]
    data = {
        "requestId": call.backend.request_id(),
        "results": results,
        "pagination": {"size": len(shown) if call.settings.quirks else size, "page": page, "total": len(visits)},
        "billing": call.billing(len(results)),
    }
    return Answer(data, items=len(results))


def _asked(call: Call[Any], item: GroupCompany, index: int) -> Company | None:
    return lookup.company(call.world, CompanyItem(id=item.id, domain=item.domain), index)


def _known(company: Company | None) -> bool:
    return company is not None and company.verdict == FOUND


def _unknown(company: Company | None) -> Json:
    restricted = company is not None and company.verdict == RESTRICTED
    return {"error": {"code": "COMPLIANCE_RESTRICTED" if restricted else "NOT_FOUND", "message": "No such company"}}


def _group(company: Company | None, body: BuyingGroup) -> list[tuple[Person, str]]:
    if company is None:
        return []
    people = (company.world.person(who) for who in company.world.staff(company.domain, 20 + company.key % 60))
    members = [(person, role(person)) for person in people if person.verdict == FOUND]
    wanted = [member for member in members if not body.personas or member[1] in body.personas]
    return wanted[: body.contacts_limit]


def role(person: Person) -> str:
    """What somebody is in a purchase, by seniority."""
    rank = SENIORITIES[person.job.seniority]
    if rank >= SENIORITIES["Director"]:
        return "decision_maker"
    return "potential_champion" if rank >= SENIORITIES["Senior"] else "end_user"


def _member(call: Call[Any], person: Person, persona: str) -> Json:
    score = person.key % 10_000 / 10_000
    return {**profiles.contact_preview(person, call.backend.account), "roles": [persona], "score": score}


def _check_range(body: WebsiteVisits) -> date:
    try:
        first, last = date.fromisoformat(body.start_date), date.fromisoformat(body.end_date)
    except ValueError:
        raise bad_body("startDate and endDate must be valid dates") from None
    if last < first or last - first > LONGEST_VISIT_RANGE:
        raise bad_body("the date range must be at most three months, from startDate to endDate")
    return last


def _visit(company: Company, end: date, salt: int) -> tuple[Company, Json]:
    roll = company.key // 8 + salt
    score = roll % 101
    since = min(roll // 7 % 30, (end - date.min).days)
    return company, {
        "score": score,
        "scoreBand": "hot" if score >= 70 else "warm" if score >= 40 else "cold",
        "totalSessions": 1 + roll // 3 % 40,
        "uniqueVisitors": 1 + roll // 5 % 12,
        "avgSessionMinutes": round(0.5 + roll % 95 / 10, 1),
        "daysVisited": 1 + roll // 11 % 20,
        "highIntentPageviews": roll // 13 % 15,
        "daysSinceLastVisit": since,
        "lastVisit": (end - timedelta(days=since)).isoformat(),
        "visitorCountry": company.place.iso2,
    }


def _visited(one: Json, filters: VisitFilters) -> bool:
    countries = filters.visitor_countries
    if filters.score_bands and one["scoreBand"] not in filters.score_bands:
        return False
    if countries.include and one["visitorCountry"] not in countries.include:
        return False
    if one["visitorCountry"] in countries.exclude:
        return False
    ranges = {
        "score": filters.score,
        "totalSessions": filters.total_sessions,
        "avgSessionMinutes": filters.avg_session_minutes,
        "uniqueVisitors": filters.unique_visitors,
        "daysVisited": filters.days_visited,
        "highIntentPageviews": filters.high_intent_pageviews,
        "daysSinceLastVisit": filters.days_since_last_visit,
    }
    return all(_in(one[name], amount) for name, amount in ranges.items())


def _in(value: float, amount: Amount | UnsetType) -> bool:
    if amount is UNSET:
        return True
    return (amount.min is UNSET or value >= amount.min) and (amount.max is UNSET or value <= amount.max)


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="POST", path="/v3/contacts/buying-group", handler=buying_group, body=BuyingGroup),
    Operation(method="POST", path="/v3/companies/website-visits", handler=website_visits, body=WebsiteVisits),
)
