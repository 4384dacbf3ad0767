"""Website visits: which companies were on the account's own tracked websites."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
from ..model import RequestModel
from ..paging import ByNumber, Pages, Position, even_size
from ..resource import Resource
from .checks import day, request_of, tokens, within
from .common import CompanyPreview, Number, Pagination, Response
from .prospecting import PageRequest

LARGEST_PAGE = 150
LONGEST_SPAN = timedelta(days=92)


class VisitRange(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `min` to `max`, both included."""

    min: Number | None = None
    max: Number | None = None


class VisitorCountries(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Countries the visitors come from."""

    include: Sequence[str] | None = None
    exclude: Sequence[str] | None = None


class WebsiteVisitsFilters(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which visits count. `score_bands` are ``cold``, ``warm``, ``hot``; all numbers but the minutes are whole."""

    score_bands: Sequence[str] | None = None
    visitor_countries: VisitorCountries | None = None
    score: VisitRange | None = None
    total_sessions: VisitRange | None = None
    avg_session_minutes: VisitRange | None = None
    unique_visitors: VisitRange | None = None
    days_visited: VisitRange | None = None
    high_intent_pageviews: VisitRange | None = None
    days_since_last_visit: VisitRange | None = None


class WebsiteVisitsSort(RequestModel, frozen=True, kw_only=True):
    """By which field, and ``asc`` or ``desc``."""

    by: str | None = None
    order: str | None = None


class WebsiteVisitsRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/companies/website-visits``."""

    domains: tuple[str, ...]
    start_date: str
    end_date: str
    pagination: PageRequest
    sort: WebsiteVisitsSort | None = None
    filters: WebsiteVisitsFilters | None = None


class WebsiteVisitor(CompanyPreview, frozen=True):
    """A company that visited, and how. `score_band` is ``cold``, ``warm`` or ``hot``."""

    score: Number | None = None
    score_band: str | None = None
    total_sessions: Number | None = None
    unique_visitors: Number | None = None
    avg_session_minutes: Number | None = None
    days_visited: Number | None = None
    high_intent_pageviews: Number | None = None
    days_since_last_visit: Number | None = None
    last_visit: str | None = None
    visitor_country: str | None = None


class WebsiteVisitsResponse(Response, frozen=True):
    """One page of companies."""

    results: tuple[WebsiteVisitor, ...] = ()
    pagination: Pagination | None = None


WEBSITE_VISITS = Endpoint(
    method="POST",
    path="/v3/companies/website-visits",
    operation="getWebsiteVisits",
    request=WebsiteVisitsRequest,
    response=WebsiteVisitsResponse,
    repeat=Repeat.COSTLY,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (WEBSITE_VISITS,)


def website_visits_request(
    domains: Iterable[str],
    *,
    start_date: date | str,
    end_date: date | str,
    page: int,
    size: int,
    sort_by: str | None,
    sort_order: str | None,
    filters: WebsiteVisitsFilters | Mapping[str, Any] | None,
) -> WebsiteVisitsRequest:
    """The body of a request, checked."""
    first, last = day(start_date, field="start_date"), day(end_date, field="end_date")
    if first is None or last is None:
        raise InvalidRequest("start_date and end_date are required: give both days", field="start_date")
    span = date.fromisoformat(last) - date.fromisoformat(first)
    if span < timedelta(0):
        raise InvalidRequest("end_date is before start_date: swap them", field="end_date")
    if span > LONGEST_SPAN:
        raise InvalidRequest(f"{span.days} days are more than the API's three months: split them", field="end_date")
    return WebsiteVisitsRequest(
        domains=tokens(domains, field="domains"),
        start_date=first,
        end_date=last,
        pagination=PageRequest(
            page=within(page, 0, None, field="page") or 0, size=within(size, 1, LARGEST_PAGE, field="size") or size
        ),
        sort=WebsiteVisitsSort(by=sort_by, order=sort_order) if sort_by or sort_order else None,
        filters=None if filters is None else request_of(WebsiteVisitsFilters, filters, field="filters"),
    )


class WebsiteVisits(Resource):
    """Visits to the account's own websites."""

    async def website_visits(
        self,
        domains: str | Iterable[str],
        *,
        start_date: date | str,
        end_date: date | str,
        page: int = 0,
        size: int = 100,
        sort_by: str | None = None,
        sort_order: Literal["asc", "desc"] | None = None,
        filters: WebsiteVisitsFilters | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> WebsiteVisitsResponse:
        """One page of the companies that visited the tracked `domains` between two days, both included.

        ``POST /v3/companies/website-visits``, `size` 1 to 150, at most three months, 25 requests a second. The answer's
        `billing` tells the price. A domain that is not set up for tracking refuses the whole call.

        Raises `PermissionDenied` where the plan has no website visits.

        >>> answer = await lusha.companies.website_visits("example.com", start_date="2026-01-01", end_date="2026-01-31")
        >>> answer.pagination.page
        0
        """
        body = website_visits_request(
            domains,
            start_date=start_date,
            end_date=end_date,
            page=page,
            size=size,
            sort_by=sort_by,
            sort_order=sort_order,
            filters=filters,
        )
        return await self._call(WEBSITE_VISITS, body=body, timeout=timeout, allow_repeat=allow_repeat)

    def iter_website_visits(
        self,
        domains: str | Iterable[str],
        *,
        start_date: date | str,
        end_date: date | str,
        limit: int | None = None,
        page: int = 0,
        size: int | None = None,
        prefetch: bool = True,
        sort_by: str | None = None,
        sort_order: Literal["asc", "desc"] | None = None,
        filters: WebsiteVisitsFilters | Mapping[str, Any] | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[WebsiteVisitor]:
        """All companies that visited, up to `limit`, page after page from `page` on. Options as in `website_visits`.

        ``POST /v3/companies/website-visits``, pages of 150 (or less, to meet `limit`). See `lusha_async.paging`.

        >>> visitors = lusha.companies.iter_website_visits(
        ...     "example.com", start_date="2026-01-01", end_date="2026-01-31", limit=20
        ... )
        >>> len([visitor.name async for visitor in visitors]) <= 20
        True
        """
        rows = size or even_size(limit, smallest=1, largest=LARGEST_PAGE)
        call = partial(
            self.website_visits,
            tokens(domains, field="domains"),
            start_date=start_date,
            end_date=end_date,
            size=rows,
            sort_by=sort_by,
            sort_order=sort_order,
            filters=filters,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )
        walk: ByNumber[WebsiteVisitor, WebsiteVisitsResponse] = ByNumber(
            lambda number: call(page=number), items=lambda answer: answer.results, size=rows, reliable=True
        )
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)
