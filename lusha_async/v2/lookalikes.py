"""People and companies that resemble given ones, at V2's paths: `lusha.v2.lookalikes`. Bodies are those of V3."""

from collections.abc import Iterable
from typing import Any

import msgspec

from ..endpoint import Endpoint, Repeat
from ..model import Model
from ..records import CompanyLike, ContactLike
from ..v3.checks import within
from ..v3.common import Billing
from ..v3.lookalikes import (
    LARGEST_PAGE,
    CompanyLookalikesRequest,
    CompanySeeds,
    ContactLookalikesRequest,
    ContactSeeds,
    Lookalikes,
    LookalikesResponse,
    company_seeds,
    contact_seeds,
)
from .common import JobTitle, LegacyId, Location, SocialLinks, numeric_id

ContactSeedsLike = ContactSeeds | ContactLike | Iterable[ContactLike]
"""Known people: records, or `ContactSeeds`."""

CompanySeedsLike = CompanySeeds | CompanyLike | Iterable[CompanyLike]
"""Known companies: records with a domain, or `CompanySeeds`."""


class LookalikeEmployer(Model, frozen=True):
    """Where a person works."""

    company_id: LegacyId | None = None
    name: str | None = None
    domain: str | None = None


class LookalikeContact(Model, frozen=True):
    """A person like the seeds."""

    contact_id: LegacyId | None = None
    first_name: str | None = None
    last_name: str | None = None
    social_links: SocialLinks | None = None
    company: LookalikeEmployer | None = None
    job_title: JobTitle | None = None
    location: Location | None = None


class LookalikeCompany(Model, frozen=True):
    """A company like the seeds."""

    domain: str | None = None
    linkedin_url: str | None = None
    name: str | None = None
    employee_count: int | None = None
    industry: str | None = None
    location: Location | None = None


class LegacyLookalikesResponse(LookalikesResponse, frozen=True):
    """The frame of both answers. `billing` is filled where the API sends `creditsCharged` alone."""

    credits_charged: int | float | None = None

    def __post_init__(self) -> None:
        if self.billing is None and self.credits_charged is not None:
            msgspec.structs.force_setattr(self, "billing", Billing(credits_charged=self.credits_charged))


class ContactLookalikesResponse(LegacyLookalikesResponse, frozen=True):
    """People like the seeds, and the session to ask for more."""

    results: tuple[LookalikeContact, ...] | None = None


class CompanyLookalikesResponse(LegacyLookalikesResponse, frozen=True):
    """Companies like the seeds, and the session to ask for more."""

    results: tuple[LookalikeCompany, ...] | None = None


def _endpoints(
    folder: str, operation: str
) -> tuple[Endpoint[ContactLookalikesResponse], Endpoint[CompanyLookalikesResponse]]:
    contacts = Endpoint(
        method="POST",
        path=f"{folder}/contacts",
        operation=f"getContact{operation}",
        response=ContactLookalikesResponse,
        request=ContactLookalikesRequest,
        repeat=Repeat.COSTLY,
        successor="lusha.contacts.lookalikes",
    )
    companies = Endpoint(
        method="POST",
        path=f"{folder}/companies",
        operation=f"getCompany{operation}",
        response=CompanyLookalikesResponse,
        request=CompanyLookalikesRequest,
        repeat=Repeat.COSTLY,
        successor="lusha.companies.lookalikes",
    )
    return contacts, companies


LOOKALIKES = _endpoints("/v3/lookalike", "Lookalikes")
RECOMMENDATIONS = _endpoints("/api/recommendations", "Recommendations")
"""The first form of lookalikes. No document of Lusha's describes it any more; its bodies are taken to be the same."""

ENDPOINTS: tuple[Endpoint[Any], ...] = (*LOOKALIKES, *RECOMMENDATIONS)


