"""Prospect, keep what can be revealed, enrich: the three steps as one streaming run.

Pages of prospecting are the source of a bulk run of enrichment: records are enriched while further pages arrive, and no
page is asked for once `limit` records have been passed on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Unpack

from ..bulk import BulkOptions, BulkRun
from ..errors import ClientStateError, InvalidRequest
from ..records import record_id
from .checks import tokens
from .common import Company, CompanyPreview, Contact, ContactPreview, company_reveal
from .enrichment import CompanyEnrichRequest, ContactEnrichRequest
from .enrichment_bulk import COMPANIES_BULK_ENRICH, CONTACTS_BULK_ENRICH
from .jobs import JOB_TIMEOUT, JobFollower
from .prospecting import LARGEST_PAGE, SMALLEST_PAGE, CompanyProspecting, ContactProspecting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from ..paging import Pages
    from .common import CanReveal, CompanyReveal, ContactReveal
    from .prospecting_filters import FiltersLike

Preview = TypeVar("Preview", bound=ContactPreview | CompanyPreview)
Result = TypeVar("Result", bound=Contact | Company)

PROFILE = 1.0
"""Credits of a company's profile on the published price list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What an enrichment would cost, by the prices the API put on each record."""

    records: int
    """Records that would be enriched."""
    skipped: int
    """Records seen that have nothing to reveal."""
    credits: float
    """Credits for them; what the account has revealed before counts 0."""
    unpriced: int
    """Records among them that came without a price: they are not in `credits`."""
    search_credits: float
    """Credits charged for the search itself, which this estimate needed."""


class Revealable(Generic[Preview]):
    """The records of some pages that have something to reveal, up to `limit` of them."""

    def __init__(self, pages: Pages[Preview], *, worth: Callable[[Preview], bool], limit: int | None) -> None:
        self.pages = pages
        self.skipped = 0
        self.passed = 0
        self._worth = worth
        self._limit = limit

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Preview:
        while self._limit is None or self.passed < self._limit:
            item = await anext(self.pages)
            if item.id is not None and item.error is None and self._worth(item):
                self.passed += 1
                return item
            self.skipped += 1
        raise StopAsyncIteration


class ProspectRun(BulkRun[Preview, Result]):
    """A bulk run whose records come from prospecting. Outcomes hold the preview in `item`, the rest in `result`.

    `skipped` counts what had nothing to reveal; `pages` tells where the search stands (`pages.next_page`) and what it
    cost (`pages.credits_charged`), which is not in `report`.
    """

    def __init__(
        self,
        sender: Any,
        operation: Any,
        found: Revealable[Preview],
        *,
        request: Any,
        price: Callable[[Preview], float | None],
        limit: int | None,
        **options: Unpack[BulkOptions],
    ) -> None:
        self._found = found
        self._price = price
        self._limit = limit
        self._estimated: list[Preview] | None = None
        super().__init__(sender, operation, self._records(), request=request, **options)

    @property
    def pages(self) -> Pages[Preview]:
        """The search."""
        return self._found.pages

    @property
    def skipped(self) -> int:
        """Records that were found and have nothing to reveal."""
        return self._found.skipped

    async def estimate(self) -> Estimate:
        """A dry run: search, and tell what enriching would cost, without doing it.

        Only the search is charged. Needs a `limit`. The same run may then be started: it does not search again.
        """
        if self._limit is None:
            raise InvalidRequest("an estimate keeps what it finds: give the run a limit", field="limit")
        if self._estimated is not None:
            raise ClientStateError("This run has been estimated already: start it, or make a new one.")
        self._estimated = []
        async for item in self._found:
            self._estimated.append(item)
        prices = [self._price(item) for item in self._estimated]
        return Estimate(
            records=len(prices),
            skipped=self.skipped,
            credits=sum(price for price in prices if price is not None),
            unpriced=prices.count(None),
            search_credits=self.pages.credits_charged,
        )

    async def _records(self) -> AsyncIterator[Preview]:
        for item in self._estimated or ():
            yield item
        async for item in self._found:
            yield item

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(kind, error, trace)
        finally:
            await self.pages.aclose()


def has_any(item: ContactPreview, wanted: Sequence[str]) -> bool:
    """Whether there is something to reveal; a contact that does not say is given the benefit of the doubt."""
    if item.has is None and item.can_reveal is None:
        return True
    offered = {offer.field for offer in item.can_reveal or ()}
    return any(name in (item.has or ()) or name in offered for name in wanted)


def priced(offers: Sequence[CanReveal] | None, wanted: Sequence[str]) -> float | None:
    """Credits for what is wanted of one record; None where the API named no price."""
    if offers is None:
        return None
    prices = [offer.credits for offer in offers if offer.field in wanted]
    return None if None in prices else float(sum(price for price in prices if price is not None))


def _id(item: ContactPreview | CompanyPreview, index: int) -> str:
    return record_id(item.id, index=index)


