"""Filters of prospecting as code: structs that complete in an editor, and the checks the live API makes necessary.

    ProspectingFilters(
        contacts=ContactFilter(include=ContactCriteria(job_titles=["Head of Sales"], seniority_ids=[6])),
        companies=CompanyFilter(
            include=CompanyCriteria(sizes=[Range(min=51, max=200)], locations=[Place(country="Germany")]),
            exclude=CompanyCriteria(domains=["example.com"]),
        ),
    )

The values to put in come from `filter_values` of contacts and companies. Both prospecting operations take this one
struct; what only one of them understands is checked before sending, as the API refuses the whole request, or, worse,
charges for one that matches nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, cast

import msgspec

from ..errors import InvalidRequest
from ..model import RequestModel
from .checks import day, request_of, within

Condition = Literal["or", "and"]
FundingCoverage = Literal["last_funding", "any_round", "total_funds", "last_round"]


class Criteria(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of the parts of a filter: a misspelt name is refused here, as it is by the API."""


class Range(Criteria, frozen=True, kw_only=True):
    """From `min` to `max`, both included; the largest band of a list has no `max`."""

    min: int | None = None
    max: int | None = None


class Place(Criteria, frozen=True, kw_only=True):
    """A place by its full names (``country="Germany"``). `country_iso2`, though documented, is refused."""

    city: str | None = None
    state: str | None = None
    country: str | None = None
    continent: str | None = None
    country_grouping: str | None = None
    region: str | None = None
    country_iso2: str | None = None


class Around(Criteria, frozen=True, kw_only=True):
    """Within `distance` miles of a zip code."""

    country: str | None = None
    zipcode: str | None = None
    distance: int | None = None


class Zipcode(Criteria, frozen=True, kw_only=True):
    """A zip code of a country."""

    country_iso2: str | None = None
    zipcode: str | None = None


class SignalPlace(Criteria, frozen=True, kw_only=True):
    """Where a company hires."""

    country: str | None = None
    state: str | None = None
    start_date: str | None = None


class SignalDepartment(Criteria, frozen=True, kw_only=True):
    """For which department a company hires."""

    department: str
    start_date: str | None = None


class SignalFilter(Criteria, frozen=True, kw_only=True):
    """Signals since `start_date` (``YYYY-MM-DD``). The three refinements are for companies."""

    types: Sequence[str] | None = None
    start_date: str | None = None
    filter_by_location: Sequence[SignalPlace] | None = None
    filter_by_department: Sequence[SignalDepartment] | None = None
    filter_by_intent_category: Sequence[str] | None = None


class Education(Criteria, frozen=True, kw_only=True):
    """Where and what a contact studied."""

    degrees: Sequence[str] | None = None
    fields_of_study: Sequence[str] | None = None
    schools: Sequence[str] | None = None
    start_year_gte: int | None = None
    graduation_year_lte: int | None = None


class ScoreRange(Criteria, frozen=True, kw_only=True):
    """The contact score, 0 to 100."""

    min_score: int | None = None
    max_score: int | None = None


class ContactCriteria(Criteria, frozen=True, kw_only=True):
    """What a contact must (or must not) be like. All fields must hold; within a field one value is enough."""

    names: Sequence[str] | None = None
    job_titles: Sequence[str] | None = None
    job_titles_exact_match: Sequence[str] | None = None
    normalized_job_titles: Sequence[str] | None = None
    search_text: str | None = None
    """At most 200 characters."""
    countries: Sequence[str] | None = None
    locations: Sequence[Place] | None = None
    geographic_details: Sequence[Around] | None = None
    seniority_ids: Sequence[int] | None = None
    departments: Sequence[str] | None = None
    linkedin_urls: Sequence[str] | None = None
    emails: Sequence[str] | None = None
    previous_emails: Sequence[str] | None = None
    previous_job_title: Sequence[str] | None = None
    ids: Sequence[str] | None = None
    existing_data_points: Sequence[str] | None = None
    """What must be known of the contact. ``work_phone``, an example of the documents, is refused by the live API."""
    existing_data_points_condition: Condition | None = None
    signals: SignalFilter | None = None
    skills: Sequence[str] | None = None
    certifications: Sequence[str] | None = None
    awards: Sequence[str] | None = None
    education: Education | None = None
    """Narrows another filter; does nothing alone. So do the three below."""
    score: ScoreRange | None = None
    job_changed_after_date: str | None = None
    job_changed_last_view_date: str | None = None


class FundingRange(Criteria, frozen=True, kw_only=True):
    """Money raised, in US dollars."""

    coverage: FundingCoverage | None = None
    min: int | None = None
    max: int | None = None


