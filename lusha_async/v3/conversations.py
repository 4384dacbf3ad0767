"""Recorded sales calls: search and transcripts.

What a call looks like is published in prose only, so it stays plain data, with every name the API sends.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from ..endpoint import Endpoint, Repeat
from ..model import Model, RequestModel
from ..paging import ByNumber, Pages, Position, even_size
from ..resource import Resource
from .checks import day, tokens, within
from .common import Billing

LARGEST_PAGE = 100

Conversation = dict[str, Any]
"""A call as the API sends it: ``conversationId``; ``summary``, ``coaching``, ``chapters`` (null until analysed)."""


class ConversationsSearchRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST /v3/account/conversations/search``. With `query`, the API ignores every other filter."""

    query: str | None = None
    conversation_ids: tuple[str, ...] | None = None
    company_domains: tuple[str, ...] | None = None
    contact_names: tuple[str, ...] | None = None
    meeting_titles: tuple[str, ...] | None = None
    date_from: str | None = None
    date_to: str | None = None
    page: int | None = None
    page_size: int | None = None


class ConversationsSearchResponse(Model, frozen=True):
    """One page of calls, in `found`: the documents do not say which of the three names the API uses."""

    request_id: str | None = None
    results: tuple[Conversation, ...] | None = None
    conversations: tuple[Conversation, ...] | None = None
    data: tuple[Conversation, ...] | None = None
    billing: Billing | None = None

    @property
    def found(self) -> tuple[Conversation, ...]:
        """The calls."""
        return self.results or self.conversations or self.data or ()


class ConversationTranscript(Model, frozen=True):
    """What was said, in time order. A segment names its ``speaker``; its other names are not published."""

    request_id: str | None = None
    conversation_id: str | None = None
    segments: tuple[dict[str, Any], ...] | None = None
    billing: Billing | None = None


CONVERSATIONS_SEARCH = Endpoint(
    method="POST",
    path="/v3/account/conversations/search",
    operation="searchConversations",
    request=ConversationsSearchRequest,
    response=ConversationsSearchResponse,
    repeat=Repeat.COSTLY,
)
CONVERSATION_TRANSCRIPT = Endpoint(
    method="GET",
    path="/v3/account/conversations/{conversation_id}/transcript",
    operation="getConversationTranscript",
    response=ConversationTranscript,
    repeat=Repeat.COSTLY,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (CONVERSATIONS_SEARCH, CONVERSATION_TRANSCRIPT)


class Conversations(Resource):
    """Calls recorded by Lusha Conversations."""

    async def search(
        self,
        *,
        query: str | None = None,
        conversation_ids: Iterable[str] | None = None,
        company_domains: Iterable[str] | None = None,
        contact_names: Iterable[str] | None = None,
        meeting_titles: Iterable[str] | None = None,
        date_from: date | str | None = None,
        date_to: date | str | None = None,
        page: int = 0,
        size: int = 25,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> ConversationsSearchResponse:
        """One page of recorded calls, by what was said (`query`) or by the other filters, which `query` switches off.

        ``POST /v3/account/conversations/search``, `size` 1 to 100, 25 requests a second. 1 credit per started 25 calls
        returned, each time; nothing found is free. Dates are days.

        >>> answer = await lusha.conversations.search(size=10)
        >>> len(answer.found) <= 10
        True
        """
        body = conversations_request(
            query=query,
            conversation_ids=conversation_ids,
            company_domains=company_domains,
            contact_names=contact_names,
            meeting_titles=meeting_titles,
            date_from=date_from,
            date_to=date_to,
            page=page,
            size=size,
        )
        return await self._call(CONVERSATIONS_SEARCH, body=body, timeout=timeout, allow_repeat=allow_repeat)

    def iter_search(
        self,
        *,
        query: str | None = None,
        conversation_ids: Iterable[str] | None = None,
        company_domains: Iterable[str] | None = None,
        contact_names: Iterable[str] | None = None,
        meeting_titles: Iterable[str] | None = None,
        date_from: date | str | None = None,
        date_to: date | str | None = None,
        limit: int | None = None,
        page: int = 0,
        size: int | None = None,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[Conversation]:
        """All calls found, up to `limit`, page after page from `page` on. Filters as in `search`.

        ``POST /v3/account/conversations/search``, pages of 100 (or less, to meet `limit`). See `lusha_async.paging`.

        >>> calls = [call async for call in lusha.conversations.iter_search(limit=5)]
        >>> len(calls) <= 5
        True
        """
        rows = size or even_size(limit, smallest=1, largest=LARGEST_PAGE)
        body = conversations_request(
            query=query,
            conversation_ids=conversation_ids,
            company_domains=company_domains,
            contact_names=contact_names,
            meeting_titles=meeting_titles,
            date_from=date_from,
            date_to=date_to,
            page=page,
            size=rows,
        )

        async def call(number: int) -> ConversationsSearchResponse:
            turned = msgspec.structs.replace(body, page=number)
            return await self._call(CONVERSATIONS_SEARCH, body=turned, timeout=timeout, allow_repeat=allow_repeat)

        walk: ByNumber[Conversation, ConversationsSearchResponse] = ByNumber(
            call, items=lambda answer: answer.found, size=rows
        )
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)

    async def transcript(
        self, conversation_id: str, *, timeout: float | None = None, allow_repeat: bool = False
    ) -> ConversationTranscript:
        """What was said in one call, by speaker.

        ``GET /v3/account/conversations/{conversationId}/transcript``, 25 requests a second. 1 credit for every
        answer, repeats of the same call too.

        Raises `NotFound`, uncharged, for a call that is unknown, another account's, or not processed yet.

        >>> answer = await lusha.conversations.search(size=10)
        >>> said = await lusha.conversations.transcript(answer.found[0]["conversationId"])
        >>> said.conversation_id == answer.found[0]["conversationId"]
        True
        """
        return await self._call(
            CONVERSATION_TRANSCRIPT,
            path={"conversation_id": conversation_id},
            timeout=timeout,
            allow_repeat=allow_repeat,
        )


def conversations_request(
    *,
    query: str | None,
    conversation_ids: Iterable[str] | None,
    company_domains: Iterable[str] | None,
    contact_names: Iterable[str] | None,
    meeting_titles: Iterable[str] | None,
    date_from: date | str | None,
    date_to: date | str | None,
    page: int,
    size: int,
) -> ConversationsSearchRequest:
    """The body of a search, checked."""
    return ConversationsSearchRequest(
        query=query,
        conversation_ids=_names(conversation_ids, "conversation_ids"),
        company_domains=_names(company_domains, "company_domains"),
        contact_names=_names(contact_names, "contact_names"),
        meeting_titles=_names(meeting_titles, "meeting_titles"),
        date_from=day(date_from, field="date_from"),
        date_to=day(date_to, field="date_to"),
        page=within(page, 0, None, field="page"),
        page_size=within(size, 1, LARGEST_PAGE, field="size"),
    )


def _names(given: Iterable[str] | None, field: str) -> tuple[str, ...] | None:
    return None if given is None else tokens(given, field=field)
