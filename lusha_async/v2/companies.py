"""Companies: `lusha.v2.companies`. Finds and enriches one company or up to 100 in a call."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from ..endpoint import Endpoint, Repeat
from ..model import Model, RequestModel
from ..records import CompanyLike, CompanyQuery, company_queries, company_query
from ..resource import Resource
from ..v3.checks import day
from .common import (
    CompanySignalType,
    ItemError,
    SignalFilterBody,
    SignalFilters,
    included,
    legacy_id,
    references,
    signal_filters,
    signal_names,
)
from .company import Company


class CompanyParams(RequestModel, frozen=True, kw_only=True):
    """The query of one company's enrichment."""

    domain: str | None = None
    company: str | None = None
    company_id: str | None = None
    signals: list[str] | None = None
    signals_start_date: str | None = None
    partial_company: bool | None = None


class CompanyRecord(RequestModel, frozen=True, kw_only=True):
    """One company of a batch. `id` is the key under which it is answered; Lusha's own id is `company_id`."""

    id: str
    domain: str | None = None
    fqdn: str | None = None
    name: str | None = None
    company_id: str | None = None


class CompanyBatchRequest(RequestModel, frozen=True, kw_only=True):
    """The body of a batch."""

    companies: tuple[CompanyRecord, ...]
    signals: tuple[str, ...] | None = None
    signals_start_date: str | None = None
    signals_filters: SignalFilterBody | None = None
    partial_company: bool | None = None


class CompanyResponse(Model, frozen=True):
    """The answer of one company's enrichment."""

    data: Company | None = None
    errors: ItemError | tuple[ItemError, ...] | None = None
    meta: dict[str, Any] | None = None


CompanyBatchResponse = dict[str, Company]
"""The answer of a batch: companies by the reference they were asked with; one that was not found may be missing."""

ENRICH: Endpoint[CompanyResponse] = Endpoint(
    method="GET",
    path="/v2/company",
    operation="searchSingleCompanyV2",
    response=CompanyResponse,
    query=CompanyParams,
    repeat=Repeat.CHEAP,
    successor="lusha.companies.search_and_enrich",
)

# Lusha's document lists this under POST /v2/company; its own text there, and the live API, have this path.
ENRICH_BATCH: Endpoint[CompanyBatchResponse] = Endpoint(
    method="POST",
    path="/bulk/company/v2",
    operation="searchMultipleCompaniesV2",
    response=CompanyBatchResponse,
    request=CompanyBatchRequest,
    repeat=Repeat.CHEAP,
    successor="lusha.companies.search_and_enrich",
)


ENDPOINTS: tuple[Endpoint[Any], ...] = (ENRICH, ENRICH_BATCH)


def company_record(query: CompanyQuery, reference: str, *, index: int | None = None) -> CompanyRecord:
    """A company in the form of a batch, answered under `reference`. The record's own reference is not sent."""
    return CompanyRecord(
        id=reference, domain=query.domain, name=query.name, company_id=legacy_id(query.id, index=index)
    )


class CompanyEnrichment(Resource):
    """`lusha.v2.companies`: find and enrich companies."""

    async def enrich(
        self,
        company: CompanyLike,
        *,
        partial_company: bool | None = None,
        signals: Iterable[CompanySignalType] | None = None,
        signals_start_date: datetime.date | str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyResponse:
        """Find one company by domain, name or id, and everything Lusha knows about it.

        API: ``GET /v2/company`` (retired generation; in V3 `lusha.companies.search_and_enrich`). 25 requests a second.
        Costs one credit per company by the usual prices; `signals` (since `signals_start_date`, six months ago by
        default) cost extra. `partial_company=False` leaves out incomplete companies, which the API includes by
        default. Signals cannot be narrowed here: `enrich_batch` has `signals_filters`.

        A company that is not known comes back in `errors`, or as `NotFound`. Raises `InvalidRequest` before sending
        for a record without domain, name or id, and `EndpointRetired` once Lusha has switched this off.

        >>> answer = await lusha.v2.companies.enrich({"domain": "example.com"})
        >>> name = answer.data.name if answer.data else None
        """
        query = company_query(company)
        params = CompanyParams(
            domain=query.domain,
            company=query.name,
            company_id=legacy_id(query.id),
            signals=list(signal_names(signals) or ()) or None,
            signals_start_date=day(signals_start_date, field="signals_start_date"),
            partial_company=partial_company,
        )
        return await self._call(ENRICH, query=params, timeout=timeout, allow_repeat=allow_repeat)

    async def enrich_batch(
        self,
        companies: CompanyLike | Iterable[CompanyLike],
        *,
        partial_company: bool | None = None,
        signals: Iterable[CompanySignalType] | None = None,
        signals_start_date: datetime.date | str | None = None,
        signals_filters: SignalFilters | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyBatchResponse:
        """Find up to 100 companies in one call, and everything Lusha knows about them.

        API: ``POST /bulk/company/v2`` (retired generation; in V3 `lusha.companies.search_and_enrich`). 25 requests a
        second, 100 companies each; `bulk_enrich` takes any number. Prices and options as for `enrich`, per company;
        `signals_filters` narrows news and hiring signals.

        The answer is a dict: `answer["0"]` belongs to the first record, unless it has a `client_reference_id`, which
        then is its key. A company that was not found is missing, or has an `error`.

        Raises `InvalidRequest` before sending, naming record and field, for records without domain, name or id, more
        than 100 of them, an id of V3, or one `client_reference_id` on two records.

        >>> answer = await lusha.v2.companies.enrich_batch([{"domain": "example.com"}, {"name": "Example Ltd"}])
        >>> first = answer.get("0")
        """
        queries = company_queries(companies)
        keys = references(query.client_reference_id for query in queries)
        body = CompanyBatchRequest(
            companies=tuple(
                company_record(query, key, index=n) for n, (query, key) in enumerate(zip(queries, keys, strict=True))
            ),
            signals=signal_names(signals),
            signals_start_date=day(signals_start_date, field="signals_start_date"),
            signals_filters=included(signal_filters(signals_filters)),
            partial_company=partial_company,
        )
        return await self._call(ENRICH_BATCH, body=body, timeout=timeout, allow_repeat=allow_repeat)