def legacy_contact_seeds(given: ContactSeedsLike, *, field: str = "seeds") -> ContactSeeds:
    """Seeds, checked, with ids as the numbers this generation takes."""
    seeds = contact_seeds(given, field=field)
    if not seeds.ids:
        return seeds
    numbers = [numeric_id(value, index=n) for n, value in enumerate(seeds.ids)]
    return msgspec.structs.replace(seeds, ids=None, contact_ids=[*(seeds.contact_ids or ()), *numbers])


def contacts_request(
    seeds: ContactSeedsLike, exclude: ContactSeedsLike | None, limit: int, dedupe_session_id: str | None
) -> ContactLookalikesRequest:
    """The body of both contact operations."""
    return ContactLookalikesRequest(
        seeds=legacy_contact_seeds(seeds),
        exclude=None if exclude is None else legacy_contact_seeds(exclude, field="exclude"),
        limit=within(limit, 1, LARGEST_PAGE, field="limit"),
        dedupe_session_id=dedupe_session_id,
    )


def companies_request(
    seeds: CompanySeedsLike, exclude: CompanySeedsLike | None, limit: int, dedupe_session_id: str | None
) -> CompanyLookalikesRequest:
    """The body of both company operations."""
    return CompanyLookalikesRequest(
        seeds=company_seeds(seeds),
        exclude=None if exclude is None else company_seeds(exclude, field="exclude"),
        limit=within(limit, 1, LARGEST_PAGE, field="limit"),
        dedupe_session_id=dedupe_session_id,
    )


class LegacyLookalikes(Lookalikes):
    """`lusha.v2.lookalikes`: people and companies that resemble given ones."""

    contacts_endpoint, companies_endpoint = LOOKALIKES

    async def contacts(
        self,
        seeds: ContactSeedsLike,
        *,
        exclude: ContactSeedsLike | None = None,
        limit: int = 25,
        dedupe_session_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactLookalikesResponse:
        """People like the seeds: up to `limit` (1 to 100) that the session has not shown yet.

        ``POST /v3/lookalike/contacts`` (in V3 `lusha.contacts.lookalikes`; on `lusha.v2.recommendations` the older
        ``POST /api/recommendations/contacts``), 25 requests a second. Charged per result, each time, so a call whose
        outcome is unknown is not sent again by itself (`OutcomeUnknown`) unless `allow_repeat`. Pass the answer's
        `dedupe_session_id`, good for 30 days, to get others than before.

        `seeds` and `exclude` are records as in `lusha.v2.persons.enrich`, with numeric ids, or `ContactSeeds`. Raises
        `InvalidRequest` before sending for none or for more than 100 of a kind, `SessionExpired` for a session that
        is no more.

        >>> seeds = [{"email": f"person{n}@example.com"} for n in range(5)]
        >>> answer = await lusha.v2.lookalikes.contacts(seeds, limit=10)
        >>> len(answer.results or ()) <= 10
        True
        """
        body = contacts_request(seeds, exclude, limit, dedupe_session_id)
        return await self._lookalikes(self.contacts_endpoint, body, timeout, allow_repeat)

    async def companies(
        self,
        seeds: CompanySeedsLike,
        *,
        exclude: CompanySeedsLike | None = None,
        limit: int = 25,
        dedupe_session_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyLookalikesResponse:
        """Companies like the seeds: up to `limit` (1 to 100) that the session has not shown yet.

        ``POST /v3/lookalike/companies`` (in V3 `lusha.companies.lookalikes`; on `lusha.v2.recommendations` the older
        ``POST /api/recommendations/companies``), 25 requests a second. Price, repeats,
        sessions and errors as for `contacts`. `seeds` and `exclude` are records with a domain, or `CompanySeeds`.

        >>> seeds = [{"domain": f"company{n}.example.com"} for n in range(5)]
        >>> answer = await lusha.v2.lookalikes.companies(seeds, limit=10)
        >>> len(answer.results or ()) <= 10
        True
        """
        body = companies_request(seeds, exclude, limit, dedupe_session_id)
        return await self._lookalikes(self.companies_endpoint, body, timeout, allow_repeat)
