"""Buying groups: who decides, who champions and who uses, at given companies."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Literal

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..paging import ByNumber, Pages, Position
from ..records import CompanyLike, CompanyQuery, company_query, one_or_many
from ..resource import Resource
from .checks import tokens, within
from .common import ContactPreview, ItemError, Number, Pagination, Response
from .prospecting import PageRequest, page_request

MOST_COMPANIES = 25

Persona = Literal["decision_maker", "potential_champion", "end_user"]


class BuyingGroupCompany(RequestModel, frozen=True, kw_only=True):
    """A company by domain or id; names are not taken here."""

    client_reference_id: str | None = None
    domain: str | None = None
    id: str | None = None


class BuyingGroupRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/contacts/buying-group``."""

    companies: tuple[BuyingGroupCompany, ...]
    personas: tuple[str, ...] | None = None
    contacts_limit: int | None = None
    pagination: PageRequest | None = None


class BuyingGroupContact(ContactPreview, frozen=True):
    """A member of a buying group: `roles` are personas, `score` says how well they fit, 0 to 1."""

    roles: tuple[str, ...] | None = None
    score: Number | None = None


class BuyingGroup(Model, frozen=True):
    """The members at one company, or the `error` that says why there are none."""

    client_reference_id: str | None = None
    company_id: str | None = None
    contacts: tuple[BuyingGroupContact, ...] | None = None
    incomplete: bool | None = None
    """Set by bulk runs alone: a further page of members could not be had."""
    error: ItemError | None = None


class BuyingGroupResponse(Response, frozen=True):
    """One element per company."""

    results: tuple[BuyingGroup, ...] = ()
    pagination: Pagination | None = None


CONTACTS_BUYING_GROUP = Endpoint(
    method="POST",
    path="/v3/contacts/buying-group",
    operation="getContactsBuyingGroup",
    request=BuyingGroupRequest,
    response=BuyingGroupResponse,
    repeat=Repeat.COSTLY,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (CONTACTS_BUYING_GROUP,)


def buying_group_company(item: object, *, index: int | None = None) -> BuyingGroupCompany:
    """A company by domain or id, checked."""
    if isinstance(item, BuyingGroupCompany):
        return item
    query = company_query(item, index=index)
    if not (query.domain or query.id):
        raise InvalidRequest(
            "a buying group needs domain or id, a name is not enough: add one", index=index, field="domain"
        )
    return BuyingGroupCompany(client_reference_id=query.client_reference_id, domain=query.domain, id=query.id)


def buying_group_companies(given: object) -> tuple[BuyingGroupCompany, ...]:
    """One company or up to 25, checked."""
    if isinstance(given, BuyingGroupCompany):
        return (given,)
    records = one_or_many(given, CompanyQuery, MOST_COMPANIES)
    return tuple(buying_group_company(item, index=n) for n, item in enumerate(records))


def buying_group_personas(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """The personas to ask for; None for all of them."""
    return None if given is None else tokens(given, field="personas")


def members(groups: Sequence[BuyingGroup]) -> int:
    """Pages are counted in contacts, whatever companies they belong to."""
    return sum(len(group.contacts or ()) for group in groups)


class BuyingGroups(Resource):
    """Buying groups of companies."""

    async def buying_group(
        self,
        companies: BuyingGroupCompany | CompanyLike | Iterable[BuyingGroupCompany | CompanyLike],
        *,
        contacts_limit: int,
        personas: Iterable[Persona | str] | None = None,
        page: int = 0,
        size: int = 100,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> BuyingGroupResponse:
        """The people who take part in buying, at up to 25 companies known by domain or id.

        ``POST /v3/contacts/buying-group``, 25 requests a second. Charged per contact returned, each time.
        `contacts_limit`, per company, has no default because it decides the price (the API's own is 60). `personas` are
        ``decision_maker``, ``potential_champion``, ``end_user``; all of them when left out. `size` is 10 to 100.

        Raises `OutcomeUnknown` when no answer came back: the contacts may have been charged.

        >>> answer = await lusha.contacts.buying_group({"domain": "example.com"}, contacts_limit=5)
        >>> len(answer.results) <= 1
        True
        """
        body = BuyingGroupRequest(
            companies=buying_group_companies(companies),
            personas=buying_group_personas(personas),
            contacts_limit=within(contacts_limit, 1, None, field="contacts_limit"),
            pagination=page_request(page, size),
        )
        return await self._call(CONTACTS_BUYING_GROUP, body=body, timeout=timeout, allow_repeat=allow_repeat)

    def iter_buying_group(
        self,
        companies: BuyingGroupCompany | CompanyLike | Iterable[BuyingGroupCompany | CompanyLike],
        *,
        contacts_limit: int,
        personas: Iterable[Persona | str] | None = None,
        page: int = 0,
        size: int = 100,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[BuyingGroup]:
        """The groups of up to 25 companies, page after page from `page` on; a large one comes in several pieces.

        ``POST /v3/contacts/buying-group``, pages of `size` contacts. Charged per contact. Options as in `buying_group`.
        See `lusha_async.paging`.

        >>> groups = lusha.contacts.iter_buying_group({"domain": "example.com"}, contacts_limit=5)
        >>> sum([len(group.contacts or ()) async for group in groups]) <= 5
        True
        """
        page_request(page, size)
        call = partial(
            self.buying_group,
            buying_group_companies(companies),
            contacts_limit=contacts_limit,
            personas=buying_group_personas(personas),
            size=size,
            timeout=timeout,
            allow_repeat=allow_repeat,
        )
        walk: ByNumber[BuyingGroup, BuyingGroupResponse] = ByNumber(
            lambda number: call(page=number), items=lambda answer: answer.results, size=size, count=members
        )
        return Pages(walk, start=Position(page=page), limit=None, prefetch=prefetch)
