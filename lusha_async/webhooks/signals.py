"""What signals carry: the `data` of a delivery, one struct per kind, with the fields of both generations of the API.

Every field may be missing. Field names are Lusha's, in snake_case. Ids are text, or a number where Lusha sent one.
"""

from datetime import date
from typing import TypeAlias

from lusha_async.model import Model

from .dates import calendar_day

Id: TypeAlias = str | int
"""``v1.`` ids are text; the documented examples of deliveries still show numbers."""


class Department(Model, frozen=True, kw_only=True, gc=False):
    """A department as deliveries have it."""

    id: Id | None = None
    value: str | None = None


class ContactMove(Model, frozen=True, kw_only=True, gc=False):
    """`promotion` and `companyChange`: where somebody was, and where they are now."""

    id: Id | None = None
    """The contact, as the current API names it."""
    person_id: Id | None = None
    """The contact, as deliveries and the previous generation name it."""
    signal_id: Id | None = None
    signal_date: str | None = None
    current_company_id: Id | None = None
    current_company_name: str | None = None
    current_domain: str | None = None
    current_title: str | None = None
    current_departments: tuple[Department | str, ...] | str | None = None
    """Departments with id and value in deliveries; one text in the previous generation."""
    current_seniority_label: str | None = None
    previous_company_name: str | None = None
    previous_domain: str | None = None
    previous_title: str | None = None
    previous_company: str | None = None
    new_company: str | None = None

    @property
    def day(self) -> date | None:
        """`signal_date` as a date."""
        return calendar_day(self.signal_date)

    @property
    def departments(self) -> tuple[str, ...]:
        """The names of the current departments, in whichever form they came."""
        given = self.current_departments
        if isinstance(given, str):
            return (given,)
        names = (part.value if isinstance(part, Department) else part for part in given or ())
        return tuple(name for name in names if name)


class _CompanyData(Model, frozen=True, kw_only=True, gc=False):
    """What the signals of companies have in common."""

    id: Id | None = None
    company_id: Id | None = None
    company_name: str | None = None
    domain: str | None = None
    signal_id: Id | None = None
    signal_date: str | None = None

    @property
    def day(self) -> date | None:
        """`signal_date` as a date."""
        return calendar_day(self.signal_date)


class NewsData(_CompanyData, frozen=True, kw_only=True, gc=False):
    """A news event: risk, commercial activity, strategy, finance, people, market, product."""

    event_type: str | None = None
    event_summary: str | None = None
    event_effective_date: str | None = None
    article_title: str | None = None
    article_highlight: str | None = None
    article_published_date: str | None = None
    article_url: str | None = None

    @property
    def day(self) -> date | None:
        """When it took effect, else when it was published."""
        return calendar_day(self.event_effective_date) or calendar_day(self.article_published_date) or super().day


class HeadcountData(_CompanyData, frozen=True, kw_only=True, gc=False):
    """A change in the number of employees over 1, 3, 6 or 12 months."""

    baseline_employees_count: float | None = None
    new_employees_count: float | None = None
    change_rate_percent: float | None = None


class HiringData(_CompanyData, frozen=True, kw_only=True, gc=False):
    """A surge in job posts: overall (a week), by department or by location (four weeks)."""

    department: str | None = None
    country: str | None = None
    state: str | None = None
    new_jobs_posted_last_week: float | None = None
    new_jobs_posted_last_4_weeks: float | None = None
    historical_avg: float | None = None
    change_rate_percent: float | None = None


class TrafficData(_CompanyData, frozen=True, kw_only=True, gc=False):
    """A change in visits of the company's website."""

    historical_avg: float | None = None
    last_month_visits: float | None = None
    change_rate_percent: float | None = None


class ItSpendData(_CompanyData, frozen=True, kw_only=True, gc=False):
    """A change in the estimated spending on information technology."""

    estimated_annual_it_spend: float | None = None
    change_rate_percent: float | None = None


class IntentTopic(Model, frozen=True, kw_only=True, gc=False):
    """A topic found in a post."""

    topic: str | None = None
    category: str | None = None


class IntentPerson(Model, frozen=True, kw_only=True, gc=False):
    """An author or somebody mentioned; without `id` when Lusha has no record."""

    id: Id | None = None
    full_name: str | None = None
    linkedin_url: str | None = None


class IntentCompany(Model, frozen=True, kw_only=True, gc=False):
    """A company mentioned; without `id` when Lusha has no record."""

    id: Id | None = None
    name: str | None = None
    linkedin_url: str | None = None


class IntentData(_CompanyData, frozen=True, kw_only=True, gc=False):
    """Activity on LinkedIn that shows an intent."""

    activity_publication_date: str | None = None
    signal_category: str | None = None
    intent_topics: tuple[IntentTopic, ...] | None = None
    author: IntentPerson | None = None
    contacts_mentioned: tuple[IntentPerson, ...] | None = None
    companies_mentioned: tuple[IntentCompany, ...] | None = None
    activity_url: str | None = None
    activity_summary: str | None = None
    activity_likes: int | None = None
    activity_comments: int | None = None
    activity_shares: int | None = None
    activity_type: str | None = None

    @property
    def day(self) -> date | None:
        """When the post was published."""
        return calendar_day(self.activity_publication_date) or super().day
