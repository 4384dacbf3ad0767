"""The values prospecting takes: `lusha.v2.filters.contacts` and `.companies`. Free to read."""

from functools import cached_property
from typing import Any

import msgspec

from ..endpoint import Endpoint
from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..resource import Resource
from .common import LegacyId, Named, Number
from .company import Technology


class TextQuery(RequestModel, frozen=True, kw_only=True):
    """The beginning, or a part, of what is looked for."""

    text: str


class Country(Model, frozen=True):
    """A country and its two letters. Searches take the name."""

    name: str | None = None
    code: str | None = None


class PlaceOption(Model, frozen=True):
    """A place as searches take it."""

    continent: str | None = None
    country: str | None = None
    state: str | None = None
    city: str | None = None
    country_grouping: str | None = msgspec.field(default=None, name="country_grouping")


class CompanyName(Model, frozen=True):
    """A company by name."""

    company_id: LegacyId | None = None
    name: str | None = None
    logo_url: str | None = None
    fqdn: str | None = None


class IndustryLabel(Model, frozen=True, rename=None):
    """An industry and its branches (`value`, `id`), with the ids that searches take."""

    main_industry: str | None = None
    main_industry_id: LegacyId | None = None
    sub_industries: tuple[Named, ...] | None = None


class Code(Model, frozen=True):
    """A code of the SIC or NAICS classification."""

    code: str | None = None
    label: str | None = None


class RangeOption(Model, frozen=True):
    """A band; the last one has no `max`."""

    min: Number | None = None
    max: Number | None = None


Texts = tuple[str, ...]
Seniorities = tuple[Named | str, ...]
Countries = tuple[Country, ...]
Places = tuple[PlaceOption, ...]
CompanyNames = tuple[CompanyName, ...]
Industries = tuple[IndustryLabel, ...]
Ranges = tuple[RangeOption, ...]
Codes = tuple[Code, ...]
Technologies = tuple[Technology, ...]

_CONTACTS = "/prospecting/filters/contacts/"
_COMPANIES = "/prospecting/filters/companies/"
_CONTACT_VALUES = "lusha.contacts.filter_values"
_COMPANY_VALUES = "lusha.companies.filter_values"

DEPARTMENTS: Endpoint[Texts] = Endpoint(
    method="GET",
    path=_CONTACTS + "departments",
    operation="getContactDepartments",
    response=Texts,
    successor=_CONTACT_VALUES,
)
SENIORITY: Endpoint[Seniorities] = Endpoint(
    method="GET",
    path=_CONTACTS + "seniority",
    operation="getContactSeniority",
    response=Seniorities,
    successor=_CONTACT_VALUES,
)
EXISTING_DATA_POINTS: Endpoint[Texts] = Endpoint(
    method="GET",
    path=_CONTACTS + "existing_data_points",
    operation="getContactDataPoints",
    response=Texts,
    successor=_CONTACT_VALUES,
)
ALL_COUNTRIES: Endpoint[Countries] = Endpoint(
    method="GET",
    path=_CONTACTS + "all_countries",
    operation="getContactCountries",
    response=Countries,
    successor=_CONTACT_VALUES,
)
CONTACT_LOCATIONS: Endpoint[Places] = Endpoint(
    method="POST",
    path=_CONTACTS + "locations",
    operation="searchContactLocations",
    response=Places,
    request=TextQuery,
    successor=_CONTACT_VALUES,
)
NAMES: Endpoint[CompanyNames] = Endpoint(
    method="POST",
    path=_COMPANIES + "names",
    operation="searchCompanyNames",
    response=CompanyNames,
    request=TextQuery,
    successor=_COMPANY_VALUES,
)
INDUSTRIES_LABELS: Endpoint[Industries] = Endpoint(
    method="GET",
    path=_COMPANIES + "industries_labels",
    operation="getCompanyIndustries",
    response=Industries,
    successor=_COMPANY_VALUES,
)
SIZES: Endpoint[Ranges] = Endpoint(
    method="GET",
    path=_COMPANIES + "sizes",
    operation="getCompanySizes",
    response=Ranges,
    successor=_COMPANY_VALUES,
)
REVENUES: Endpoint[Ranges] = Endpoint(
    method="GET",
    path=_COMPANIES + "revenues",
    operation="getCompanyRevenues",
    response=Ranges,
    successor=_COMPANY_VALUES,
)
COMPANY_LOCATIONS: Endpoint[Places] = Endpoint(
    method="POST",
    path=_COMPANIES + "locations",
    operation="searchCompanyLocations",
    response=Places,
    request=TextQuery,
    successor=_COMPANY_VALUES,
)
SICS: Endpoint[Codes] = Endpoint(
    method="GET",
    path=_COMPANIES + "sics",
    operation="getCompanySicCodes",
    response=Codes,
    successor=_COMPANY_VALUES,
)
NAICS: Endpoint[Codes] = Endpoint(
    method="GET",
    path=_COMPANIES + "naics",
    operation="getCompanyNaicsCodes",
    response=Codes,
    successor=_COMPANY_VALUES,
)
INTENT_TOPICS: Endpoint[Texts] = Endpoint(
    method="GET",
    path=_COMPANIES + "intent_topics",
    operation="getCompanyIntentTopics",
    response=Texts,
    successor=_COMPANY_VALUES,
)
TECHNOLOGIES: Endpoint[Technologies] = Endpoint(
    method="POST",
    path=_COMPANIES + "technologies",
    operation="searchCompanyTechnologies",
    response=Technologies,
    request=TextQuery,
    successor=_COMPANY_VALUES,
)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    DEPARTMENTS,
    SENIORITY,
    EXISTING_DATA_POINTS,
    ALL_COUNTRIES,
    CONTACT_LOCATIONS,
    NAMES,
    INDUSTRIES_LABELS,
    SIZES,
    REVENUES,
    COMPANY_LOCATIONS,
    SICS,
    NAICS,
    INTENT_TOPICS,
    TECHNOLOGIES,
)


