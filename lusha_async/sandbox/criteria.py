# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""The filters of prospecting, as both generations take them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .requests import Body, ContactSignal, Day, Text

Texts = list[Text]
Count = Annotated[int, Meta(ge=0)]
Score = Annotated[int, Meta(ge=1, le=100)]
Either = Literal["or", "and"]
CompanySignal = Literal[
    "allSignals",
    "linkedinActivityIntent",
    "websiteTrafficDecrease",
    "websiteTrafficIncrease",
    "itSpendIncrease",
    "itSpendDecrease",
    "surgeInHiring",
    "headcountIncrease1m",
    "headcountIncrease3m",
    "headcountIncrease6m",
    "headcountIncrease12m",
    "headcountDecrease1m",
    "headcountDecrease3m",
    "headcountDecrease6m",
    "headcountDecrease12m",
    "surgeInHiringByDepartment",
    "surgeInHiringByLocation",
    "riskNews",
    "commercialActivityNews",
    "corporateStrategyNews",
    "financialEventsNews",
    "peopleNews",
    "marketIntelligenceNews",
    "productActivityNews",
]


class Range(Body):
    """A band of counts."""

    min: Count | UnsetType = UNSET
    max: int | UnsetType = UNSET


class Years(Body):
    """A band of years."""

    min: int | UnsetType = UNSET
    max: int | UnsetType = UNSET


class Location(Body):
    """A place; every part that is given must fit."""

    city: Text = ""
    state: Text = ""
    country: Text = ""
    continent: Text = ""
    country_grouping: Text = ""
    region: Text = ""
    country_iso2: Text | UnsetType = UNSET


class Zipcode(Body):
    """A postal code."""

    country_iso2: Text = ""
    zipcode: Text = ""


class Area(Body):
    """Surroundings of a postal code."""

    country: Text = ""
    zipcode: Text = ""
    distance: int | UnsetType = UNSET


class SignalLocation(Body):
    """Where hiring must have surged."""

    country: Text = ""
    state: Text = ""
    start_date: Day | UnsetType = UNSET


class SignalDepartment(Body):
    """In which department hiring must have surged."""

    department: Text
    start_date: Day | UnsetType = UNSET


class ContactSignalFilter(Body):
    """Only contacts with such signals."""

    types: list[ContactSignal] = []
    start_date: Day | UnsetType = UNSET


class CompanySignalFilter(Body):
    """Only companies with such signals."""

    types: list[CompanySignal] = []
    start_date: Day | UnsetType = UNSET
    filter_by_location: list[SignalLocation] = []
    filter_by_department: list[SignalDepartment] = []
    filter_by_intent_category: Texts = []


class Education(Body):
    """Schools and degrees."""

    degrees: Texts = []
    fields_of_study: Texts = []
    schools: Texts = []
    start_year_gte: int | UnsetType = UNSET
    graduation_year_lte: int | UnsetType = UNSET


class ScoreRange(Body):
    """A band of scores."""

    min_score: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET
    max_score: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET


class ContactCriteria(Body):
    """What a contact must be like; the fields that are set all count, their values are alternatives."""

    names: Texts | UnsetType = UNSET
    job_titles: Texts | UnsetType = UNSET
    job_titles_exact_match: Texts | UnsetType = UNSET
    normalized_job_titles: Texts | UnsetType = UNSET
    search_text: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    countries: Texts | UnsetType = UNSET
    locations: list[Location] | UnsetType = UNSET
    seniority_ids: list[int] | UnsetType = UNSET
    departments: Texts | UnsetType = UNSET
    linkedin_urls: Texts | UnsetType = UNSET
    existing_data_points: Texts | UnsetType = UNSET
    existing_data_points_condition: Either | UnsetType = UNSET
    signals: ContactSignalFilter | UnsetType = UNSET
    emails: Texts | UnsetType = UNSET
    previous_emails: Texts | UnsetType = UNSET
    previous_job_title: Texts | UnsetType = UNSET
    skills: Texts | UnsetType = UNSET
    certifications: Texts | UnsetType = UNSET
    awards: Texts | UnsetType = UNSET
    ids: Texts | UnsetType = UNSET
    job_changed_after_date: Day | UnsetType = UNSET
    job_changed_last_view_date: Day | UnsetType = UNSET
    education: Education | UnsetType = UNSET
    score: ScoreRange | UnsetType = UNSET
    geographic_details: list[Area] | UnsetType = UNSET


class FundingRange(Body):
    """Amounts of funding."""

    coverage: Text = ""
    min: int | UnsetType = UNSET
    max: int | UnsetType = UNSET


class FundingDate(Body):
    """When funding happened."""

    coverage: Text = ""
    date: Day | UnsetType = UNSET


class FundingRound(Body):
    """Which round."""

    coverage: Text = ""
    round: Text = ""


class FundingName(Body):
    """Which kind of funding."""

    coverage: Text = ""
    name: Text = ""


class Funding(Body):
    """What is asked of a company's funding."""

    is_ipo: bool | UnsetType = UNSET
    ranges: list[FundingRange] = []
    date: FundingDate | UnsetType = UNSET
    rounds: list[FundingRound] = []
    names: list[FundingName] = []
    investors: Texts = []
    types: Texts = []


