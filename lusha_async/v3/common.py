"""What several operations of V3 send and receive: contacts, companies, prices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ..errors import InvalidRequest
from ..model import Model, RequestModel
from .checks import day, request_of, tokens, within

Number = int | float
"""Counts and prices: whole numbers mostly, decimals allowed."""

MAX_RECORDS = 100
"""Records in one request of the search, enrich and signal operations."""

ContactReveal = Literal["emails", "phones"]
"""What can be revealed of a contact. A phone costs five times an e-mail on the published price list."""

CompanyReveal = Literal[
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
]
"""What can be revealed of a company beyond its profile, each at its own price."""

NOT_FOUND = "NOT_FOUND"
COMPLIANCE_RESTRICTED = "COMPLIANCE_RESTRICTED"
ENRICH_FAILED = "ENRICH_FAILED"
NO_SCORE = "NO_SCORE"
"""Values of `ItemError.code` that are known; others may come."""


# --- parts of an answer ------------------------------------------------------------------------------------------


class ItemError(Model, frozen=True):
    """Why one record of a call has no result. The other records of the call are not touched by it."""

    code: str | None = None
    message: str | None = None


class Billing(Model, frozen=True):
    """What a call cost, as the API counts it: the only figure to rely on."""

    credits_charged: Number | None = None
    results_returned: int | None = None


class TableWrite(Model, frozen=True):
    """What a call with `table_id` did to that table."""

    table_id: str | None = None
    added: int | None = None
    already_present: int | None = None
    columns_created: int | tuple[str, ...] | None = None
    rows_processed: int | None = None
    rows_charged: int | None = None
    rows_already_paid_in_table: int | None = None
    credits_charged: Number | None = None


class Pagination(Model, frozen=True):
    """Where a page stands. `size` is echoed as the number of rows that came: never count pages with it."""

    page: int | None = None
    size: int | None = None
    total: int | None = None
    total_guaranteed: bool | None = None
    """Whether `total` is exact."""
    total_description: str | None = None


class Response(Model, frozen=True):
    """The frame around most answers of V3."""

    request_id: str | None = None
    billing: Billing | None = None
    table_write: TableWrite | None = None
    status: str | None = None
    """``completed``, ``partial``, ``halted``, ``OUT_OF_CREDITS``, ``PARTIAL_OUT_OF_CREDITS``, where the API says so."""
    status_reason: str | None = None


class CanReveal(Model, frozen=True):
    """A data point that exists, and its price. 0 means that the account has paid for it before."""

    field: str | None = None
    credits: Number | None = None


class Location(Model, frozen=True):
    """A place: of a contact, of a company's headquarters, of one of its offices. Often only the country."""

    country: str | None = None
    country_iso2: str | None = None
    state: str | None = None
    state_code: str | None = None
    city: str | None = None
    continent: str | None = None
    zip_code: str | None = None
    coordinates: tuple[float, ...] | None = None
    """Longitude, then latitude."""
    is_eu_contact: bool | None = None


class JobTitle(Model, frozen=True):
    """A position. `seniority` differs in letter case from operation to operation."""

    title: str | None = None
    departments: tuple[str, ...] | None = None
    seniority: str | None = None
    start_date: str | None = None


class CompanyRef(Model, frozen=True):
    """The company something belongs to. `domain` comes with ``www.`` from enrichment and bare from prospecting."""

    id: str | None = None
    name: str | None = None
    domain: str | None = None
    industry: str | None = None


class SocialLinks(Model, frozen=True):
    """Profiles elsewhere: of a contact (`linkedin`, `x_url`) or of a company (the others too)."""

    linkedin: str | None = None
    x_url: str | None = None
    x: str | None = None
    facebook: str | None = None
    crunchbase: tuple[str, ...] | str | None = None


# --- contacts ----------------------------------------------------------------------------------------------------


class EmailAddress(Model, frozen=True):
    """An address. `type` is ``work``, ``private`` or ``unknown``; `confidence` (``A+``, ``A``, ...) is mostly null."""

    email: str | None = None
    type: str | None = None
    confidence: str | None = None
    update_date: str | None = None
    data_source: str | None = None
    """Where it came from: ``lusha``, or a provider of the waterfall."""
    credits: Number | None = None


class PhoneNumber(Model, frozen=True):
    """A number. `type` is ``mobile``, ``direct``, ``work``, ``phone`` or ``unknown``."""

    number: str | None = None
    type: str | None = None
    do_not_call: bool | None = None
    update_date: str | None = None
    data_source: str | None = None
    credits: Number | None = None


class MissingDataPoint(Model, frozen=True):
    """Something asked for that did not come: `status` is ``NOT_FOUND`` or ``BILLING_FAILED``."""

    type: str | None = None
    status: str | None = None