def _text(text: str) -> TextQuery:
    if not text.strip():
        raise InvalidRequest("text is empty: give a part of the name to look for", field="text")
    return TextQuery(text=text.strip())


class ContactFilterValues(Resource):
    """`lusha.v2.filters.contacts`: what searches for people take. In V3 all of them are `lusha.contacts.filter_values`.

    Free; 25 requests a second each.
    """

    async def departments(self, *, timeout: float | None = None) -> tuple[str, ...]:
        """Departments. ``GET /prospecting/filters/contacts/departments``.

        >>> departments = await lusha.v2.filters.contacts.departments()
        """
        return await self._call(DEPARTMENTS, timeout=timeout)

    async def seniority(self, *, timeout: float | None = None) -> tuple[Named | str, ...]:
        """Levels of seniority, with the `id` that searches take. ``GET /prospecting/filters/contacts/seniority``.

        >>> levels = await lusha.v2.filters.contacts.seniority()
        """
        return await self._call(SENIORITY, timeout=timeout)

    async def existing_data_points(self, *, timeout: float | None = None) -> tuple[str, ...]:
        """Data a person may have. ``GET /prospecting/filters/contacts/existing_data_points``.

        >>> data_points = await lusha.v2.filters.contacts.existing_data_points()
        """
        return await self._call(EXISTING_DATA_POINTS, timeout=timeout)

    async def all_countries(self, *, timeout: float | None = None) -> tuple[Country, ...]:
        """All countries. ``GET /prospecting/filters/contacts/all_countries``.

        >>> countries = await lusha.v2.filters.contacts.all_countries()
        """
        return await self._call(ALL_COUNTRIES, timeout=timeout)

    async def locations(self, text: str, *, timeout: float | None = None) -> tuple[PlaceOption, ...]:
        """Places whose name has `text` in it. ``POST /prospecting/filters/contacts/locations``.

        >>> places = await lusha.v2.filters.contacts.locations("new york")
        """
        return await self._call(CONTACT_LOCATIONS, body=_text(text), timeout=timeout)


class CompanyFilterValues(Resource):
    """`lusha.v2.filters.companies`: what searches for companies take. In V3 `lusha.companies.filter_values`.

    Free; 25 requests a second each.
    """

    async def names(self, text: str, *, timeout: float | None = None) -> tuple[CompanyName, ...]:
        """Companies whose name has `text` in it. ``POST /prospecting/filters/companies/names``.

        >>> companies = await lusha.v2.filters.companies.names("example")
        """
        return await self._call(NAMES, body=_text(text), timeout=timeout)

    async def industries_labels(self, *, timeout: float | None = None) -> tuple[IndustryLabel, ...]:
        """Industries and their branches. ``GET /prospecting/filters/companies/industries_labels``.

        >>> industries = await lusha.v2.filters.companies.industries_labels()
        """
        return await self._call(INDUSTRIES_LABELS, timeout=timeout)

    async def sizes(self, *, timeout: float | None = None) -> tuple[RangeOption, ...]:
        """Bands of employees. ``GET /prospecting/filters/companies/sizes``.

        >>> sizes = await lusha.v2.filters.companies.sizes()
        """
        return await self._call(SIZES, timeout=timeout)

    async def revenues(self, *, timeout: float | None = None) -> tuple[RangeOption, ...]:
        """Bands of revenue, in US dollars. ``GET /prospecting/filters/companies/revenues``.

        >>> revenues = await lusha.v2.filters.companies.revenues()
        """
        return await self._call(REVENUES, timeout=timeout)

    async def locations(self, text: str, *, timeout: float | None = None) -> tuple[PlaceOption, ...]:
        """Places whose name has `text` in it. ``POST /prospecting/filters/companies/locations``.

        >>> places = await lusha.v2.filters.companies.locations("germany")
        """
        return await self._call(COMPANY_LOCATIONS, body=_text(text), timeout=timeout)

    async def sics(self, *, timeout: float | None = None) -> tuple[Code, ...]:
        """SIC codes. ``GET /prospecting/filters/companies/sics``.

        >>> codes = await lusha.v2.filters.companies.sics()
        """
        return await self._call(SICS, timeout=timeout)

    async def naics(self, *, timeout: float | None = None) -> tuple[Code, ...]:
        """NAICS codes. ``GET /prospecting/filters/companies/naics``.

        >>> codes = await lusha.v2.filters.companies.naics()
        """
        return await self._call(NAICS, timeout=timeout)

    async def intent_topics(self, *, timeout: float | None = None) -> tuple[str, ...]:
        """Topics companies read about. ``GET /prospecting/filters/companies/intent_topics``.

        >>> topics = await lusha.v2.filters.companies.intent_topics()
        """
        return await self._call(INTENT_TOPICS, timeout=timeout)

    async def technologies(self, text: str, *, timeout: float | None = None) -> tuple[Technology, ...]:
        """Technologies whose name has `text` in it. ``POST /prospecting/filters/companies/technologies``.

        >>> technologies = await lusha.v2.filters.companies.technologies("sales")
        """
        return await self._call(TECHNOLOGIES, body=_text(text), timeout=timeout)


class FilterValues(Resource):
    """`lusha.v2.filters`."""

    @cached_property
    def contacts(self) -> ContactFilterValues:
        """What searches for people take."""
        return ContactFilterValues(self._sender)

    @cached_property
    def companies(self) -> CompanyFilterValues:
        """What searches for companies take."""
        return CompanyFilterValues(self._sender)
