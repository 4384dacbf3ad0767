"""A company as V2 sends it: one struct for every operation, with its signals."""

import msgspec

from ..model import Model
from .common import ItemError, LegacyId, Location, Number


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
