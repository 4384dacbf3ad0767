"""Long answers as async iterators: page after page, the next one fetched while this one is being used.

    async for contact in lusha.contacts.iter_prospect(filters, limit=500):
        ...

    async with lusha.contacts.iter_prospect(filters) as contacts:  # leaving early cancels what is under way
        async for contact in contacts:
            if good_enough(contact):
                break
    later = lusha.contacts.iter_prospect(filters, page=contacts.next_page)

A page is fetched ahead once half of the one before it has been used, and never beyond `limit`: pages cost credits. The
end is told by what came back, never by arithmetic on an echoed page size. When a call fails (a rate limit that is too
long to wait for, an expired session), everything received has been handed out before the error is raised, and
`next_page`, `next_offset` or `dedupe_session_id` say where to go on: in a new iterator, or by iterating this one again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from .errors import ClientStateError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType
    from typing import Self

T = TypeVar("T")
A = TypeVar("A")
Item_co = TypeVar("Item_co", covariant=True)

_log = logging.getLogger("lusha_async")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a page begins: a number, an offset, or a session that knows by itself."""

    page: int | None = None
    offset: int | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item_co]):
    """A page as it came: its items, the whole answer, and where the next begins (None: this was the last)."""

    items: Sequence[Item_co]
    answer: Any
    following: Position | None
    truncated: bool = False
    """There is more, and the API does not give it."""


class Walk(Protocol[Item_co]):
    """How one operation turns its pages."""

    async def fetch(self, position: Position, left: int | None) -> Page[Item_co]:
        """The page at `position`. `left` is how many items are wanted still; None: all there are."""
        ...


