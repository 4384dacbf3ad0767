"""What the operations of the retired generation share: the structs of people and companies, and how options are read.

V2 sends one real thing in several shapes (a company's size as a pair or as an object, a location in camelCase or in
snake_case). Here each thing is one struct that holds all of them; which fields are filled depends on the operation.
"""

import datetime
import re
from collections.abc import Iterable
from typing import Literal, cast

import msgspec

from ..errors import InvalidRequest
from ..model import Model, RequestModel

LegacyId = int | str
"""An id of this generation: a number, sometimes sent as text. Never equal to a V3 id."""

Number = int | float

DatePart = int | float | str
"""A day, month or year, and a few ids: a number of any form, or a text."""

Reveal = Literal["emails", "phones"]
"""What a person's record is to show, and so what it costs."""

ContactSignalType = Literal["allSignals", "promotion", "companyChange"]

CompanySignalType = Literal[
    "allSignals",
    "websiteTrafficIncrease",
    "websiteTrafficDecrease",
    "itSpendIncrease",
    "itSpendDecrease",
    "headcountIncrease1m",
    "headcountDecrease1m",
    "headcountIncrease3m",
    "headcountDecrease3m",
    "headcountIncrease6m",
    "headcountDecrease6m",
    "headcountIncrease12m",
    "headcountDecrease12m",
    "surgeInHiring",
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


# --- what comes back ---------------------------------------------------------------------------------------------


class ItemError(Model, frozen=True):
    """Why one record of a successful answer has no data: `EMPTY_DATA`, `OUT_OF_CREDIT`, ... Known values only."""

    code: LegacyId | None = None
    name: str | None = None
    message: str | None = None


class Named(Model, frozen=True):
    """A name with its id: a school, a field of study, a tag, a seniority."""

    id: LegacyId | None = None
    name: str | None = None
    value: str | None = None
    color: str | None = None
    logo_url: str | None = None


class Location(Model, frozen=True):
    """A place. Read `country_iso2`, `state_code`, `city_id`, `is_eu_contact` and `location_coordinates` (longitude,
    latitude): they are filled whichever of its two spellings the API used. The `snake_` fields are the raw ones."""

    country: str | None = None
    country_iso2: str | None = None
    continent: str | None = None
    region: str | None = None
    state: str | None = None
    state_code: str | None = None
    city: str | None = None
    city_id: LegacyId | None = None
    street: str | None = None
    raw_location: str | None = None
    full_location: str | None = None
    location_coordinates: tuple[float, ...] | None = None
    is_eu_contact: bool | None = None
    snake_country_iso2: str | None = msgspec.field(default=None, name="country_iso2")
    snake_state_code: str | None = msgspec.field(default=None, name="state_code")
    snake_city_id: LegacyId | None = msgspec.field(default=None, name="city_id")
    snake_raw_location: str | None = msgspec.field(default=None, name="raw_location")
    snake_location_coordinates: tuple[float, ...] | None = msgspec.field(default=None, name="location_coordinates")
    snake_is_eu_contact: bool | None = msgspec.field(default=None, name="is_eu_contact")

    def __post_init__(self) -> None:
        if self.country_iso2 is None and self.snake_country_iso2 is not None:
            msgspec.structs.force_setattr(self, "country_iso2", self.snake_country_iso2)
        if self.state_code is None and self.snake_state_code is not None:
            msgspec.structs.force_setattr(self, "state_code", self.snake_state_code)
        if self.city_id is None and self.snake_city_id is not None:
            msgspec.structs.force_setattr(self, "city_id", self.snake_city_id)
        if self.raw_location is None and self.snake_raw_location is not None:
            msgspec.structs.force_setattr(self, "raw_location", self.snake_raw_location)
        if self.location_coordinates is None and self.snake_location_coordinates is not None:
            msgspec.structs.force_setattr(self, "location_coordinates", self.snake_location_coordinates)
        if self.is_eu_contact is None and self.snake_is_eu_contact is not None:
            msgspec.structs.force_setattr(self, "is_eu_contact", self.snake_is_eu_contact)


class EmailAddress(Model, frozen=True):
    """An e-mail address. `email` and `email_type` are filled whether the API said `email` or `address`."""

    email: str | None = None
    email_type: str | None = None
    email_confidence: str | None = None
    update_date: str | None = None
    address: str | None = None
    type: str | None = None

    def __post_init__(self) -> None:
        if self.email is None and self.address is not None:
            msgspec.structs.force_setattr(self, "email", self.address)
        if self.email_type is None and self.type is not None:
            msgspec.structs.force_setattr(self, "email_type", self.type)


class PhoneNumber(Model, frozen=True):
    """A phone number. `phone_type` is mobile, direct or phone, in either case of letters."""

    number: str | None = None
    phone_type: str | None = None
    do_not_call: bool | None = None
    update_date: str | None = None


class JobTitle(Model, frozen=True):
    """What a person does."""

    title: str | None = None
    seniority: str | None = None
    departments: tuple[str, ...] | None = None


class SocialLinks(Model, frozen=True):
    """A person's profiles."""

    linkedin: str | None = None
    x_url: str | None = None


class LinkedinCertification(Model, frozen=True):
    """A certificate of a person's LinkedIn profile."""

    title: str | None = None
    company_name: str | None = None
    company_id: LegacyId | None = None
    linkedin_company_id: LegacyId | None = None
    credential_id: str | None = None
    date_month: DatePart | None = None
    date_year: DatePart | None = None
    expire_date_month: DatePart | None = None
    expire_date_year: DatePart | None = None
    summary: str | None = None
    verify_url: str | None = None


class LinkedinCourse(Model, frozen=True):
    """An education of a person's LinkedIn profile."""

    title: str | None = None
    company_name: str | None = None
    school: Named | None = None
    field_of_study: Named | None = None
    degree: str | None = None
    grade: str | None = None
    activities: str | None = None
    start_date_month: DatePart | None = None
    start_date_year: DatePart | None = None
    end_date_month: DatePart | None = None
    end_date_year: DatePart | None = None
    linkedin_school_id: DatePart | None = None


class LinkedinAward(Model, frozen=True):
    """An award of a person's LinkedIn profile."""

    title: str | None = None
    company_name: str | None = None
    linkedin_company_id: LegacyId | None = None
    date_day: DatePart | None = None
    date_month: DatePart | None = None
    date_year: DatePart | None = None
    summary: str | None = None


class Profile(Model, frozen=True):
    """What every record of a person has, wherever it comes from."""

    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    company_id: LegacyId | None = None
    location: Location | None = None
    email_addresses: tuple[EmailAddress, ...] | None = None
    phone_numbers: tuple[PhoneNumber, ...] | None = None
    social_links: SocialLinks | None = None
    linkedin_followers_count: int | None = None
    linkedin_connections_count: int | None = None
    linkedin_certifications: tuple[LinkedinCertification, ...] | None = None
    linkedin_courses: tuple[LinkedinCourse, ...] | None = None
    linkedin_awards: tuple[LinkedinAward, ...] | None = None
    linkedin_skills: tuple[str, ...] | None = None


class CompanySignal(Model, frozen=True):
    """What every signal of a company has."""

    signal_id: LegacyId | None = None
    signal_date: str | None = None
    company_id: LegacyId | None = None
    company_name: str | None = None
    domain: str | None = None


class NewsSignal(CompanySignal, frozen=True):
    """A company in the news."""

    event_type: str | None = None
    event_summary: str | None = None
    event_effective_date: str | None = None
    article_title: str | None = None
    article_highlight: str | None = None
    article_published_date: str | None = None
    article_url: str | None = None


class HiringSignal(CompanySignal, frozen=True):
    """More job offers than usual: everywhere, in one `department`, or at one place (`country`, `state`)."""

    department: str | None = None
    country: str | None = None
    state: str | None = None
    new_jobs_posted_last_week: Number | None = None
    new_jobs_posted_last_4_weeks: Number | None = None
    historical_avg: Number | None = None
    change_rate_percent: Number | None = None


class TrafficSignal(CompanySignal, frozen=True):
    """More or fewer visits to the company's website."""

    last_month_visits: Number | None = None
    historical_avg: Number | None = None
    change_rate_percent: Number | None = None


class ItSpendSignal(CompanySignal, frozen=True):
    """More or less money spent on IT."""

    estimated_annual_it_spend: Number | None = None
    change_rate_percent: Number | None = None


class HeadcountSignal(CompanySignal, frozen=True):
    """More or fewer employees."""

    baseline_employees_count: Number | None = None
    new_employees_count: Number | None = None
    change_rate_percent: Number | None = None


class CompanySignals(Model, frozen=True):
    """The signals of one company, a list per type; only those asked for are filled."""

    risk_news: tuple[NewsSignal, ...] | None = None
    commercial_activity_news: tuple[NewsSignal, ...] | None = None
    corporate_strategy_news: tuple[NewsSignal, ...] | None = None
    financial_events_news: tuple[NewsSignal, ...] | None = None
    people_news: tuple[NewsSignal, ...] | None = None
    market_intelligence_news: tuple[NewsSignal, ...] | None = None
    product_activity_news: tuple[NewsSignal, ...] | None = None
    surge_in_hiring: tuple[HiringSignal, ...] | None = None
    surge_in_hiring_by_department: tuple[HiringSignal, ...] | None = None
    surge_in_hiring_by_location: tuple[HiringSignal, ...] | None = None
    website_traffic_increase: tuple[TrafficSignal, ...] | None = None
    website_traffic_decrease: tuple[TrafficSignal, ...] | None = None
    it_spend_increase: tuple[ItSpendSignal, ...] | None = None
    it_spend_decrease: tuple[ItSpendSignal, ...] | None = None
    headcount_increase_1m: tuple[HeadcountSignal, ...] | None = msgspec.field(default=None, name="headcountIncrease1m")
    headcount_decrease_1m: tuple[HeadcountSignal, ...] | None = msgspec.field(default=None, name="headcountDecrease1m")
    headcount_increase_3m: tuple[HeadcountSignal, ...] | None = msgspec.field(default=None, name="headcountIncrease3m")
    headcount_decrease_3m: tuple[HeadcountSignal, ...] | None = msgspec.field(default=None, name="headcountDecrease3m")
    headcount_increase_6m: tuple[HeadcountSignal, ...] | None = msgspec.field(default=None, name="headcountIncrease6m")
    headcount_decrease_6m: tuple[HeadcountSignal, ...] | None = msgspec.field(default=None, name="headcountDecrease6m")
    headcount_increase_12m: tuple[HeadcountSignal, ...] | None = msgspec.field(
        default=None, name="headcountIncrease12m"
    )
    headcount_decrease_12m: tuple[HeadcountSignal, ...] | None = msgspec.field(
        default=None, name="headcountDecrease12m"
    )


class ContactSignal(Model, frozen=True):
    """A person moved up, or to another company."""

    person_id: LegacyId | None = None
    signal_date: str | None = None
    current_company_id: LegacyId | None = None
    current_company_name: str | None = None
    current_domain: str | None = None
    current_departments: str | tuple[str, ...] | None = None
    current_seniority_label: str | None = None
    current_title: str | None = None
    previous_company_name: str | None = None
    previous_domain: str | None = None


class ContactSignals(Model, frozen=True):
    """The signals of one person, a list per type; only those asked for are filled."""

    person_id: LegacyId | None = None
    company_change: tuple[ContactSignal, ...] | None = None
    promotion: tuple[ContactSignal, ...] | None = None
    error: ItemError | str | None = None


class CompanySize(Model, frozen=True):
    """Employees: the range Lusha assigns, and how many name the company on LinkedIn."""

    min: Number | None = None
    max: Number | None = None
    employees_in_linkedin: Number | None = None
    snake_employees_in_linkedin: Number | None = msgspec.field(default=None, name="employees_in_linkedin")


class Link(Model, frozen=True):
    """An address inside an object."""

    url: str | None = None


class CompanySocial(Model, frozen=True):
    """A company's profiles: links, or objects with a `url`."""

    linkedin: Link | str | None = None
    crunchbase: Link | str | tuple[str, ...] | None = None
    twitter: str | None = None
    facebook: str | None = None


class Domains(Model, frozen=True):
    """A company's domains: of its website, of its mail."""

    homepage: str | None = None
    email: str | None = None


class Technology(Model, frozen=True):
    """A technology a company uses."""

    name: str | None = None


class FundingRound(Model, frozen=True):
    """One round of funding."""

    currency: str | None = None
    round_type: str | None = None
    round_amount: Number | None = None
    round_date: str | None = None
    title: str | None = None
    money_raised: Number | None = None
    announced_on: str | None = None
    lead_investors: tuple[str, ...] | None = None


class Funding(Model, frozen=True):
    """A company's funding."""

    rounds: tuple[FundingRound, ...] | None = None
    total_rounds: Number | None = None
    total_rounds_amount: Number | None = None
    currency: str | None = None
    is_ipo: bool | None = None
    last_round_type: str | None = None
    last_round_amount: Number | None = None
    last_round_date: str | None = None
    last_funding_event_name: str | None = None
    last_funding_event_amount: Number | None = None
    last_funding_event_date: str | None = None


class IntentScore(Model, frozen=True):
    """How strongly a company reads about a topic, and whether that grows."""

    topic_score: Number | None = None
    topic_trend: str | None = None


class IntentTopic(Model, frozen=True):
    """A topic a company reads about."""

    topic_name: str | None = None
    metadata: IntentScore | None = None


class Intent(Model, frozen=True):
    """What a company reads about."""

    topic_count: Number | None = None
    detected_topics: tuple[IntentTopic, ...] | None = None


class IndustryCode(Model, frozen=True):
    """One SIC or NAICS code."""

    sic: LegacyId | None = None
    naics: LegacyId | None = None
    sic_codes: LegacyId | None = None
    naics_codes: LegacyId | None = None
    description: str | None = None


class IndustryCodes(Model, frozen=True):
    """A company's SIC and NAICS codes."""

    sic_codes: tuple[IndustryCode, ...] | None = None
    naics_codes: tuple[IndustryCode, ...] | None = None
    sics: tuple[IndustryCode, ...] | None = None
    naics: tuple[IndustryCode, ...] | None = None


class Industry(Model, frozen=True):
    """A company's industry."""

    main_industry: str | None = None
    sub_industry: str | None = None


class Company(CompanySignals, frozen=True):
    """A company, as any V2 operation sends it; each fills a part. `size_range` and `linkedin_url` read the fields
    whose form differs between operations."""

    id: LegacyId | None = None
    lusha_company_id: LegacyId | None = None
    name: str | None = None
    alternative_name: str | None = None
    description: str | None = None
    company_type: str | None = None
    domain: str | None = None
    domains: Domains | None = None
    email_domain: str | None = None
    fqdn: str | None = None
    website: str | None = None
    homepage_url: str | None = None
    logo_url: str | None = None
    founded: LegacyId | None = None
    employees: str | None = None
    employees_in_linkedin: Number | None = None
    company_size: CompanySize | tuple[Number, ...] | None = None
    revenue_range: tuple[Number, ...] | None = None
    main_industry: str | None = None
    sub_industry: str | None = None
    industry: Industry | None = None
    industry_primary_group: str | None = None
    industry_primary_group_details: IndustryCodes | None = None
    industry_tags: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    specialities: tuple[str, ...] | None = None
    technologies: tuple[Technology, ...] | None = None
    funding: Funding | None = None
    intent: Intent | None = None
    linkedin: str | None = None
    linkedin_followers: int | None = None
    crunchbase: str | None = None
    social: CompanySocial | None = None
    lusha_popularity_tier: int | None = None
    address: str | None = None
    location: Location | None = None
    company_locations: tuple[Location, ...] | None = None
    city: str | None = None
    state: str | None = None
    state_code: str | None = None
    country: str | None = None
    country_iso2: str | None = None
    continent: str | None = None
    raw_location: str | None = None
    coordinates: tuple[float, ...] | None = None
    error: ItemError | str | None = None

    @property
    def size_range(self) -> tuple[Number | None, Number | None] | None:
        """Fewest and most employees; the largest band has no upper end."""
        size = self.company_size
        if isinstance(size, CompanySize):
            return size.min, size.max
        return (size[0], size[1] if len(size) > 1 else None) if size else None

    @property
    def linkedin_url(self) -> str | None:
        """The company's LinkedIn page, wherever the operation puts it."""
        link = self.social.linkedin if self.social else None
        return self.linkedin or (link.url if isinstance(link, Link) else link)


# --- what is sent ------------------------------------------------------------------------------------------------


class Employer(Model, frozen=True):
    """A company as part of a person's record; sent to find the person, and received as a previous employer."""

    name: str | None = None
    domain: str | None = None
    is_current: bool | None = None
    job_title: str | None = None
    fqdn: str | None = None
    company_social_id: str | None = None


class SignalPlace(RequestModel, frozen=True):
    """A country, or one of its states."""

    country: str | None = None
    state: str | None = None


class SignalFilterValues(RequestModel, frozen=True):
    """Which news and which hiring; several values of one field mean any of them. A `state` needs its `country`."""

    news_event_types: tuple[str, ...] | None = None
    hiring_by_departments: tuple[str, ...] | None = None
    hiring_by_locations: tuple[SignalPlace, ...] | None = None


class SignalFilters(RequestModel, frozen=True):
    """Narrows the company signals asked for. `SignalFilterValues` may be given alone, without this around it."""

    include: SignalFilterValues | None = None


# --- how options are read ----------------------------------------------------------------------------------------


def reveal_flags(reveal: Iterable[str]) -> tuple[bool | None, bool | None]:
    """`reveal` as the API's (revealEmails, revealPhones).

    Both together are sent as neither: that means both to the API, and accounts without unified credits are refused
    for naming either flag. One alone is sent with the other switched off, since the API's own default is on.
    """
    wanted = set(texts(reveal, "reveal") or ())
    if not wanted:
        raise InvalidRequest("reveal is empty: name 'emails', 'phones' or both", field="reveal")
    if wanted - {"emails", "phones"}:
        raise InvalidRequest("reveal takes 'emails' and 'phones' in this generation: mend it", field="reveal")
    if len(wanted) == 2:
        return None, None
    return "emails" in wanted, "phones" in wanted


def texts(values: Iterable[str] | None, field: str) -> tuple[str, ...] | None:
    """One text or several, as a tuple; None when there are none."""
    if values is None:
        return None
    found = (values,) if isinstance(values, str) else tuple(values)
    kept = tuple(value for value in cast("tuple[object, ...]", found) if isinstance(value, str) and value.strip())
    if len(kept) < len(found):
        raise InvalidRequest(f"{field} takes texts that are not empty: mend it", field=field)
    return kept or None


def iso_date(value: datetime.date | str | None, field: str) -> str | None:
    """A day as YYYY-MM-DD."""
    if value is None:
        return None
    try:
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else value
        return day.strftime("%Y-%m-%d")
    except (ValueError, AttributeError):
        raise InvalidRequest(f"{field} is a day, YYYY-MM-DD or datetime.date: mend it", field=field) from None


def signal_filters(filters: SignalFilters | SignalFilterValues | None) -> SignalFilters | None:
    """The filters of company signals, checked: a state without its country is refused by the API."""
    if isinstance(filters, SignalFilterValues):
        filters = SignalFilters(include=filters)
    places = filters.include.hiring_by_locations if filters and filters.include else None
    if any(place.state and not place.country for place in places or ()):
        raise InvalidRequest(
            "hiring_by_locations has a state without its country: add the country", field="hiring_by_locations"
        )
    return filters


def legacy_id(value: str | None, *, index: int | None = None) -> str | None:
    """An id this generation takes. Raises `InvalidRequest` for one of V3's, which it cannot know."""
    if value is not None and re.match(r"v\d+\.", value):
        raise InvalidRequest(
            "this id belongs to V3 and is unknown to V2: leave it out here, or use the V3 method",
            index=index,
            field="id",
        )
    return value


def references(given: Iterable[str | None]) -> list[str]:
    """The key under which each record is answered: its own reference, else its position. They must differ."""
    keys: list[str] = []
    seen: set[str] = set()
    for index, reference in enumerate(given):
        key = reference or str(index)
        if key in seen:
            raise InvalidRequest(
                "client_reference_id is the key of the answer and is taken already: make it unique, or leave it out "
                "of all records",
                index=index,
                field="client_reference_id",
            )
        seen.add(key)
        keys.append(key)
    return keys
