"""From records to chunks: checking, folding of duplicates, filling. Pure code: no waiting, no clock, no I/O."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import msgspec

from ..decode import decode
from ..errors import InvalidRequest
from .operation import Addressed, BulkOperation, Route
from .outcome import Answer, Outcome, Status, around

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from ..errors import LushaError
    from .journal import Recalled
    from .matching import Match

Item = TypeVar("Item")
Record = TypeVar("Record")
Result = TypeVar("Result")


class Entry(Generic[Item, Record, Result]):
    """A record that is asked about, and all the places of the source that wait for what becomes of it."""

    __slots__ = ("addressed", "followers", "index", "item", "key", "outcome", "record")

    def __init__(self, index: int, item: Item, key: Hashable, record: Record) -> None:
        self.index = index
        self.item = item
        self.key = key
        """Its identity."""
        self.record = record
        """As prepared from the source."""
        self.addressed: Addressed[Any] | None = None
        """As it is sent."""
        self.followers: list[tuple[int, Item, Record]] = []
        self.outcome: Outcome[Item, Result] | None = None

    @property
    def sent(self) -> Addressed[Any]:
        """The record as it is sent. Only for entries of a chunk."""
        if self.addressed is None:
            raise RuntimeError("not addressed yet")
        return self.addressed


class Chunk(NamedTuple):
    """Entries that go out together."""

    route: Route
    entries: list[Entry[Any, Any, Any]]


class _ByLushaID(NamedTuple):
    """Key of what is asked about by id, beside the identities of the records themselves."""

    lusha_id: str


class Intake(Generic[Item, Record, Result]):
    """Takes records one at a time; gives chunks of entries to send, and outcomes that need no sending.

    With `remembers`, new entries first wait to be looked up (`take_unchecked`), and are then put in their `place`.
    """

    def __init__(
        self,
        operation: BulkOperation[Record, Result],
        request: Any,
        *,
        chunk_size: int,
        fold: int | None,
        remembers: bool = False,
    ) -> None:
        self._operation = operation
        self._chunk_size = chunk_size
        self._fold = max(fold, 1) if fold is not None and remembers else fold
        self._remembers = remembers
        self._known: dict[Hashable, Entry[Item, Record, Result]] = {}
        self._ages: deque[Hashable] = deque()
        self._main = Chunk(Route(operation, request), [])
        self._by_id: Chunk | None = None
        if remembers and operation.by_id is not None:
            self._by_id = Chunk(Route(operation.by_id.operation, operation.by_id.request(request)), [])
        self._unchecked: list[Entry[Item, Record, Result]] = []
        self._ready: list[Outcome[Item, Result]] = []
        self._numbered = 0
        self.count = 0
        """Records taken."""
        self.opened = 0
        """Serial number of the open chunk: tells whether it is still the same one."""
        self.ended_by: LushaError | None = None
        """Once set, nothing more is to be sent: further records end as `not_sent`."""

    @property
    def main_route(self) -> Route:
        """How records are asked about."""
        return self._main.route

    @property
    def id_route(self) -> Route | None:
        """How records of known id are asked about, if that is another way."""
        return self._by_id.route if self._by_id is not None else None

    @property
    def full(self) -> bool:
        """Whether an open chunk has all the records a request takes."""
        return len(self._main.entries) >= self._chunk_size or (
            self._by_id is not None and len(self._by_id.entries) >= self._chunk_size
        )

    @property
    def pending(self) -> int:
        """Records in open chunks."""
        return len(self._main.entries) + (len(self._by_id.entries) if self._by_id is not None else 0)

    @property
    def unchecked(self) -> int:
        """Records that wait to be looked up."""
        return len(self._unchecked)

    @property
    def ready(self) -> int:
        """Outcomes that wait to be taken."""
        return len(self._ready)

    def add(self, item: Item) -> bool:
        """Take the next record of the source. True when it merely joined an open chunk: nothing to do about it yet."""
        index = self.count
        self.count += 1
        try:
            record = self._operation.prepare(item, index)
        except InvalidRequest as error:
            self._ready.append(Outcome(index=index, item=item, status=Status.INVALID, error=error.with_traceback(None)))
            return False
        key = self._operation.identity(record)
        known = self._known.get(key)
        if known is not None:
            self._follow(known, index, item, record)
        elif self._remembers:
            entry = self._enter(index, item, key, record)
            self._unchecked.append(entry)
        elif self.ended_by is not None:
            self._ready.append(Outcome(index=index, item=item, status=Status.NOT_SENT, error=self.ended_by))
        else:
            self._address(self._enter(index, item, key, record))
            return 1 < len(self._main.entries) < self._chunk_size
        return False

    def _enter(self, index: int, item: Item, key: Hashable, record: Record) -> Entry[Item, Record, Result]:
        entry: Entry[Item, Record, Result] = Entry(index, item, key, record)
        self._remember(key, entry)
        return entry

    def _remember(self, key: Hashable, entry: Entry[Item, Record, Result]) -> None:
        """Known from now on, for folding. The oldest is forgotten for it, unless its outcome is still awaited."""
        if self._fold == 0:
            return
        self._known[key] = entry
        if self._fold is None:
            return
        self._ages.append(key)
        for _ in range(min(2, len(self._known) - self._fold)):
            oldest = self._ages.popleft()
            if self._known[oldest].outcome is None:
                self._ages.append(oldest)
            else:
                del self._known[oldest]

    def _address(self, entry: Entry[Item, Record, Result]) -> None:
        """Into the open chunk, under a reference of its own."""
        entry.addressed = Addressed(self._operation.reference(entry.record, self._numbered), entry.record)
        self._numbered += 1
        self._main.entries.append(entry)

    def _follow(self, known: Entry[Item, Record, Result], index: int, item: Item, record: Record) -> None:
        if known.outcome is None:
            known.followers.append((index, item, record))
        else:
            self._ready.append(self._repeated(known.outcome, index, item, record))

    # --- what is known already ----------------------------------------------------------------------------------

    def take_unchecked(self) -> list[Entry[Item, Record, Result]]:
        """The entries that wait to be looked up: put each of them in its `place` afterwards."""
        unchecked, self._unchecked = self._unchecked, []
        return unchecked

    def place(self, entry: Entry[Item, Record, Result], found: Recalled | None) -> None:
        """Where an entry belongs, after looking it up: among the outcomes, or into an open chunk."""
        if found is not None and found.match is not None:
            outcome = self.conclude(entry, found.match, found.answer, from_ledger=True)
            if found.first is not None and found.first != entry.index:
                outcome = msgspec.structs.replace(outcome, duplicate_of=found.first)
            self._ready += self.settle(entry, outcome)
        elif self.ended_by is not None:
            self._ready += self.settle(
                entry, Outcome(index=entry.index, item=entry.item, status=Status.NOT_SENT, error=self.ended_by)
            )
        else:
            by_id = self._operation.by_id
            lusha_id = (found and found.known_id) or (by_id.own(entry.record) if by_id is not None else None)
            if self._by_id is not None and lusha_id:
                self._place_by_id(self._by_id, lusha_id, entry)
            else:
                self._address(entry)

    def _place_by_id(self, chunk: Chunk, lusha_id: str, entry: Entry[Item, Record, Result]) -> None:
        twin = self._known.get(_ByLushaID(lusha_id))
        if twin is None:
            entry.addressed = Addressed(lusha_id, lusha_id)
            chunk.entries.append(entry)
            self._remember(_ByLushaID(lusha_id), entry)
            return
        for index, item, record in [(entry.index, entry.item, entry.record), *entry.followers]:
            self._follow(twin, index, item, record)
        if entry.key in self._known:
            self._known[entry.key] = twin

    # --- chunks and outcomes -------------------------------------------------------------------------------------

    def take_chunk(self) -> Chunk:
        """As much of an open chunk as a request takes; a full one if there is one."""
        chunk = self._main
        if self._by_id is not None and len(self._by_id.entries) > len(chunk.entries):
            chunk = self._by_id
        taken = Chunk(chunk.route, chunk.entries[: self._chunk_size])
        del chunk.entries[: self._chunk_size]
        self.opened += 1
        return taken

    def take_ready(self) -> list[Outcome[Item, Result]]:
        """The outcomes that needed no sending."""
        ready, self._ready = self._ready, []
        return ready

    def conclude(
        self,
        entry: Entry[Item, Record, Result],
        match: Match[Result],
        answer: Answer | None,
        *,
        from_ledger: bool = False,
    ) -> Outcome[Item, Result]:
        """The outcome of an entry. It is not settled by that yet."""
        status, error, cost = match.judgement
        result = match.result if status is Status.FOUND else None
        if result is not None and self._operation.restore is not None:
            result = self._operation.restore(result, entry.record)
        return Outcome(
            index=entry.index,
            item=entry.item,
            status=status,
            result=result,
            error=error,
            credits=cost,
            answer=answer,
            place=match.place,
            from_ledger=from_ledger,
        )

    def settle(self, entry: Entry[Item, Record, Result], outcome: Outcome[Item, Result]) -> list[Outcome[Item, Result]]:
        """The outcome of an entry is final: it, and those of all records that were folded into it."""
        entry.outcome = _remembered(outcome)
        if not entry.followers:
            return [outcome]
        followers, entry.followers = entry.followers, []
        return [outcome, *(self._repeated(outcome, *follower) for follower in followers)]

    def _repeated(
        self, outcome: Outcome[Item, Result], index: int, item: Item, record: Record
    ) -> Outcome[Item, Result]:
        """The outcome of a record for another one of the same identity: its own place, item and reference."""
        result = outcome.result
        if result is None and outcome.status is Status.FOUND:
            result = self._read_again(outcome)
        if result is not None and self._operation.restore is not None:
            result = self._operation.restore(_copy(result), record)
        first = outcome.index if outcome.duplicate_of is None else outcome.duplicate_of
        return msgspec.structs.replace(outcome, index=index, item=item, result=result, credits=None, duplicate_of=first)

    def _read_again(self, outcome: Outcome[Item, Result]) -> Result | None:
        raw = outcome.raw
        if raw is None:
            return None
        answer = decode(around(self._operation.layout, [raw]), self._operation.endpoint.response).value
        return next(iter(cast("Iterable[Result]", self._operation.results(answer))), None)


def _remembered(outcome: Outcome[Item, Result]) -> Outcome[Item, Result]:
    """What is kept for duplicates to come: the bytes of a result and not its structs, which take twice the room."""
    if outcome.result is None or outcome.answer is None or not isinstance(outcome.place, int):
        return outcome
    return msgspec.structs.replace(outcome, result=None)


def _copy(result: Any) -> Any:
    return msgspec.structs.replace(result) if isinstance(result, msgspec.Struct) else result