class ContactTag(Model, frozen=True):
    """A label the account put on a contact."""

    id: str | None = None
    name: str | None = None
    color: str | None = None


class PreviousEmployment(Model, frozen=True):
    """An earlier position."""

    company: CompanyRef | None = None
    job_title: JobTitle | None = None


class ContactPreview(Model, frozen=True):
    """A contact as search, prospecting, lookalikes and buying groups show it: who, and what could be revealed."""

    id: str | None = None
    client_reference_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    job_title: JobTitle | None = None
    company: CompanyRef | None = None
    location: Location | None = None
    social_links: SocialLinks | None = None
    has: tuple[str, ...] | None = None
    """Names of what is known of the contact; holds ``emails`` or ``phones`` where there is something to reveal."""
    can_reveal: tuple[CanReveal, ...] | None = None
    signal_types: tuple[str, ...] | None = None
    partial_profile: bool | None = None
    error: ItemError | None = None


class Contact(Model, frozen=True):
    """A contact, enriched. `emails` and `phones` are None when they were not revealed, empty when there are none."""

    id: str | None = None
    client_reference_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    job_title: JobTitle | None = None
    company: CompanyRef | None = None
    location: Location | None = None
    emails: tuple[EmailAddress, ...] | None = None
    phones: tuple[PhoneNumber, ...] | None = None
    missing_data_points: tuple[MissingDataPoint, ...] | None = None
    social_links: SocialLinks | None = None
    linkedin_connections: int | None = None
    linkedin_followers: int | None = None
    previous_employment: tuple[PreviousEmployment, ...] | None = None
    tags: tuple[ContactTag, ...] | None = None
    update_date: str | None = None
    partial_profile: bool | None = None
    error: ItemError | None = None


# --- companies ---------------------------------------------------------------------------------------------------


class EmployeeCount(Model, frozen=True):
    """Any part may be missing; `exact` may lie outside `min` and `max`, which are a band."""

    exact: int | None = None
    min: int | None = None
    max: int | None = None


class CompanyPreview(Model, frozen=True):
    """A company as search, prospecting and lookalikes show it, and what could be revealed."""

    id: str | None = None
    client_reference_id: str | None = None
    name: str | None = None
    domain: str | None = None
    employee_count: EmployeeCount | None = None
    industry: str | None = None
    location: Location | None = None
    social_links: SocialLinks | None = None
    has: tuple[str, ...] | None = None
    can_reveal: tuple[CanReveal, ...] | None = None
    signal_types: tuple[str, ...] | None = None
    error: ItemError | None = None


class IndustryCode(Model, frozen=True):
    """A code of the SIC or NAICS classification."""

    code: str | int | None = None
    description: str | None = None


class IndustryPair(Model, frozen=True):
    """An industry and its branch."""

    industry: str | None = None
    sub_industry: str | None = None


class MoneyRange(Model, frozen=True):
    """A band in US dollars."""

    min: Number | None = None
    max: Number | None = None


class ItSpend(Model, frozen=True):
    """Estimated spending on IT in a year."""

    value: Number | None = None
    currency: str | None = None
    value_usd: Number | None = None


class WebsiteTraffic(Model, frozen=True):
    """Visits of the company's website in `month`."""

    visits: Number | None = None
    mom_change_percent: Number | None = None
    month: str | None = None


class FundingRound(Model, frozen=True):
    """One round. Dates are text such as ``Nov 10, 2021``."""

    currency: str | None = None
    round_amount: Number | None = None
    round_type: str | None = None
    round_date: str | None = None


class Funding(Model, frozen=True):
    """Who-paid-what of a company."""

    rounds: tuple[FundingRound, ...] | None = None
    total_rounds: int | None = None
    total_rounds_amount: Number | None = None
    currency: str | None = None
    is_ipo: bool | None = None
    last_round_type: str | None = None
    last_round_amount: Number | None = None
    last_round_date: str | None = None


class IntentScore(Model, frozen=True):
    """How strong a topic is, and where it is going (``+24``)."""

    topic_score: Number | None = None
    topic_trend: str | None = None


class IntentTopic(Model, frozen=True):
    """A topic the company's people read about."""

    topic_name: str | None = None
    metadata: IntentScore | None = None


class Intent(Model, frozen=True):
    """Topics a company is interested in."""

    detected_topics: tuple[IntentTopic, ...] | None = None
    topic_count: int | None = None


class Headcount(Model, frozen=True):
    """Employees, or open jobs, of one department, place or seniority."""

    department: str | None = None
    country: str | None = None
    state: str | None = None
    seniority: str | None = None
    count: int | None = None