class FundingDate(Criteria, frozen=True, kw_only=True):
    """When it was raised."""

    coverage: FundingCoverage | None = None
    date: str | None = None


class FundingRoundFilter(Criteria, frozen=True, kw_only=True):
    """``pre_seed``, ``seed``, ``series_a`` to ``series_h``, or ``other``."""

    coverage: FundingCoverage | None = None
    round: str | None = None


class FundingName(Criteria, frozen=True, kw_only=True):
    """``angel``, ``venture``, ``private_equity``, ``crowdfunding``, ``grant``, ``debt_financing`` or ``other``."""

    coverage: FundingCoverage | None = None
    name: str | None = None


class FundingFilter(Criteria, frozen=True, kw_only=True):
    """How a company is financed. Understood by prospecting for contacts alone."""

    is_ipo: bool | None = None
    ranges: Sequence[FundingRange] | None = None
    date: FundingDate | None = None
    rounds: Sequence[FundingRoundFilter] | None = None
    names: Sequence[FundingName] | None = None
    investors: Sequence[str] | None = None
    types: Sequence[str] | None = None


class CompanyCriteria(Criteria, frozen=True, kw_only=True):
    """What a company must (or must not) be like. All fields must hold; within a field one value is enough."""

    names: Sequence[str] | None = None
    domains: Sequence[str] | None = None
    ids: Sequence[str] | None = None
    linkedin_urls: Sequence[str] | None = None
    search_text: str | None = None
    """At most 200 characters. Prospecting for companies alone."""
    locations: Sequence[Place] | None = None
    geographic_details: Sequence[Around] | None = None
    locations_zipcodes: Sequence[Zipcode] | None = None
    headquarter_zipcodes: Sequence[Zipcode] | None = None
    sizes: Sequence[Range] | None = None
    revenues: Sequence[Range] | None = None
    founded_year: Sequence[Range] | None = None
    business_model: Sequence[str] | None = None
    """``B2B``, ``B2C``, ``B2G``."""
    company_type: Sequence[str] | None = None
    """``Public Company``, ``Private Company``, ``Government``, ``Educational``, ``Non Profit``, ``Self Employed``."""
    main_industries_ids: Sequence[int] | None = None
    sub_industries_ids: Sequence[int] | None = None
    industries_labels: Sequence[str] | None = None
    """Prospecting for contacts alone; the two above work in both."""
    sic_codes: Sequence[str] | None = None
    naics_codes: Sequence[str] | None = None
    technologies: Sequence[str] | None = None
    technologies_condition: Condition | None = None
    intent_topics: Sequence[str] | None = None
    intent_topics_condition: Condition | None = None
    intent_topics_operator: Literal["or", "and", "any", "all"] | None = None
    intent_min_score: int | None = None
    intent_max_score: int | None = None
    topic_count_threshold: Sequence[Range] | None = None
    signals: SignalFilter | None = None
    """Prospecting for companies alone."""
    funding: FundingFilter | None = None
    """Prospecting for contacts alone."""
    keywords: Sequence[str] | None = None
    exact_keywords: Sequence[str] | None = None
    keywords_search_fields: Sequence[str] | None = None
    specialities: Sequence[str] | None = None
    exact_specialities: Sequence[str] | None = None
    previous_company_domains: Sequence[str] | None = None
    previous_company_names: Sequence[str] | None = None


class ContactFilter(Criteria, frozen=True, kw_only=True):
    """Contacts to look for, and contacts to leave out."""

    include: ContactCriteria | None = None
    exclude: ContactCriteria | None = None


class CompanyFilter(Criteria, frozen=True, kw_only=True):
    """Companies to look for, and companies to leave out."""

    include: CompanyCriteria | None = None
    exclude: CompanyCriteria | None = None


class ProspectingFilters(Criteria, frozen=True, kw_only=True):
    """Contacts at companies: the filters of both prospecting operations."""

    contacts: ContactFilter | None = None
    companies: CompanyFilter | None = None


FiltersLike = ProspectingFilters | Mapping[str, Any]
"""`ProspectingFilters`, or a mapping with the same names or the API's own."""


# --- checks ------------------------------------------------------------------------------------------------------

_CONTACTS_OF_COMPANIES = {"job_titles", "departments", "seniority_ids", "skills", "locations", "existing_data_points"}
_REFINEMENTS = {"education", "score", "job_changed_after_date", "job_changed_last_view_date"}
_DATES = {"start_date", "date", "job_changed_after_date", "job_changed_last_view_date"}
_INDUSTRIES = "use main_industries_ids and sub_industries_ids with ids that filter_values('industriesLabels') lists"