class CommonCompanyCriteria(Body):
    """What both prospecting operations can demand of a company."""

    names: Texts | UnsetType = UNSET
    domains: Texts | UnsetType = UNSET
    ids: Texts | UnsetType = UNSET
    locations: list[Location] | UnsetType = UNSET
    sizes: list[Range] | UnsetType = UNSET
    revenues: list[Range] | UnsetType = UNSET
    technologies: Texts | UnsetType = UNSET
    technologies_condition: Either | UnsetType = UNSET
    main_industries_ids: list[int] | UnsetType = UNSET
    sub_industries_ids: list[int] | UnsetType = UNSET
    intent_topics: Texts | UnsetType = UNSET
    intent_topics_condition: Either | UnsetType = UNSET
    intent_min_score: Score | UnsetType = UNSET
    intent_max_score: Score | UnsetType = UNSET
    intent_topics_operator: Literal["or", "and", "any", "all"] | UnsetType = UNSET
    topic_count_threshold: list[Range] | UnsetType = UNSET
    sic_codes: Texts | UnsetType = UNSET
    naics_codes: Texts | UnsetType = UNSET
    founded_year: list[Years] | UnsetType = UNSET
    business_model: list[Literal["B2B", "B2C", "B2G"]] | UnsetType = UNSET
    company_type: (
        list[Literal["Government", "Private Company", "Public Company", "Educational", "Non Profit", "Self Employed"]]
        | UnsetType
    ) = UNSET
    linkedin_urls: Texts | UnsetType = UNSET
    keywords: Texts | UnsetType = UNSET
    specialities: Texts | UnsetType = UNSET
    exact_specialities: Texts | UnsetType = UNSET
    exact_keywords: Texts | UnsetType = UNSET
    keywords_search_fields: Texts | UnsetType = UNSET
    previous_company_domains: Texts | UnsetType = UNSET
    previous_company_names: Texts | UnsetType = UNSET
    geographic_details: list[Area] | UnsetType = UNSET
    locations_zipcodes: list[Zipcode] | UnsetType = UNSET
    headquarter_zipcodes: list[Zipcode] | UnsetType = UNSET


class EmployerCriteria(CommonCompanyCriteria):
    """Companies inside contact prospecting."""

    industries_labels: Texts | UnsetType = UNSET
    funding: Funding | UnsetType = UNSET


class CompanyCriteria(CommonCompanyCriteria):
    """Companies inside company prospecting."""

    search_text: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    signals: CompanySignalFilter | UnsetType = UNSET


class StaffCriteria(Body):
    """Contacts inside company prospecting."""

    job_titles: Texts | UnsetType = UNSET
    departments: Texts | UnsetType = UNSET
    seniority_ids: list[int] | UnsetType = UNSET
    skills: Texts | UnsetType = UNSET
    locations: list[Location] | UnsetType = UNSET
    existing_data_points: Texts | UnsetType = UNSET


class ContactSides(Body):
    """Contacts: what must hold, and what must not."""

    include: ContactCriteria | UnsetType = UNSET
    exclude: ContactCriteria | UnsetType = UNSET


class EmployerSides(Body):
    """Their companies: what must hold, and what must not."""

    include: EmployerCriteria | UnsetType = UNSET
    exclude: EmployerCriteria | UnsetType = UNSET


class CompanySides(Body):
    """Companies: what must hold, and what must not."""

    include: CompanyCriteria
    exclude: CompanyCriteria | UnsetType = UNSET


class StaffSides(Body):
    """Their people: what must hold, and what must not."""

    include: StaffCriteria | UnsetType = UNSET
    exclude: StaffCriteria | UnsetType = UNSET


class ContactFilters(Body):
    """Filters of contact prospecting."""

    contacts: ContactSides = msgspec.field(default_factory=ContactSides)
    companies: EmployerSides = msgspec.field(default_factory=EmployerSides)


class CompanyFilters(Body):
    """Filters of company prospecting."""

    companies: CompanySides
    contacts: StaffSides = msgspec.field(default_factory=StaffSides)


class Pagination(Body):
    """Which page, how large."""

    page: Annotated[int, Meta(ge=0, le=1_000)]
    size: Annotated[int, Meta(ge=10, le=100)]


class ContactOptions(Body):
    """Options of contact prospecting."""

    include_partial_profiles: bool = True
    exclude_dnc: bool = False
    max_contacts_per_company: Annotated[int, Meta(ge=1, le=20)] | UnsetType = UNSET


class CompanyOptions(Body):
    """Options of company prospecting."""

    include_partial_profiles: bool = False


class ContactProspecting(Body):
    """Body of contact prospecting."""

    pagination: Pagination
    filters: ContactFilters
    options: ContactOptions = msgspec.field(default_factory=ContactOptions)
    table_id: Text | UnsetType = UNSET


class CompanyProspecting(Body):
    """Body of company prospecting."""

    pagination: Pagination
    filters: CompanyFilters
    options: CompanyOptions = msgspec.field(default_factory=CompanyOptions)
    table_id: Text | UnsetType = UNSET