class CompanyEmail(Model, frozen=True):
    """A general address of a company."""

    email: str | None = None


class CompanyParent(Model, frozen=True):
    """The owner of a company, one level up."""

    lusha_company_id: str | None = None
    name: str | None = None
    domain: str | None = None
    hq_country: str | None = None


class Company(Model, frozen=True):
    """A company, enriched. What was not named in `reveal` is None."""

    id: str | None = None
    client_reference_id: str | None = None
    name: str | None = None
    alternative_name: str | None = None
    domain: str | None = None
    alternative_domains: tuple[str, ...] | None = None
    homepage_url: str | None = None
    description: str | None = None
    additional_descriptions: tuple[Any, ...] | None = None
    company_type: str | None = None
    company_offering: str | None = None
    business_model: tuple[str, ...] | None = None
    year_founded: Number | None = None
    employee_count: EmployeeCount | None = None
    revenue_range: MoneyRange | None = None
    popularity_tier: Number | None = None

    industry: str | None = None
    sub_industry: str | None = None
    additional_industries: tuple[IndustryPair, ...] | None = None
    industry_tags: tuple[str, ...] | None = None
    sic_codes: tuple[IndustryCode, ...] | None = None
    naics_codes: tuple[IndustryCode, ...] | None = None
    specialities: tuple[str, ...] | None = None
    specialities_refactored: tuple[str, ...] | None = None
    keywords: tuple[str, ...] | None = None
    technologies: tuple[str, ...] | None = None

    location: Location | None = None
    additional_locations: tuple[Location, ...] | None = None
    email_domain: str | None = None
    emails: tuple[CompanyEmail, ...] | None = None
    """What the live API sends; `email` and `phone` are what its documents promise."""
    email: str | None = None
    phone: str | None = None
    phones: tuple[Any, ...] | None = None
    social_links: SocialLinks | None = None
    linkedin_followers: Number | None = None
    logo_url: str | None = None

    funding: Funding | str | None = None
    """A `Funding` in every answer seen; the documents leave its shape open."""
    intent: Intent | str | None = None
    """An `Intent` in every answer seen; the documents leave its shape open."""
    competitors: tuple[CompanyRef, ...] | None = None
    employees_by_department: tuple[Headcount, ...] | None = None
    employees_by_location: tuple[Headcount, ...] | None = None
    employees_by_seniority: tuple[Headcount, ...] | None = None
    estimated_annual_it_spend: ItSpend | None = None
    monthly_website_traffic: WebsiteTraffic | None = None
    open_jobs_total: Number | None = None
    open_jobs_by_department: tuple[Headcount, ...] | None = None
    open_jobs_by_location: tuple[Headcount, ...] | None = None
    open_jobs_by_seniority: tuple[Headcount, ...] | None = None
    direct_parent: CompanyParent | None = None
    ultimate_parent: CompanyParent | None = None
    error: ItemError | None = None


# --- parts of a request ------------------------------------------------------------------------------------------


class SearchOptions(RequestModel, frozen=True, kw_only=True):
    """What a search leaves out or lets in. The last two belong to prospecting for contacts."""

    include_partial_profiles: bool | None = None
    exclude_dnc: bool | None = None
    max_contacts_per_company: int | None = None


class SignalOptions(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signals to report with a search. Each matched signal is charged.

    `start_date` is ``YYYY-MM-DD``; `max_results_per_signal` is 1 to 100, and for contacts only: the live API refuses it
    for companies.
    """

    types: Sequence[str]
    start_date: str | None = None
    max_results_per_signal: int | None = None


class TableOwner(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user of the account, in whose name tables are made and changed."""

    email: str | None = None


def company_reveal(given: Iterable[str]) -> tuple[str, ...] | None:
    """`reveal` of a company operation: empty means the profile alone, and is then not sent at all."""
    return tokens(given, field="reveal", required=False) or None


def signal_options(given: SignalOptions | Mapping[str, Any] | None, *, companies: bool = False) -> SignalOptions | None:
    """The `signals` of a search, checked. Raises `InvalidRequest` naming the field."""
    if given is None:
        return None
    options = request_of(SignalOptions, given, field="signals")
    tokens(options.types, field="signals.types")
    day(options.start_date, field="signals.start_date")
    within(options.max_results_per_signal, 1, 100, field="signals.max_results_per_signal")
    if companies and options.max_results_per_signal is not None:
        raise InvalidRequest(
            "signals.max_results_per_signal is refused for companies: leave it out, or ask companies.signals for them",
            field="signals.max_results_per_signal",
        )
    return options


def partial_profiles(include: bool | None) -> SearchOptions | None:
    """The `options` of a search; None where nothing was asked for."""
    return None if include is None else SearchOptions(include_partial_profiles=include)