CONTACTS_OF_SEARCH = replace(CONTACTS_BULK_ENRICH, prepare=_id)
COMPANIES_OF_SEARCH = replace(COMPANIES_BULK_ENRICH, prepare=_id)


def _page_size(limit: int | None) -> int:
    """Small for small limits; else full pages: how many rows it takes is not known beforehand."""
    return LARGEST_PAGE if limit is None else max(SMALLEST_PAGE, min(LARGEST_PAGE, limit))


def _check(limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise InvalidRequest("limit is a number of records, 1 or more, or None for all", field="limit")


class ContactPipeline(ContactProspecting):
    """Prospecting for contacts that ends in their data."""

    def prospect_and_enrich(
        self,
        filters: FiltersLike,
        *,
        reveal: Iterable[ContactReveal | str],
        limit: int | None,
        page: int = 0,
        include_partial_profiles: bool | None = None,
        exclude_dnc: bool | None = None,
        max_contacts_per_company: int | None = None,
        waterfall_enabled: bool = False,
        wait_for_jobs: bool = True,
        job_timeout: float = JOB_TIMEOUT,
        table_id: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> ProspectRun[ContactPreview, Contact]:
        """Find contacts by `filters` and reveal their data, as one run: at most `limit` of them (None: all).

        ``POST /v3/contacts/prospecting`` in pages of 100, then ``POST /v3/contacts/enrich`` in chunks of 100. Charged
        for every page and every revealed data point; contacts that have nothing of `reveal` are skipped and not paid
        for. ``await run.estimate()`` tells the price before anything is revealed. A search that fails (a rate limit, no
        credits) is raised by the loop once everything found before has been handed out; `run.pages.next_page` is where
        to go on. Options as in `BulkOptions`.

        >>> filters = {"contacts": {"include": {"departments": ["Marketing"]}}}
        >>> run = lusha.contacts.prospect_and_enrich(filters, reveal=["emails"], limit=15)
        >>> estimate = await run.estimate()
        >>> async with run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes) == estimate.records <= 15
        True
        """
        _check(limit)
        wanted = tokens(reveal, field="reveal")
        pages = self.iter_prospect(
            filters,
            page=page,
            size=_page_size(limit),
            prefetch=limit is None,
            include_partial_profiles=include_partial_profiles,
            exclude_dnc=exclude_dnc,
            max_contacts_per_company=max_contacts_per_company,
            timeout=options.get("timeout"),
            allow_repeat=options.get("allow_repeat", False),
        )
        return ProspectRun(
            JobFollower(self._sender, job_timeout) if wait_for_jobs else self._sender,
            CONTACTS_OF_SEARCH,
            Revealable(pages, worth=lambda item: has_any(item, wanted), limit=limit),
            request=ContactEnrichRequest(ids=(), reveal=wanted, waterfall_enabled=waterfall_enabled, table_id=table_id),
            price=lambda item: priced(item.can_reveal, wanted),
            limit=limit,
            **options,
        )


class CompanyPipeline(CompanyProspecting):
    """Prospecting for companies that ends in their profiles."""

    def prospect_and_enrich(
        self,
        filters: FiltersLike,
        *,
        reveal: Iterable[CompanyReveal | str],
        limit: int | None,
        page: int = 0,
        include_partial_profiles: bool | None = None,
        table_id: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> ProspectRun[CompanyPreview, Company]:
        """Find companies by `filters` and get their profiles, as one run: at most `limit` of them (None: all).

        ``POST /v3/companies/prospecting`` in pages of 100, then ``POST /v3/companies/enrich`` in chunks of 100. Charged
        for every page, every profile and every revealed field; ``reveal=()`` asks for profiles alone. ``await
        run.estimate()`` tells the price beforehand, a profile counted as 1 credit. Options as in `BulkOptions`.

        >>> filters = {"companies": {"include": {"locations": [{"country": "Germany"}]}}}
        >>> async with lusha.companies.prospect_and_enrich(filters, reveal=(), limit=15) as run:
        ...     names = [outcome.result.name async for outcome in run if outcome.result]
        >>> len(names) <= 15
        True
        """
        _check(limit)
        wanted = company_reveal(reveal)
        pages = self.iter_prospect(
            filters,
            page=page,
            size=_page_size(limit),
            prefetch=limit is None,
            include_partial_profiles=include_partial_profiles,
            timeout=options.get("timeout"),
            allow_repeat=options.get("allow_repeat", False),
        )
        return ProspectRun(
            self._sender,
            COMPANIES_OF_SEARCH,
            Revealable(pages, worth=lambda item: True, limit=limit),
            request=CompanyEnrichRequest(ids=(), reveal=wanted, table_id=table_id),
            price=lambda item: PROFILE + (priced(item.can_reveal, wanted) or 0.0) if wanted else PROFILE,
            limit=limit,
            **options,
        )
