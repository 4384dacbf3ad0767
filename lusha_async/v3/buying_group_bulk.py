"""Buying groups for lists of companies of any length."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, cast

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source
from ..decode import decode
from ..errors import LushaError
from ..paging import ByNumber, Position
from ..records import CompanyLike
from ..resource import Resource
from .buying_group import (
    CONTACTS_BUYING_GROUP,
    MOST_COMPANIES,
    BuyingGroup,
    BuyingGroupCompany,
    BuyingGroupRequest,
    BuyingGroupResponse,
    buying_group_company,
    buying_group_personas,
    members,
)
from .checks import within
from .enrichment_bulk import charged, halted, judge_error, referenced, results
from .prospecting import LARGEST_PAGE, page_request

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from ..endpoint import Endpoint
    from ..resource import Reply, Sender
    from .buying_group import Persona

CompanyItem = TypeVar("CompanyItem", bound=CompanyLike | BuyingGroupCompany)


def _company(item: object, index: int) -> BuyingGroupCompany:
    return buying_group_company(item, index=index)


def _identity(record: BuyingGroupCompany) -> Hashable:
    return record.id, (record.domain or "").casefold()


def _numbered(record: object, number: int) -> str:
    return str(number)


def _pack(
    request: BuyingGroupRequest, records: Sequence[BuyingGroupCompany], references: Sequence[str]
) -> BuyingGroupRequest:
    return msgspec.structs.replace(request, companies=referenced(records, references))


def _reference(item: BuyingGroup) -> str | None:
    return item.client_reference_id


def _judge(item: BuyingGroup) -> Judgement:
    return judge_error(item.error)


def _restore(item: BuyingGroup, record: BuyingGroupCompany) -> BuyingGroup:
    return msgspec.structs.replace(item, client_reference_id=record.client_reference_id)


CONTACTS_BULK_BUYING_GROUP: BulkOperation[BuyingGroupCompany, BuyingGroup] = BulkOperation(
    endpoint=CONTACTS_BUYING_GROUP,
    largest_chunk=MOST_COMPANIES,
    prepare=_company,
    identity=_identity,
    reference=_numbered,
    pack=_pack,
    results=results,
    answers_to=_reference,
    judge=_judge,
    restore=_restore,
    charged=charged,
    halted=halted,
)


class PageTurner:
    """A sender that brings all pages of a buying group call as one answer.

    The first page is paid for when the second is asked for. A page that fails therefore does not fail the call: the
    groups that may lack members are marked `incomplete`.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, endpoint: Endpoint[Any], *, body: Any = None, **options: Any) -> Reply[Any]:
        """As the sender it wraps; the reply's attempts and waits are those of all pages."""
        replies: list[Reply[BuyingGroupResponse]] = []

        async def call(number: int) -> BuyingGroupResponse:
            turned = msgspec.structs.replace(body, pagination=page_request(number, LARGEST_PAGE))
            replies.append(await self._sender.send(endpoint, body=turned, **options))
            return replies[-1].data

        walk: ByNumber[BuyingGroup, BuyingGroupResponse] = ByNumber(
            call, items=results, size=LARGEST_PAGE, count=members
        )
        position: Position | None = Position(page=0)
        incomplete = False
        while position is not None:
            try:
                page = await walk.fetch(position, None)
            except LushaError:
                if not replies:
                    raise
                incomplete = True
                break
            position = page.following
        if len(replies) == 1 and not incomplete:
            return replies[0]
        merged = merge_pages([reply.raw for reply in replies], incomplete=incomplete)
        decoded = decode(merged, endpoint.response)
        return replace(
            replies[0],
            data=decoded.value,
            raw=merged,
            problems=decoded.problems,
            attempts=sum(reply.attempts for reply in replies),
            waited=sum(reply.waited for reply in replies),
            elapsed=sum(reply.elapsed for reply in replies),
        )


def merge_pages(pages: Sequence[bytes], *, incomplete: bool) -> bytes:
    """The answers of several pages as one: contacts joined by company, credits added up."""
    answers = [_object(msgspec.json.decode(page)) for page in pages]
    groups: dict[object, dict[str, Any]] = {}
    for answer in answers:
        for item in _list(answer.get("results")):
            group = _object(item)
            key = group.get("clientReferenceId") or group.get("companyId") or id(group)
            known = groups.setdefault(key, group)
            if known is not group and _list(group.get("contacts")):
                known["contacts"] = _list(known.get("contacts")) + _list(group["contacts"])
    if incomplete:
        for group in groups.values():
            group.setdefault("incomplete", True)
    whole = answers[0] | {"results": list(groups.values())}
    bills = [_object(answer.get("billing")) for answer in answers]
    summed = {
        name: sum(bill.get(name) or 0 for bill in bills)
        for name in ("creditsCharged", "resultsReturned")
        if any(name in bill for bill in bills)
    }
    if summed:
        whole["billing"] = bills[0] | summed
    if "status" in answers[-1]:
        whole["status"] = answers[-1]["status"]
    return msgspec.json.encode(whole)


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


class BulkBuyingGroups(Resource):
    """Buying groups by the list."""

    def bulk_buying_group(
        self,
        companies: Source[CompanyItem],
        *,
        contacts_limit: int,
        personas: Iterable[Persona | str] | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[CompanyItem, BuyingGroup]:
        """The buying groups of any number of companies, each whole. See `buying_group` for what it costs.

        ``POST /v3/contacts/buying-group`` in chunks of 25, or of fewer where `contacts_limit` lets more contacts come
        than fit one page; further pages are turned by themselves. Options as in `BulkOptions`.

        >>> async with lusha.contacts.bulk_buying_group([{"domain": "example.com"}], contacts_limit=5) as run:
        ...     outcomes = [outcome async for outcome in run]
        >>> len(outcomes)
        1
        """
        limit = within(contacts_limit, 1, None, field="contacts_limit") or 1
        if options.get("chunk_size") is None:
            options["chunk_size"] = max(1, min(MOST_COMPANIES, LARGEST_PAGE // limit))
        request = BuyingGroupRequest(
            companies=(), personas=buying_group_personas(personas), contacts_limit=contacts_limit
        )
        return BulkRun(PageTurner(self._sender), CONTACTS_BULK_BUYING_GROUP, companies, request=request, **options)
