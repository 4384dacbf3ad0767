"""The values that prospecting filters take, as the API lists them."""

from typing import Any, ClassVar, Literal

from ..endpoint import Endpoint
from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..resource import Resource

ContactFilterType = Literal["departments", "seniority", "existingDataPoints", "countries", "locations"]
CompanyFilterType = Literal[
    "names", "sizes", "revenues", "locations", "sics", "naics", "industriesLabels", "intentTopics", "technologies"
]


class FilterType(Model, frozen=True):
    """A list of values, and whether it is searched with a `query`."""

    filter_type: str | None = None
    requires_query: bool | None = None


class FilterTypesResponse(Model, frozen=True):
    """The lists there are."""

    available_filters: tuple[FilterType, ...] = ()


class FilterValuesResponse(Model, frozen=True):
    """One list. Its elements differ from filter to filter: names, ranges, places, ids with labels."""

    values: Any = None


class FilterQuery(RequestModel, frozen=True, kw_only=True):
    """Query of the operations that list values."""

    query: str | None = None


def types_endpoint(path: str, operation: str) -> Endpoint[FilterTypesResponse]:
    """An operation that names the lists there are."""
    return Endpoint(method="GET", path=path, operation=operation, response=FilterTypesResponse)


def values_endpoint(path: str, operation: str) -> Endpoint[FilterValuesResponse]:
    """An operation that gives one list."""
    return Endpoint(
        method="GET",
        path=path + "/{filter_type}",
        operation=operation,
        query=FilterQuery,
        response=FilterValuesResponse,
    )


CONTACT_FILTER_TYPES = types_endpoint("/v3/contacts/prospecting/filters", "getContactFilterTypes")
CONTACT_FILTER_VALUES = values_endpoint("/v3/contacts/prospecting/filters", "getContactFilterValues")
COMPANY_FILTER_TYPES = types_endpoint("/v3/companies/prospecting/filters", "getCompanyFilterTypes")
COMPANY_FILTER_VALUES = values_endpoint("/v3/companies/prospecting/filters", "getCompanyFilterValues")

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    CONTACT_FILTER_TYPES,
    CONTACT_FILTER_VALUES,
    COMPANY_FILTER_TYPES,
    COMPANY_FILTER_VALUES,
)


def filter_query(
    filter_type: str, query: str | None, *, needs_query: frozenset[str] = frozenset()
) -> FilterQuery | None:
    """The query of a list, checked: 2 to 256 characters, and there where the list is too long to be given whole."""
    if query is None:
        if filter_type in needs_query:
            raise InvalidRequest(
                f"{filter_type} is searched, not listed: give query, 2 to 256 characters", field="query"
            )
        return None
    if not 2 <= len(query) <= 256:
        raise InvalidRequest(f"query has {len(query)} characters, the API takes 2 to 256", field="query")
    return FilterQuery(query=query)


class ContactFilters(Resource):
    """Values for the filters of contacts."""

    _needs_query: ClassVar[frozenset[str]] = frozenset({"locations"})

    async def filter_types(self, *, timeout: float | None = None) -> FilterTypesResponse:
        """The lists of filter values there are for contacts.

        ``GET /v3/contacts/prospecting/filters``, 25 requests a second, free.

        >>> types = await lusha.contacts.filter_types()
        >>> "departments" in [kind.filter_type for kind in types.available_filters]
        True
        """
        return await self._call(CONTACT_FILTER_TYPES, timeout=timeout)

    async def filter_values(
        self, filter_type: ContactFilterType | str, *, query: str | None = None, timeout: float | None = None
    ) -> FilterValuesResponse:
        """The values one filter of contacts takes.

        ``GET /v3/contacts/prospecting/filters/{filterType}``, 25 requests a second, free. ``locations`` needs `query`.

        >>> seniority = await lusha.contacts.filter_values("seniority")
        >>> bool(seniority.values)
        True
        """
        query_string = filter_query(filter_type, query, needs_query=self._needs_query)
        path = {"filter_type": filter_type}
        return await self._call(CONTACT_FILTER_VALUES, path=path, query=query_string, timeout=timeout)


class CompanyFilters(Resource):
    """Values for the filters of companies."""

    _needs_query: ClassVar[frozenset[str]] = frozenset({"names", "locations", "technologies"})

    async def filter_types(self, *, timeout: float | None = None) -> FilterTypesResponse:
        """The lists of filter values there are for companies.

        ``GET /v3/companies/prospecting/filters``, 25 requests a second, free.

        >>> types = await lusha.companies.filter_types()
        >>> "sizes" in [kind.filter_type for kind in types.available_filters]
        True
        """
        return await self._call(COMPANY_FILTER_TYPES, timeout=timeout)

    async def filter_values(
        self, filter_type: CompanyFilterType | str, *, query: str | None = None, timeout: float | None = None
    ) -> FilterValuesResponse:
        """The values one filter of companies takes.

        ``GET /v3/companies/prospecting/filters/{filterType}``, 25 requests a second, free. ``names``, ``locations`` and
        ``technologies`` need `query`.

        >>> sizes = await lusha.companies.filter_values("sizes")
        >>> bool(sizes.values)
        True
        """
        query_string = filter_query(filter_type, query, needs_query=self._needs_query)
        path = {"filter_type": filter_type}
        return await self._call(COMPANY_FILTER_VALUES, path=path, query=query_string, timeout=timeout)