def contact_filters(given: FiltersLike) -> ProspectingFilters:
    """Filters for contacts, checked. Raises `InvalidRequest` naming the field and the mend."""
    filters = request_of(ProspectingFilters, given, field="filters")
    _check_values(filters, "filters")
    for side, criteria in _sides(filters.companies):
        for name in ("search_text", "signals"):
            _refuse(criteria, name, f"filters.companies.{side}", "it belongs to prospecting for companies")
    if filters.contacts and filters.contacts.include and not _names_anybody(filters):
        alone = ", ".join(name for name, _ in _filled(filters.contacts.include))
        raise InvalidRequest(
            f"filters.contacts.include has only {alone}, which narrow other filters: add one such as job_titles",
            field="filters.contacts.include",
        )
    return filters


def company_filters(given: FiltersLike) -> ProspectingFilters:
    """Filters for companies, checked. Raises `InvalidRequest` naming the field and the mend."""
    filters = request_of(ProspectingFilters, given, field="filters")
    _check_values(filters, "filters")
    if filters.companies is None or filters.companies.include is None:
        raise InvalidRequest(
            "filters.companies.include is required: say what the companies are like", field="filters.companies.include"
        )
    for side, criteria in _sides(filters.companies):
        _refuse(criteria, "industries_labels", f"filters.companies.{side}", _INDUSTRIES)
        _refuse(criteria, "funding", f"filters.companies.{side}", "it belongs to prospecting for contacts")
    for side, people in _sides(filters.contacts):
        for name, _ in _filled(people):
            if name not in _CONTACTS_OF_COMPANIES:
                known = ", ".join(sorted(_CONTACTS_OF_COMPANIES))
                _refuse(people, name, f"filters.contacts.{side}", f"use one of {known}, or prospect for contacts")
    return filters


def _sides(pair: ContactFilter | CompanyFilter | None) -> Iterable[tuple[str, msgspec.Struct]]:
    if pair is not None:
        if pair.include is not None:
            yield "include", pair.include
        if pair.exclude is not None:
            yield "exclude", pair.exclude


def _filled(struct: msgspec.Struct) -> Iterable[tuple[str, Any]]:
    for name, value in msgspec.structs.asdict(struct).items():
        if value is not None:
            yield name, value


def _refuse(criteria: msgspec.Struct, name: str, where: str, mend: str) -> None:
    if getattr(criteria, name) is not None:
        raise InvalidRequest(f"{where}.{name} is refused here: {mend}", field=f"{where}.{name}")


def _names_anybody(filters: ProspectingFilters) -> bool:
    """Whether anything but refinements is asked for; an empty `include` is left to the API."""
    include = filters.contacts.include if filters.contacts else None
    names = {name for name, _ in _filled(include)} if include else set[str]()
    firms = filters.companies.include if filters.companies else None
    return not names or bool(names - _REFINEMENTS) or bool(firms and any(_filled(firms)))


def _check_values(struct: msgspec.Struct, where: str) -> None:
    """What is refused, or silently matches nothing, wherever it stands."""
    if isinstance(struct, Place) and struct.country_iso2 is not None:
        raise InvalidRequest(
            f"{where}.country_iso2 matches nobody or is refused: use country with the full name, such as 'Germany'",
            field=f"{where}.country_iso2",
        )
    if isinstance(struct, Range | FundingRange) and None not in (struct.min, struct.max):
        within(struct.max, struct.min or 0, None, field=f"{where}.max")
    for name, value in _filled(struct):
        at = f"{where}.{name}"
        if isinstance(value, msgspec.Struct):
            _check_values(value, at)
        elif isinstance(value, list):
            _check_list(name, cast("list[object]", value), at)
        elif name in _DATES:
            day(value, field=at)
        elif name == "search_text" and len(value) > 200:
            raise InvalidRequest(f"{at} has {len(value)} characters, the API takes 200: shorten it", field=at)
        elif name in {"intent_min_score", "intent_max_score"}:
            within(value, 1, 100, field=at)
        elif name in {"min_score", "max_score"}:
            within(value, 0, 100, field=at)


def _check_list(name: str, values: list[object], at: str) -> None:
    if name == "existing_data_points" and "work_phone" in values:
        raise InvalidRequest(
            f"{at}: 'work_phone' is refused: use a value that contacts.filter_values('existingDataPoints') lists",
            field=at,
        )
    for n, value in enumerate(values):
        if isinstance(value, msgspec.Struct):
            _check_values(value, f"{at}[{n}]")
