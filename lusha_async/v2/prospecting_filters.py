"""What prospecting searches for: criteria as structs, and their checks."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ..errors import InvalidRequest
from ..model import RequestModel
from ..v3.checks import day
from .common import Number, request_of
from .company import Technology


class Place(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place to search in. `filters.contacts.locations` and `filters.companies.locations` know the names."""

    continent: str | None = None
    country: str | None = None
    state: str | None = None
    city: str | None = None
    country_grouping: str | None = msgspec.field(default=None, name="country_grouping")


class Range(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `min` to `max`; either may be left out."""

    min: Number | None = None
    max: Number | None = None


class SignalCriteria(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Had one of these signals since `start_date`. Each type that returns results is charged."""

    names: tuple[str, ...] | None = None
    start_date: str | None = None


class ContactCriteria(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people are like. Values of one field mean any of them, fields together mean all of them.

    Take the values from `lusha.v2.filters.contacts`: the live API ignores names it does not know, and countries are
    matched by full name. Lusha's schema has `signal`, its example `signals`: give one of them.
    """

    departments: tuple[str, ...] | None = None
    seniority: tuple[int, ...] | None = None
    existing_data_points: tuple[str, ...] | None = msgspec.field(default=None, name="existing_data_points")
    locations: tuple[Place, ...] | None = None
    job_titles: tuple[str, ...] | None = None
    linkedin_urls: tuple[str, ...] | None = None
    search_text: str | None = None
    signal: SignalCriteria | None = None
    signals: SignalCriteria | None = None


class CompanyCriteria(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What companies are like. Values of one field mean any of them, fields together mean all of them.

    `locations` are headquarters, `company_locations` offices (a `state` needs its `country`). Technologies are names,
    as Lusha's example has them, or objects with a `name`, as its schema has them.
    """

    names: tuple[str, ...] | None = None
    domains: tuple[str, ...] | None = None
    locations: tuple[Place, ...] | None = None
    company_locations: tuple[Place, ...] | None = None
    technologies: tuple[Technology | str, ...] | None = None
    intent_topics: tuple[str, ...] | None = None
    sizes: tuple[Range, ...] | None = None
    revenues: tuple[Range, ...] | None = None
    employees_in_linked_in: Range | None = None
    sic_codes: tuple[str, ...] | None = None
    naics_codes: tuple[str, ...] | None = None
    main_industries_ids: tuple[Number, ...] | None = None
    sub_industries_ids: tuple[Number, ...] | None = None
    search_text: str | None = None
    exclude_partial_companies: bool | None = None
    signal: SignalCriteria | None = None
    signals: SignalCriteria | None = None


class ContactFilters(RequestModel, frozen=True, kw_only=True):
    """People who fit `include` and do not fit `exclude`."""

    include: ContactCriteria | None = None
    exclude: ContactCriteria | None = None


class CompanyFilters(RequestModel, frozen=True, kw_only=True):
    """Companies that fit `include` and do not fit `exclude`."""

    include: CompanyCriteria | None = None
    exclude: CompanyCriteria | None = None


class Filters(RequestModel, frozen=True, kw_only=True):
    """Both kinds of filters; for people, `companies` is where they work."""

    contacts: ContactFilters | None = None
    companies: CompanyFilters | None = None


ContactCriteriaLike = ContactCriteria | Mapping[str, Any]
"""A `ContactCriteria`, or a mapping with the same names."""

CompanyCriteriaLike = CompanyCriteria | Mapping[str, Any]
"""A `CompanyCriteria`, or a mapping with the same names."""


def contact_filters(
    include: ContactCriteriaLike | None, exclude: ContactCriteriaLike | None, field: str = "contacts"
) -> ContactFilters | None:
    """Both halves as the API wants them, checked; None when there are none."""
    if include is None and exclude is None:
        return None
    wanted = None if include is None else request_of(ContactCriteria, include, field=field)
    unwanted = None if exclude is None else request_of(ContactCriteria, exclude, field=f"exclude_{field}")
    for criteria in (wanted, unwanted):
        _check_signals(criteria)
    return ContactFilters(include=wanted, exclude=unwanted)


def company_filters(
    include: CompanyCriteriaLike | None, exclude: CompanyCriteriaLike | None, field: str = "companies"
) -> CompanyFilters | None:
    """Both halves as the API wants them, checked; None when there are none."""
    if include is None and exclude is None:
        return None
    wanted = None if include is None else request_of(CompanyCriteria, include, field=field)
    unwanted = None if exclude is None else request_of(CompanyCriteria, exclude, field=f"exclude_{field}")
    for criteria in (wanted, unwanted):
        _check_signals(criteria)
        for place in (criteria.company_locations if criteria else None) or ():
            if not place.country:
                raise InvalidRequest(
                    "company_locations has a place without its country: add the country", field="company_locations"
                )
    return CompanyFilters(include=wanted, exclude=unwanted)


def _check_signals(criteria: ContactCriteria | CompanyCriteria | None) -> None:
    for signal in (criteria.signal, criteria.signals) if criteria else ():
        day(signal.start_date if signal else None, field="signal.start_date")
