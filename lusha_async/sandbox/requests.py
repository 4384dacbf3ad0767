"""What the enrichment operations take, written from the documents and from what the live API is known to refuse."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Text = Annotated[str, Meta(max_length=2_048)]
Ids = Annotated[list[Text], Meta(min_length=1, max_length=100)]
Reveal = Annotated[list[Literal["emails", "phones"]], Meta(min_length=1)]
CompanyReveal = Annotated[
    list[
        Literal[
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
    ],
    Meta(min_length=1),
]
ContactSignal = Literal["allSignals", "promotion", "companyChange"]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Body(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A request body: keys in camel case, unknown ones refused."""


class SearchOptions(Body):
    """Options of search."""

    include_partial_profiles: bool = False


class ContactItem(Body):
    """One contact to look up, by any one identifier."""

    client_reference_id: Text | UnsetType = UNSET
    id: Text = ""
    linkedin_url: Text = ""
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    company_name: Text = ""
    company_domain: Text = ""


class CompanyItem(Body):
    """One company to look up."""

    client_reference_id: Text | UnsetType = UNSET
    id: Text = ""
    name: Text = ""
    domain: Text = ""


class ContactSignals(Body):
    """Signals to show beside found contacts."""

    types: Annotated[list[ContactSignal], Meta(min_length=1)]
    start_date: Day | UnsetType = UNSET
    max_results_per_signal: Annotated[int, Meta(ge=1, le=100)] = 5


class CompanySignals(Body):
    """Signals to show beside found companies; no `maxResultsPerSignal` here."""

    types: Annotated[list[str], Meta(min_length=1)]
    start_date: Day | UnsetType = UNSET


class ContactsSearch(Body):
    """Body of contact search."""

    contacts: Annotated[list[ContactItem], Meta(min_length=1, max_length=100)]
    options: SearchOptions | UnsetType = UNSET
    signals: ContactSignals | UnsetType = UNSET


class ContactsEnrich(Body):
    """Body of contact enrichment."""

    ids: Ids
    reveal: Reveal | UnsetType = UNSET
    waterfall_enabled: bool = True
    table_id: Text | UnsetType = UNSET


class ContactsSearchAndEnrich(Body):
    """Body of contact search-and-enrich."""

    contacts: Annotated[list[ContactItem], Meta(min_length=1, max_length=100)]
    reveal: Reveal | UnsetType = UNSET
    options: SearchOptions | UnsetType = UNSET


class CompaniesSearch(Body):
    """Body of company search."""

    companies: Annotated[list[CompanyItem], Meta(min_length=1, max_length=100)]
    options: SearchOptions | UnsetType = UNSET
    signals: CompanySignals | UnsetType = UNSET


class CompaniesEnrich(Body):
    """Body of company enrichment."""

    ids: Ids
    reveal: CompanyReveal | UnsetType = UNSET
    table_id: Text | UnsetType = UNSET


class CompaniesSearchAndEnrich(Body):
    """Body of company search-and-enrich."""

    companies: Annotated[list[CompanyItem], Meta(min_length=1, max_length=100)]
    reveal: CompanyReveal | UnsetType = UNSET
    options: SearchOptions | UnsetType = UNSET


class LegacyEmployer(Body):
    """An employer that helps to identify a V2 contact."""

    name: Text = ""
    domain: Text = ""
    is_current: bool = True
    job_title: Text = ""
    fqdn: Text = ""
    company_social_id: Text = ""


class LegacyContact(Body):
    """One contact of the V2 bulk lookup."""

    contact_id: Text
    person_id: Text = ""
    full_name: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    location: Text = ""
    linkedin_url: Text = ""
    email: Text = ""
    companies: list[LegacyEmployer] = []


class LegacyMetadata(Body):
    """What the V2 bulk lookup is to reveal."""

    refresh_job_info: bool = False
    filter_by: Literal["phoneNumbers", "emailAddresses"] | UnsetType = UNSET
    reveal_emails: bool | UnsetType = UNSET
    reveal_phones: bool | UnsetType = UNSET
    signals: list[ContactSignal] = []
    signals_start_date: Day | UnsetType = UNSET
    partial_profile: bool = False


class LegacyContacts(Body):
    """Body of the V2 bulk lookup of contacts."""

    contacts: Annotated[list[LegacyContact], Meta(min_length=1, max_length=100)]
    metadata: LegacyMetadata = msgspec.field(default_factory=LegacyMetadata)


class LegacyPersonQuery(Body):
    """Query of the V2 single lookup of a contact."""

    first_name: Text = ""
    last_name: Text = ""
    person_id: Text = ""
    company_name: Text = ""
    company_domain: Text = ""
    email: Text = ""
    linkedin_url: Text = ""
    refresh_job_info: bool = False
    filter_by: Literal["phoneNumbers", "emailAddresses"] | UnsetType = UNSET
    reveal_emails: bool | UnsetType = UNSET
    reveal_phones: bool | UnsetType = UNSET
    signals: list[ContactSignal] = []
    signals_start_date: Day | UnsetType = UNSET
    partial_profile: bool = False


class LegacyCompany(Body):
    """One company of the V2 bulk lookup."""

    id: Text
    domain: Text = ""
    fqdn: Text = ""
    name: Text = ""
    company_id: Text = ""


class SignalsFilters(Body):
    """Narrows the signals of the V2 bulk lookup."""

    news_event_types: list[str] = []
    hiring_by_departments: list[str] = []
    hiring_by_locations: list[dict[str, str]] = []


class CompaniesMetadata(Body):
    """In no document; Lusha's own MCP server sends it."""

    filter_by: Text | UnsetType = UNSET


class LegacyCompanies(Body):
    """Body of the V2 bulk lookup of companies."""

    companies: Annotated[list[LegacyCompany], Meta(min_length=1, max_length=100)]
    signals: list[str] = []
    signals_start_date: Day | UnsetType = UNSET
    signals_filters: SignalsFilters | UnsetType = UNSET
    partial_company: bool = True
    metadata: CompaniesMetadata | UnsetType = UNSET


class LegacyCompanyQuery(Body):
    """Query of the V2 single lookup of a company."""

    domain: Text = ""
    company: Text = ""
    company_id: Text = ""
    signals: list[str] = []
    signals_start_date: Day | UnsetType = UNSET
    partial_company: bool = True
