"""The first form of lookalikes: `lusha.v2.recommendations`. Other paths, the same bodies."""

from typing import Any

from ..endpoint import Endpoint, Repeat
from ..v3.lookalikes import CompanyLookalikesRequest, ContactLookalikesRequest, Lookalikes
from .lookalikes import (
    CompanyLookalikesResponse,
    CompanySeedsLike,
    ContactLookalikesResponse,
    ContactSeedsLike,
    companies_request,
    contacts_request,
)

CONTACTS: Endpoint[ContactLookalikesResponse] = Endpoint(
    method="POST",
    path="/api/recommendations/contacts",
    operation="getContactRecommendations",
    response=ContactLookalikesResponse,
    request=ContactLookalikesRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.contacts.lookalikes",
)

COMPANIES: Endpoint[CompanyLookalikesResponse] = Endpoint(
    method="POST",
    path="/api/recommendations/companies",
    operation="getCompanyRecommendations",
    response=CompanyLookalikesResponse,
    request=CompanyLookalikesRequest,
    repeat=Repeat.COSTLY,
    successor="lusha.companies.lookalikes",
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (CONTACTS, COMPANIES)


class Recommendations(Lookalikes):
    """`lusha.v2.recommendations`: people and companies that resemble given ones, at the older paths."""

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

        ``POST /api/recommendations/contacts`` (in V3 `lusha.contacts.lookalikes`), 25 requests a second. Charged per
        result; options and errors as for `lusha.v2.lookalikes.contacts`. No document of Lusha's describes this path
        any more; the bodies are taken to be those of the lookalikes.

        >>> seeds = [{"email": f"person{n}@example.com"} for n in range(5)]
        >>> answer = await lusha.v2.recommendations.contacts(seeds, limit=10)
        >>> len(answer.results or ()) <= 10
        True
        """
        body = contacts_request(seeds, exclude, limit, dedupe_session_id)
        return await self._lookalikes(CONTACTS, body, timeout, allow_repeat)

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

        ``POST /api/recommendations/companies`` (in V3 `lusha.companies.lookalikes`), 25 requests a second. Charged per
        result; options and errors as for `lusha.v2.lookalikes.companies`. No document of Lusha's describes this path
        any more; the bodies are taken to be those of the lookalikes.

        >>> seeds = [{"domain": f"company{n}.example.com"} for n in range(5)]
        >>> answer = await lusha.v2.recommendations.companies(seeds, limit=10)
        >>> len(answer.results or ()) <= 10
        True
        """
        body = companies_request(seeds, exclude, limit, dedupe_session_id)
        return await self._lookalikes(COMPANIES, body, timeout, allow_repeat)