class Pages(Generic[T]):
    """An async iterator over the items of all pages. Made by the `iter_` methods; for one task at a time.

    `async for item in pages` or, to be sure that nothing stays under way after leaving early, `async with pages`.
    """

    def __init__(self, walk: Walk[T], *, start: Position, limit: int | None, prefetch: bool) -> None:
        if limit is not None and limit < 1:
            raise InvalidRequest("limit is a number of items, 1 or more, or None for all", field="limit")
        self._walk = walk
        self._limit = limit
        self._prefetch = prefetch
        self._position: Position | None = start
        self._session = start.session
        self._items: deque[T] = deque()
        self._half = 0
        self._received = 0
        self._task: asyncio.Task[Page[T] | Exception] | None = None
        self._waiting = False
        self._closed = False
        self._previous: Sequence[T] | None = None
        self.answer: Any = None
        """The whole answer that the latest item came in."""
        self.credits_charged: float = 0.0
        """Credits charged for the pages used so far, as the answers count them."""
        self.truncated = False
        """Whether there was more than the API gives out page by page."""

    def __repr__(self) -> str:
        return f"Pages({self._received} received, next={self._position})"

    # --- where it stands ---------------------------------------------------------------------------------------

    @property
    def next_page(self) -> int | None:
        """The first page of which nothing has been handed out yet: `page` for going on later. None at the end."""
        return self._position.page if self._position else None

    @property
    def next_offset(self) -> int | None:
        """The same for operations that count in items."""
        return self._position.offset if self._position else None

    @property
    def dedupe_session_id(self) -> str | None:
        """The session of a lookalike search: pass it on to get others than those of this one."""
        return self._session

    # --- iterating ---------------------------------------------------------------------------------------------

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._items:
            if await self._turn() is None:
                raise StopAsyncIteration
        item = self._items.popleft()
        if len(self._items) <= self._half:
            self._fetch_ahead()
        return item

    async def pages(self) -> AsyncIterator[Any]:
        """Whole answers instead of items, from where the iterator stands."""
        self._items.clear()
        while (page := await self._turn()) is not None:
            self._items.clear()
            self._fetch_ahead()
            yield page.answer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Cancel what is under way. The iterator ends; where it stood remains readable."""
        self._closed = True
        self._items.clear()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    # --- turning pages -----------------------------------------------------------------------------------------

    @property
    def _left(self) -> int | None:
        return None if self._limit is None else self._limit - self._received

    async def _turn(self) -> Page[T] | None:
        """The next page, its items put ready; None at the end. Raises what the call raised."""
        if self._waiting:
            raise ClientStateError("These pages are being iterated by another task: give each task its own.")
        self._start()
        task = self._task
        if task is None:
            return None
        self._waiting = True
        try:
            await asyncio.wait([task])  # being cancelled here leaves the call alone: its page may be paid for
        finally:
            self._waiting = False
        self._task = None
        if task.cancelled():
            return None
        page = task.result()
        if isinstance(page, Exception):
            raise page
        self._take(page)
        return page

    def _fetch_ahead(self) -> None:
        if self._prefetch:
            self._start()

    def _start(self) -> None:
        """Start on the next page, unless that is under way, or there is none to want."""
        wanted = self._left is None or self._left > 0
        if wanted and self._task is None and not self._closed and self._position is not None:
            self._task = asyncio.create_task(self._fetch(self._position), name="lusha page")

    async def _fetch(self, position: Position) -> Page[T] | Exception:
        try:
            return await self._walk.fetch(position, self._left)
        except Exception as error:  # noqa: BLE001 - handed over, not lost: whoever asks for the page raises it
            return error

    def _take(self, page: Page[T]) -> None:
        if page.items and page.items == self._previous:
            self._position, self.truncated = None, True
            self.credits_charged += charged(page.answer)
            _log.warning("The API gave the same page twice and says there is more: this is taken for the end.")
            return
        self._previous = page.items
        items = page.items if self._left is None else page.items[: self._left]
        self._received += len(items)
        self._items.extend(items)
        self._half = len(items) // 2
        self._position = page.following
        self._session = (page.following.session if page.following else None) or self._session
        self.answer = page.answer
        self.credits_charged += charged(page.answer)
        if page.truncated:
            self.truncated = True
            _log.warning("The API gives no more pages of this, though it has more: narrow the request.")


def charged(answer: Any) -> float:
    """Credits of an answer, 0 where it does not say."""
    billing = getattr(answer, "billing", None)
    return float(getattr(billing, "credits_charged", None) or 0)


# --- the three ways to walk ----------------------------------------------------------------------------------------


class ByNumber(Generic[T, A]):
    """Pages that are numbered from 0.

    The last one is: an empty one; one that reaches a `total` that can be relied on; a short one that reaches any
    `total`; without a `total`, one shorter than its predecessor. A page that repeats its predecessor is passed over
    once, and ends the walk the second time: a server that ignores the number must not be asked for ever.
    """

    def __init__(
        self,
        call: Callable[[int], Awaitable[A]],
        *,
        items: Callable[[A], Sequence[T]],
        size: int,
        last_page: int | None = None,
        count: Callable[[Sequence[T]], int] = len,
        reliable: bool = False,
    ) -> None:
        self._call = call
        self._items = items
        self._size = size
        self._last_page = last_page
        self._count = count
        self._reliable = reliable
        self._received = 0
        self._whole = True
        self._before: Sequence[T] = ()
        self._repeats = 0
        self._asked: int | None = None

    async def fetch(self, position: Position, left: int | None) -> Page[T]:
        """The page, and whether another follows."""
        number = position.page or 0
        if self._asked is None:
            self._whole = number == 0
        self._asked = number
        answer = await self._call(number)
        items = self._items(answer)
        if items and items == self._before:
            self._repeats += 1
            over = self._repeats > 1
            return Page(items=(), answer=answer, following=None if over else self._after(number))
        self._repeats = 0
        more = self._more(items, getattr(answer, "pagination", None))
        self._before = items
        at_end = self._last_page is not None and number >= self._last_page
        following = self._after(number) if more and not at_end else None
        return Page(items=items, answer=answer, following=following, truncated=more and at_end)

    def _after(self, number: int) -> Position:
        return Position(page=number + 1)

    def _more(self, items: Sequence[T], pagination: Any) -> bool:
        came = self._count(items)
        if came == 0:
            return False
        self._received += came
        total = getattr(pagination, "total", None)
        if total is None:
            return came >= self._count(self._before)
        guaranteed = getattr(pagination, "total_guaranteed", None)
        relied_on = self._reliable if guaranteed is None else guaranteed
        reached = self._whole and self._received >= total
        return not (reached and (relied_on or came < self._size))


class ByOffset(Generic[T, A]):
    """Stretches of a list, counted in items. The last is empty, or says that there are no more."""

    def __init__(self, call: Callable[[int], Awaitable[A]], *, items: Callable[[A], Sequence[T]], size: int) -> None:
        self._call = call
        self._items = items
        self._size = size

    async def fetch(self, position: Position, left: int | None) -> Page[T]:
        """The stretch, and whether another follows."""
        offset = position.offset or 0
        answer = await self._call(offset)
        items = self._items(answer)
        says = getattr(getattr(answer, "pagination", None), "has_more", None)
        more = bool(items) and (len(items) >= self._size if says is None else says)
        return Page(items=items, answer=answer, following=Position(offset=offset + len(items)) if more else None)


class BySession(Generic[T, A]):
    """Results that a dedupe session has not shown yet. No more: nothing came, or the answer says so."""

    def __init__(
        self,
        call: Callable[[str | None, int], Awaitable[A]],
        *,
        items: Callable[[A], Sequence[T]],
        size: int,
    ) -> None:
        self._call = call
        self._items = items
        self._size = size

    async def fetch(self, position: Position, left: int | None) -> Page[T]:
        """The next results, no more than are wanted."""
        wanted = self._size if left is None else min(self._size, left)
        answer: Any = await self._call(position.session, wanted)
        items = self._items(answer)
        session: str | None = answer.dedupe_session_id or position.session
        says: bool | None = answer.meta.has_more if answer.meta else None
        more = bool(items) and session is not None and says is not False
        return Page(items=items, answer=answer, following=Position(session=session) if more else None)


def even_size(limit: int | None, *, smallest: int, largest: int) -> int:
    """A page size that reaches `limit` in the fewest pages with the fewest rows too many: rows are paid for."""
    if limit is None or limit < 1:
        return largest
    pages = -(-limit // largest)
    return max(smallest, -(-limit // pages))
