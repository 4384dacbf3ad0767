# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""The filters of V2 prospecting, and their translation into those of the current generation."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from . import criteria, events
from .refusals import bad_body
from .requests import Body, Day, Text
from .vocabulary import DATA_POINTS

Texts = list[Text]
Numbers = list[Annotated[float, Meta(ge=0)] | Text]


class Mixed(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A body whose keys follow no one convention; each is named where it differs."""


class OldLocation(Mixed):
    """A place as V2 writes it."""

    continent: Text = ""
    country: Text = ""
    city: Text = ""
    state: Text = ""
    country_grouping: Text = ""


class OldRange(Mixed):
    """A band of numbers."""

    min: Annotated[float, Meta(ge=0)] | UnsetType = UNSET
    max: float | UnsetType = UNSET


class OldSignal(Body):
    """Only those with such signals."""

    names: Texts = []
    start_date: Day | UnsetType = UNSET


class OldTechnology(Mixed):
    """A technology by name."""

    name: Text


class OldContactCriteria(Mixed):
    """What a contact must be like."""

    departments: Texts | UnsetType = UNSET
    seniority: list[int] | UnsetType = UNSET
    existing_data_points: Texts | UnsetType = UNSET
    locations: list[OldLocation] | UnsetType = UNSET
    job_titles: Texts | UnsetType = msgspec.field(name="jobTitles", default=UNSET)
    linkedin_urls: Texts | UnsetType = msgspec.field(name="linkedinUrls", default=UNSET)
    search_text: Text | UnsetType = msgspec.field(name="searchText", default=UNSET)
    signal: OldSignal | UnsetType = UNSET
    signals: OldSignal | UnsetType = UNSET


class OldCompanyCriteria(Body):
    """What a company must be like; `sics` and `naics` are what Lusha's MCP server sends."""

    names: Texts | UnsetType = UNSET
    domains: Texts | UnsetType = UNSET
    locations: list[OldLocation] | UnsetType = UNSET
    technologies: list[OldTechnology | Text] | UnsetType = UNSET
    intent_topics: Texts | UnsetType = UNSET
    sizes: list[OldRange] | UnsetType = UNSET
    revenues: list[OldRange] | UnsetType = UNSET
    sic_codes: Texts | UnsetType = UNSET
    naics_codes: Texts | UnsetType = UNSET
    sics: Texts | UnsetType = UNSET
    naics: Texts | UnsetType = UNSET
    main_industries_ids: Numbers | UnsetType = UNSET
    sub_industries_ids: Numbers | UnsetType = UNSET
    search_text: Text | UnsetType = UNSET
    exclude_partial_companies: bool = False
    company_locations: list[OldLocation] | UnsetType = UNSET
    employees_in_linked_in: OldRange | UnsetType = UNSET
    signal: OldSignal | UnsetType = UNSET
    signals: OldSignal | UnsetType = UNSET


class OldContactSides(Mixed):
    """Contacts: what must hold, and what must not."""

    include: OldContactCriteria | UnsetType = UNSET
    exclude: OldContactCriteria | UnsetType = UNSET


class OldCompanySides(Mixed):
    """Companies: what must hold, and what must not."""

    include: OldCompanyCriteria | UnsetType = UNSET
    exclude: OldCompanyCriteria | UnsetType = UNSET


class OldFilters(Mixed):
    """Filters of V2 prospecting."""

    contacts: OldContactSides = msgspec.field(default_factory=OldContactSides)
    companies: OldCompanySides = msgspec.field(default_factory=OldCompanySides)


class Pages(Mixed):
    """Which page, how large."""

    page: Annotated[float, Meta(ge=0, le=1_000)] = 0
    size: Annotated[float, Meta(ge=10, le=50)] = 20


class Offset(Mixed):
    """The other spelling of a page, from Lusha's MCP server."""

    index: Annotated[float, Meta(ge=0)] = 0
    size: Annotated[float, Meta(ge=10, le=50)] = 20


class ContactSearch(Body):
    """Body of V2 contact prospecting."""

    filters: OldFilters
    pages: Pages = msgspec.field(default_factory=Pages)
    offset: Offset | UnsetType = UNSET
    include_partial_contact: bool = True
    exclude_dnc: bool = False


class CompanySearch(Body):
    """Body of V2 company prospecting."""

    filters: OldFilters
    pages: Pages = msgspec.field(default_factory=Pages)
    offset: Offset | UnsetType = UNSET


class ContactEnrich(Body):
    """Body of V2 enrichment after contact prospecting."""

    request_id: Text
    contact_ids: Annotated[Texts, Meta(min_length=1, max_length=100)]
    reveal_emails: bool | UnsetType = UNSET
    reveal_phones: bool | UnsetType = UNSET


class CompanyEnrich(Body):
    """Body of V2 enrichment after company prospecting."""

    request_id: Text
    companies_ids: Annotated[Texts, Meta(min_length=1, max_length=100)]


class _Found(Mixed):
    """The same filters in the current generation's shape, as `prospecting` walks by them."""

    contacts: criteria.ContactSides
    companies: criteria.CompanySides


def current(filters: OldFilters) -> _Found:
    """V2 filters in the shape of the current generation."""
    contacts = criteria.ContactSides(
        include=_contact_criteria(filters.contacts.include), exclude=_contact_criteria(filters.contacts.exclude)
    )
    companies = criteria.CompanySides(
        include=_company_criteria(filters.companies.include) or criteria.CompanyCriteria(),
        exclude=_company_criteria(filters.companies.exclude) or UNSET,
    )
    return _Found(contacts=contacts, companies=companies)


def _contact_criteria(old: OldContactCriteria | UnsetType) -> criteria.ContactCriteria | UnsetType:
    if old is UNSET:
        return UNSET
    for point in old.existing_data_points or []:
        if point not in DATA_POINTS:
            raise bad_body(f"each value in existing_data_points must be one of {', '.join(DATA_POINTS)}")
    signals = signal_names(old)
    return criteria.ContactCriteria(
        departments=old.departments,
        seniority_ids=old.seniority,
        existing_data_points=old.existing_data_points,
        locations=_locations(old.locations),
        job_titles=old.job_titles,
        linkedin_urls=old.linkedin_urls,
        search_text=old.search_text,
        signals=UNSET if signals is None else criteria.ContactSignalFilter(types=_typed(signals)),
    )


def _company_criteria(old: OldCompanyCriteria | UnsetType) -> criteria.CompanyCriteria | None:
    if old is UNSET:
        return None
    signals = signal_names(old)
    names = (
        UNSET if old.technologies is UNSET else [one if isinstance(one, str) else one.name for one in old.technologies]
    )
    return criteria.CompanyCriteria(
        names=old.names,
        domains=old.domains,
        locations=_locations(old.company_locations if old.locations is UNSET else old.locations),
        technologies=names,
        intent_topics=old.intent_topics,
        sizes=_ranges(old.sizes),
        revenues=_ranges(old.revenues),
        sic_codes=old.sics if old.sic_codes is UNSET else old.sic_codes,
        naics_codes=old.naics if old.naics_codes is UNSET else old.naics_codes,
        main_industries_ids=_integers(old.main_industries_ids),
        sub_industries_ids=_integers(old.sub_industries_ids),
        search_text=old.search_text,
        signals=UNSET if signals is None else criteria.CompanySignalFilter(types=_typed(signals)),
    )


def _typed(names: list[str]) -> list[Any]:
    known = {"allSignals", *events.CONTACT_SIGNALS, *events.COMPANY_SIGNALS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise bad_body(f"signal.names: unknown {unknown[0]!r}")
    return list(names)


def signal_names(old: OldContactCriteria | OldCompanyCriteria) -> list[str] | None:
    """The signals a V2 filter asks for, under either spelling of its key; None when it asks for none."""
    chosen = old.signals if old.signal is UNSET else old.signal
    return None if chosen is UNSET else chosen.names


def _locations(old: list[OldLocation] | UnsetType) -> list[criteria.Location] | UnsetType:
    if old is UNSET:
        return UNSET
    return [
        criteria.Location(
            city=one.city,
            state=one.state,
            country=one.country,
            continent=one.continent,
            country_grouping=one.country_grouping,
        )
        for one in old
    ]


def _ranges(old: list[OldRange] | UnsetType) -> list[criteria.Range] | UnsetType:
    if old is UNSET:
        return UNSET
    return [
        criteria.Range(min=UNSET if one.min is UNSET else int(one.min), max=UNSET if one.max is UNSET else int(one.max))
        for one in old
    ]


def _integers(old: list[Any] | UnsetType) -> list[int] | UnsetType:
    if old is UNSET:
        return UNSET
    return [int(float(one)) for one in old if str(one).replace(".", "", 1).isdecimal()]
