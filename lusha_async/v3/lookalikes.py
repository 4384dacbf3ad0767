"""Lookalikes: contacts or companies that resemble given ones, without repeats within a dedupe session."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest, api_error
from ..model import Model, RequestModel
from ..paging import BySession, Pages, Position
from ..records import CompanyLike, ContactLike, ContactQuery, company_queries, contact_queries
from ..resource import Resource
from .checks import request_of, within
from .common import CompanyPreview, ContactPreview, Response

LARGEST_PAGE = 100
MOST_SEEDS = 100


class NamedContact(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person by name and company."""

    first_name: str
    last_name: str
    company_domain: str | None = None
    company_name: str | None = None


class ContactSeeds(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Known contacts, each by whatever identifies it; at most 100 of a kind. `contact_ids` is for the older numbers."""

    linkedin_urls: Sequence[str] | None = None
    contacts: Sequence[NamedContact] | None = None
    emails: Sequence[str] | None = None
    ids: Sequence[str] | None = None
    contact_ids: Sequence[int] | None = None


class CompanySeeds(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Known companies; at most 100 of a kind."""

    domains: Sequence[str] | None = None
    linkedin_urls: Sequence[str] | None = None


class ContactLookalikesRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/lookalike``."""

    seeds: ContactSeeds
    exclude: ContactSeeds | None = None
    limit: int | None = None
    dedupe_session_id: str | None = None
    table_id: str | None = None


class CompanyLookalikesRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/companies/lookalike``."""

    seeds: CompanySeeds
    exclude: CompanySeeds | None = None
    limit: int | None = None
    dedupe_session_id: str | None = None
    table_id: str | None = None


class LookalikesMeta(Model, frozen=True):
    """How many came, and whether the session has more."""

    returned: int | None = None
    has_more: bool | None = None


class LookalikesResponse(Response, frozen=True):
    """The frame of both answers. Pass `dedupe_session_id` on to get others than before."""

    dedupe_session_id: str | None = None
    meta: LookalikesMeta | None = None
    message: str | None = None
    """Set when the API sent an error with a success status, as it was seen to do."""
    status_code: int | None = None


class ContactLookalikesResponse(LookalikesResponse, frozen=True):
    """Contacts like the seeds."""

    results: tuple[ContactPreview, ...] = ()


class CompanyLookalikesResponse(LookalikesResponse, frozen=True):
    """Companies like the seeds."""

    results: tuple[CompanyPreview, ...] = ()


CONTACTS_LOOKALIKE = Endpoint(
    method="POST",
    path="/v3/contacts/lookalike",
    operation="getContactLookalikes",
    request=ContactLookalikesRequest,
    response=ContactLookalikesResponse,
    repeat=Repeat.COSTLY,
)
COMPANIES_LOOKALIKE = Endpoint(
    method="POST",
    path="/v3/companies/lookalike",
    operation="getCompanyLookalikes",
    request=CompanyLookalikesRequest,
    response=CompanyLookalikesResponse,
    repeat=Repeat.COSTLY,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (CONTACTS_LOOKALIKE, COMPANIES_LOOKALIKE)

Seeds = TypeVar("Seeds", ContactSeeds, CompanySeeds)


def contact_seeds(given: ContactSeeds | ContactLike | Iterable[ContactLike], *, field: str = "seeds") -> ContactSeeds:
    """Seeds, checked; records are sorted into lists by the strongest thing known of each."""
    if isinstance(given, ContactSeeds):
        return _checked(request_of(ContactSeeds, given, field=field), field)
    sorted_out: dict[str, list[Any]] = {}
    for query in contact_queries(given, limit=4 * MOST_SEEDS):
        kind, value = _strongest(query)
        sorted_out.setdefault(kind, []).append(value)
    return _checked(ContactSeeds(**sorted_out), field)


def company_seeds(given: CompanySeeds | CompanyLike | Iterable[CompanyLike], *, field: str = "seeds") -> CompanySeeds:
    """Seeds, checked. A company counts by its domain: the API takes neither names nor ids here."""
    if isinstance(given, CompanySeeds):
        return _checked(request_of(CompanySeeds, given, field=field), field)
    domains: list[str] = []
    for n, query in enumerate(company_queries(given)):
        if not query.domain:
            raise InvalidRequest("lookalikes know a company by its domain: add it", index=n, field="domain")
        domains.append(query.domain)
    return _checked(CompanySeeds(domains=domains), field)


def _strongest(query: ContactQuery) -> tuple[str, Any]:
    if query.id:
        return "ids", query.id
    if query.linkedin_url:
        return "linkedin_urls", query.linkedin_url
    if query.email:
        return "emails", query.email
    named = NamedContact(
        first_name=query.first_name or "",
        last_name=query.last_name or "",
        company_domain=query.company_domain,
        company_name=query.company_name,
    )
    return "contacts", named


def _checked(seeds: Seeds, field: str) -> Seeds:
    lists: dict[str, Sequence[Any] | None] = msgspec.structs.asdict(seeds)
    if not any(lists.values()):
        raise InvalidRequest(f"{field} is empty: give at least one", field=field)
    for name, values in lists.items():
        if values and len(values) > MOST_SEEDS:
            raise InvalidRequest(
                f"{field}.{name} has {len(values)}, the API takes {MOST_SEEDS}: give fewer", field=f"{field}.{name}"
            )
    return seeds


LookalikesAnswer = TypeVar("LookalikesAnswer", bound=LookalikesResponse)


class Lookalikes(Resource):
    """What both kinds share."""

    async def _lookalikes(
        self, endpoint: Endpoint[LookalikesAnswer], body: RequestModel, timeout: float | None, allow_repeat: bool
    ) -> LookalikesAnswer:
        reply = await self._sender.send(endpoint, body=body, timeout=timeout, allow_repeat=allow_repeat)
        if reply.data.message and reply.data.meta is None:
            status = reply.data.status_code or 400
            raise api_error(status, reply.raw, endpoint=endpoint.name, quota=reply.quota)
        return reply.data


class ContactLookalikes(Lookalikes):
    """Contacts that resemble given ones."""

    async def lookalikes(
        self,
        seeds: ContactSeeds | ContactLike | Iterable[ContactLike],
        *,
        exclude: ContactSeeds | ContactLike | Iterable[ContactLike] | None = None,
        limit: int = 25,
        dedupe_session_id: str | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ContactLookalikesResponse:
        """Contacts in roles and companies like those of the seeds: up to `limit` (1 to 100) not yet shown.

        ``POST /v3/contacts/lookalike``, 25 requests a second. Charged per result (1 credit per started 5 was measured).
        5 to 100 `seeds` are advised: records as in `search`, or `ContactSeeds`. The answer names a `dedupe_session_id`,
        good for 30 days: pass it on for more.

        Raises `SessionExpired` for a session that is no more, `OutcomeUnknown` when no answer came back.

        >>> seeds = [{"email": f"person{n}@example.com"} for n in range(5)]
        >>> answer = await lusha.contacts.lookalikes(seeds, limit=10)
        >>> len(answer.results) <= 10
        True
        """
        body = ContactLookalikesRequest(
            seeds=contact_seeds(seeds),
            exclude=None if exclude is None else contact_seeds(exclude, field="exclude"),
            limit=within(limit, 1, LARGEST_PAGE, field="limit"),
            dedupe_session_id=dedupe_session_id,
            table_id=table_id,
        )
        return await self._lookalikes(CONTACTS_LOOKALIKE, body, timeout, allow_repeat)

    def iter_lookalikes(
        self,
        seeds: ContactSeeds | ContactLike | Iterable[ContactLike],
        *,
        exclude: ContactSeeds | ContactLike | Iterable[ContactLike] | None = None,
        limit: int | None = None,
        dedupe_session_id: str | None = None,
        size: int = LARGEST_PAGE,
        prefetch: bool = True,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[ContactPreview]:
        """Lookalikes until there are no more, or `limit` of them, none shown twice. Options as in `lookalikes`.

        ``POST /v3/contacts/lookalike``, up to 100 a request. Every result is charged; `prefetch` fetches the next while
        half of the last are still to be used. The iterator's `dedupe_session_id`, kept, goes on later where it stood.

        Raises `SessionExpired` when that is older than 30 days, or unknown. See `lusha_async.paging`.

        >>> seeds = [{"email": f"person{n}@example.com"} for n in range(5)]
        >>> found = [contact async for contact in lusha.contacts.iter_lookalikes(seeds, limit=15)]
        >>> len(found) <= 15
        True
        """
        within(size, 1, LARGEST_PAGE, field="size")
        call = partial(
            self.lookalikes,
            contact_seeds(seeds),
            exclude=None if exclude is None else contact_seeds(exclude, field="exclude"),
            table_id=table_id,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )
        walk: BySession[ContactPreview, ContactLookalikesResponse] = BySession(
            lambda session, wanted: call(dedupe_session_id=session, limit=wanted),
            items=lambda answer: answer.results,
            size=size,
        )
        return Pages(walk, start=Position(session=dedupe_session_id), limit=limit, prefetch=prefetch)


class CompanyLookalikes(Lookalikes):
    """Companies that resemble given ones."""

    async def lookalikes(
        self,
        seeds: CompanySeeds | CompanyLike | Iterable[CompanyLike],
        *,
        exclude: CompanySeeds | CompanyLike | Iterable[CompanyLike] | None = None,
        limit: int = 25,
        dedupe_session_id: str | None = None,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> CompanyLookalikesResponse:
        """Companies of a size, industry and profile like those of the seeds: up to `limit` (1 to 100) not yet shown.

        ``POST /v3/companies/lookalike``, 25 requests a second. Charged per result. 5 to 100 `seeds` are advised:
        records with a domain, or `CompanySeeds`. The answer names a `dedupe_session_id`, good for 30 days: pass it on
        for more.

        Raises `SessionExpired` for a session that is no more, `OutcomeUnknown` when no answer came back.

        >>> seeds = [{"domain": f"company{n}.example.com"} for n in range(5)]
        >>> answer = await lusha.companies.lookalikes(seeds, limit=10)
        >>> len(answer.results) <= 10
        True
        """
        body = CompanyLookalikesRequest(
            seeds=company_seeds(seeds),
            exclude=None if exclude is None else company_seeds(exclude, field="exclude"),
            limit=within(limit, 1, LARGEST_PAGE, field="limit"),
            dedupe_session_id=dedupe_session_id,
            table_id=table_id,
        )
        return await self._lookalikes(COMPANIES_LOOKALIKE, body, timeout, allow_repeat)

    def iter_lookalikes(
        self,
        seeds: CompanySeeds | CompanyLike | Iterable[CompanyLike],
        *,
        exclude: CompanySeeds | CompanyLike | Iterable[CompanyLike] | None = None,
        limit: int | None = None,
        dedupe_session_id: str | None = None,
        size: int = LARGEST_PAGE,
        prefetch: bool = True,
        table_id: str | None = None,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[CompanyPreview]:
        """Lookalikes until there are no more, or `limit` of them, none shown twice. Options as in `lookalikes`.

        ``POST /v3/companies/lookalike``, up to 100 a request. Each result is charged; `prefetch` fetches the next while
        half of the last are still to be used. The iterator's `dedupe_session_id`, kept, goes on later where it stood.

        Raises `SessionExpired` when that is older than 30 days, or unknown. See `lusha_async.paging`.

        >>> seeds = [{"domain": f"company{n}.example.com"} for n in range(5)]
        >>> found = [company async for company in lusha.companies.iter_lookalikes(seeds, limit=15)]
        >>> len(found) <= 15
        True
        """
        within(size, 1, LARGEST_PAGE, field="size")
        call = partial(
            self.lookalikes,
            company_seeds(seeds),
            exclude=None if exclude is None else company_seeds(exclude, field="exclude"),
            table_id=table_id,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )
        walk: BySession[CompanyPreview, CompanyLookalikesResponse] = BySession(
            lambda session, wanted: call(dedupe_session_id=session, limit=wanted),
            items=lambda answer: answer.results,
            size=size,
        )
        return Pages(walk, start=Position(session=dedupe_session_id), limit=limit, prefetch=prefetch)
