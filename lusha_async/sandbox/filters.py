"""The values filters take, as both generations list them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from . import events
from .backend import Answer, Call, Json, Operation
from .identity import slug
from .refusals import bad_body
from .requests import Body
from .vocabulary import (
    DATA_POINTS,
    DEPARTMENTS,
    INDUSTRIES,
    INTENT_TOPICS,
    PLACES,
    REVENUES,
    SENIORITIES,
    SIZES,
    TECHNOLOGIES,
)
from .world import World

Values = Callable[[World, str], list[Any]]


class FilterQuery(Body):
    """Query of a list of filter values."""

    query: Annotated[str, Meta(min_length=2, max_length=256)] | UnsetType = UNSET


class TextSearch(Body):
    """Body of a V2 list of filter values."""

    text: str


def _bands(bands: tuple[tuple[int, int | None], ...]) -> list[Json]:
    return [{"min": low} if high is None else {"min": low, "max": high} for low, high in bands]


def _locations(_world: World, query: str) -> list[Json]:
    found: list[Json] = []
    for place in PLACES:
        fields = {"city": place.city, "state": place.state, "country": place.country, "continent": place.continent}
        if any(slug(query) in slug(value) for value in fields.values()):
            found.append({name: value for name, value in fields.items() if value})
    return found


def _company_locations(_world: World, query: str) -> list[Json]:
    found = {(place.country, place.continent) for place in PLACES if slug(query) in slug(place.country)}
    return [{"country": country, "continent": continent} for country, continent in sorted(found)]


def _names(world: World, query: str) -> list[Json]:
    wanted = slug(query)
    found = [company for company in world.companies if wanted in slug(company.name)]
    return [
        {
            "companyId": company.number,
            "name": company.name,
            "fqdn": f"www.{company.domain}",
            "logoUrl": f"https://logo.example.com/{company.domain}.png",
        }
        for company in found[:25]
    ]


def _technologies(_world: World, query: str) -> list[Json]:
    return [{"name": name} for name in TECHNOLOGIES if slug(query) in slug(name)]


def _industries(_world: World, _query: str) -> list[Json]:
    mains = {industry.id: industry.main for industry in INDUSTRIES}
    return [
        {
            "main_industry": name,
            "main_industry_id": number,
            "sub_industries": [{"value": one.sub, "id": one.sub_id} for one in INDUSTRIES if one.id == number],
        }
        for number, name in mains.items()
    ]


def _countries(_world: World, _query: str) -> list[Json]:
    return [{"name": name, "code": code} for name, code in sorted({(one.country, one.iso2) for one in PLACES})]


CONTACT_FILTERS: dict[str, tuple[bool, Values]] = {
    "departments": (False, lambda _w, _q: list(DEPARTMENTS)),
    "seniority": (False, lambda _w, _q: [{"id": number, "name": name.lower()} for name, number in SENIORITIES.items()]),
    "existingDataPoints": (False, lambda _w, _q: list(DATA_POINTS)),
    "countries": (False, _countries),
    "locations": (True, _locations),
}
"""Filter types of contact prospecting: whether they need a query, and their values."""

COMPANY_FILTERS: dict[str, tuple[bool, Values]] = {
    "names": (True, _names),
    "sizes": (False, lambda _w, _q: _bands(SIZES)),
    "revenues": (False, lambda _w, _q: _bands(REVENUES)),
    "locations": (True, _locations),
    "sics": (False, lambda _w, _q: [{"code": str(one.sic), "label": one.sic_text} for one in INDUSTRIES]),
    "naics": (
        False,
        lambda _w, _q: [{"code": str(one.naics), "label": one.naics_text} for one in INDUSTRIES],
    ),
    "industriesLabels": (False, _industries),
    "intentTopics": (False, lambda _w, _q: [topic for _, topic in INTENT_TOPICS]),
    "technologies": (True, _technologies),
}
"""Filter types of company prospecting."""

SIGNAL_FILTERS: dict[str, tuple[bool, Values]] = {
    "newsEventTypes": (False, lambda _w, _q: list(events.NEWS_EVENT_TYPES)),
    "hiringByDepartments": (False, lambda _w, _q: list(DEPARTMENTS)),
    "hiringByLocations": (True, _locations),
    "intentCategories": (False, lambda _w, _q: list(events.INTENT_CATEGORIES)),
}
"""Filter types of company signals."""


def types(known: dict[str, tuple[bool, Values]], call: Call[None]) -> Answer:
    """The filter types there are, and which need a query."""
    listed = [{"filterType": name, "requiresQuery": needed} for name, (needed, _) in known.items()]
    return Answer({"availableFilters": listed})


def values(known: dict[str, tuple[bool, Values]], call: Call[FilterQuery]) -> Answer:
    """The values of one filter type."""
    name, query = call.path["filterType"], call.body.query
    if name not in known:
        raise bad_body(f"filterType must be one of {', '.join(known)}")
    needed, listed = known[name]
    if needed and query is UNSET:
        raise bad_body("query should not be empty")
    if name == "intentCategories" and query is not UNSET:
        raise bad_body("property query should not exist")
    return Answer({"values": listed(call.world, "" if query is UNSET else query)})


def legacy_values(listed: Values, call: Call[TextSearch | None]) -> Answer:
    """A V2 list of values: bare, without an envelope."""
    return Answer(listed(call.world, "" if call.body is None else call.body.text))


def _legacy(method: str, path: str, listed: Values) -> Operation:
    return Operation(
        method=method,
        path=f"/prospecting/filters/{path}",
        handler=partial(legacy_values, listed),
        body=TextSearch if method == "POST" else None,
        legacy=True,
    )


def _current(path: str, known: dict[str, tuple[bool, Values]]) -> list[Operation]:
    return [
        Operation(method="GET", path=path, handler=partial(types, known)),
        Operation(method="GET", path=path + "/{filterType}", handler=partial(values, known), query=FilterQuery),
    ]


OPERATIONS: tuple[Operation, ...] = (
    *_current("/v3/contacts/prospecting/filters", CONTACT_FILTERS),
    *_current("/v3/companies/prospecting/filters", COMPANY_FILTERS),
    *_current("/v3/companies/signals/filters", SIGNAL_FILTERS),
    _legacy("GET", "contacts/departments", CONTACT_FILTERS["departments"][1]),
    _legacy("GET", "contacts/seniority", CONTACT_FILTERS["seniority"][1]),
    _legacy("GET", "contacts/existing_data_points", CONTACT_FILTERS["existingDataPoints"][1]),
    _legacy("GET", "contacts/all_countries", _countries),
    _legacy("POST", "contacts/locations", _locations),
    _legacy("POST", "companies/names", _names),
    _legacy("GET", "companies/industries_labels", _industries),
    _legacy("GET", "companies/sizes", COMPANY_FILTERS["sizes"][1]),
    _legacy("GET", "companies/revenues", COMPANY_FILTERS["revenues"][1]),
    _legacy("POST", "companies/locations", _company_locations),
    _legacy("GET", "companies/sics", COMPANY_FILTERS["sics"][1]),
    _legacy("GET", "companies/naics", COMPANY_FILTERS["naics"][1]),
    _legacy("GET", "companies/intent_topics", COMPANY_FILTERS["intentTopics"][1]),
    _legacy("POST", "companies/technologies", _technologies),
)
