"""From records to chunks: checking, folding of duplicates, filling. Pure code: no waiting, no clock, no I/O.

Everything here is done for many records at once: what is done for each by itself costs most of a run's time.
"""

from __future__ import annotations

from itertools import count, repeat
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import msgspec

from ..decode import decode
from ..errors import InvalidRequest
from .matching import Match, Matched
from .memory import Entry, Follower, Known, Memory
from .operation import BulkOperation, Route
from .outcome import Answer, Outcome, Status, around

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from ..errors import LushaError
    from .journal import Recalled

Item = TypeVar("Item")
Record = TypeVar("Record")
Result = TypeVar("Result")

LOOK_UP = 256
"""Records looked up in the ledger at once."""


class Chunk(NamedTuple):
    """Entries that go out together."""

    route: Route
    entries: list[Entry[Any, Any, Any]]


class _ByLushaID(NamedTuple):
    """Key of what is asked about by id, beside the identities of the records themselves."""

    lusha_id: str


class Intake(Generic[Item, Record, Result]):
    """Takes records; gives chunks of entries to send, and outcomes that need no sending.

    With `remembers`, new entries first wait to be looked up (`take_unchecked`), and then find their `place`.
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
        self._remembers = remembers
        self._memory: Memory[Item, Record, Result] = Memory(max(fold, 1) if fold is not None and remembers else fold)
        self._main = Chunk(Route(operation, request), [])
        self._by_id: Chunk | None = None
        if remembers and operation.by_id is not None:
            self._by_id = Chunk(Route(operation.by_id.operation, operation.by_id.request(request), by_id=True), [])
        self._unchecked: list[Entry[Item, Record, Result]] = []
        self._ready: list[Outcome[Item, Result]] = []
        self._numbers = count()
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
    def room(self) -> int:
        """How many records to take next: what the open chunk, or a question to the ledger, has room for."""
        if self._remembers:
            return max(1, LOOK_UP - len(self._unchecked))
        return max(1, self._chunk_size - len(self._main.entries))

    @property
    def full(self) -> bool:
        """Whether an open chunk has all the records a request takes."""
        return len(self._main.entries) >= self._chunk_size or (
            self._by_id is not None and len(self._by_id.entries) >= self._chunk_size
        )

    @property
    def pressing(self) -> bool:
        """Whether something is to be sent, looked up or handed out before more is taken."""
        return self.full or len(self._unchecked) >= LOOK_UP or len(self._ready) >= self._chunk_size

    @property
    def pending(self) -> int:
        """Records in open chunks."""
        return len(self._main.entries) + (len(self._by_id.entries) if self._by_id is not None else 0)

    @property
    def idle(self) -> bool:
        """Whether nothing waits here for anything."""
        return not (self.pending or self._unchecked or self._ready)

    def add(self, items: Sequence[Item]) -> None:
        """Take the next records of the source."""
        first, self.count = self.count, self.count + len(items)
        batch = self._operation.batch(items)
        if batch is not None:
            self._sort(range(first, self.count), items, batch.records, batch.identities)
            return
        good: list[tuple[int, Item, Record]] = []
        for index, item in enumerate(items, first):
            try:
                good.append((index, item, self._operation.prepare(item, index)))
            except InvalidRequest as error:
                refused = error.with_traceback(None)
                self._ready.append(Outcome(index=index, item=item, status=Status.INVALID, error=refused))
        if good:
            indexes, kept, records = map(list, zip(*good, strict=True))
            self._sort(indexes, kept, records, list(map(self._operation.identity, records)))

    def _sort(
        self, indexes: Sequence[int], items: Sequence[Item], records: Sequence[Record], keys: Sequence[Hashable]
    ) -> None:
        """Records of an identity that was here before follow it; the others become entries."""
        if self._memory.is_new(keys):
            self._enter(list(map(Entry, indexes, items, keys, records)))
            return
        fresh: dict[Hashable, Entry[Item, Record, Result]] = {}
        for index, item, record, key in zip(indexes, items, records, keys, strict=True):
            twin = self._memory.find(key) or fresh.get(key)
            if twin is None:
                fresh[key] = Entry(index, item, key, record)
            else:
                self._follow(twin, Follower(index, item, record))
        self._enter(list(fresh.values()))

    def _enter(self, entries: list[Entry[Item, Record, Result]]) -> None:
        self._memory.add([entry.key for entry in entries], entries)
        if self._remembers:
            self._unchecked += entries
        elif self.ended_by is None:
            self._address(entries)
        else:
            self._ready += self._not_sent(entries)

    def _not_sent(self, entries: list[Entry[Item, Record, Result]]) -> list[Outcome[Item, Result]]:
        verdicts = Matched.alike(Status.NOT_SENT, self.ended_by, len(entries))
        return self.settle(entries, self.conclude(entries, verdicts))

    def _address(self, entries: list[Entry[Item, Record, Result]]) -> None:
        """Into the open chunk, each under a reference of its own."""
        reference = self._operation.reference
        for entry, number in zip(entries, self._numbers, strict=False):
            entry.reference = reference(entry.record, number)
        self._main.entries.extend(entries)

    def _follow(self, twin: Entry[Item, Record, Result] | Known, follower: Follower[Item, Record]) -> None:
        if isinstance(twin, Known):
            self._ready.append(self._repeated(twin.outcome(), follower))
        elif twin.followers is None:
            twin.followers = [follower]
        else:
            twin.followers.append(follower)

    # --- what is known already ----------------------------------------------------------------------------------

    def take_unchecked(self) -> list[Entry[Item, Record, Result]]:
        """The entries that wait to be looked up: `place` them afterwards."""
        unchecked, self._unchecked = self._unchecked, []
        return unchecked

    def place(self, entries: Sequence[Entry[Item, Record, Result]], found: Sequence[Recalled | None]) -> None:
        """Put entries where they belong, after looking them up: among the outcomes, or into an open chunk."""
        by_id = self._operation.by_id
        unknown: list[Entry[Item, Record, Result]] = []
        for entry, known in zip(entries, found, strict=True):
            if known is not None and known.match is not None:
                self._place_known(entry, known, known.match)
                continue
            lusha_id = (known and known.known_id) or (by_id.own(entry.record) if by_id is not None else None)
            if self._by_id is not None and lusha_id and self.ended_by is None:
                self._place_by_id(self._by_id, lusha_id, entry)
            else:
                unknown.append(entry)
        if self.ended_by is None:
            self._address(unknown)
        else:
            self._ready += self._not_sent(unknown)

    def _place_known(self, entry: Entry[Item, Record, Result], known: Recalled, match: Match[Result]) -> None:
        matched = Matched([match.judgement], [match.result], [match.place])
        outcomes = self.conclude([entry], matched, known.answer, from_ledger=True)
        if known.first is not None and known.first != entry.index:
            outcomes = [msgspec.structs.replace(outcomes[0], duplicate_of=known.first)]
        self._ready += self.settle([entry], outcomes)

    def _place_by_id(self, chunk: Chunk, lusha_id: str, entry: Entry[Item, Record, Result]) -> None:
        twin = self._memory.find(_ByLushaID(lusha_id))
        if twin is None:
            entry.reference = lusha_id
            chunk.entries.append(entry)
            self._memory.add([_ByLushaID(lusha_id)], [entry])
            return
        for follower in (Follower(entry.index, entry.item, entry.record), *(entry.followers or ())):
            self._follow(twin, follower)
        self._memory.merge(entry.key, twin)

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
        entries: Sequence[Entry[Item, Record, Result]],
        matched: Matched[Result],
        answer: Answer | None = None,
        *,
        from_ledger: bool = False,
    ) -> list[Outcome[Item, Result]]:
        """The outcomes of entries. They are not settled by that yet."""
        statuses, errors, credit = zip(*matched.judgements, strict=True) if entries else ((), (), ())
        results = matched.results if self._operation.typed else [None] * len(entries)
        if statuses.count(Status.FOUND) < len(statuses):
            found = zip(results, statuses, strict=True)
            results = [result if status is Status.FOUND else None for result, status in found]
        restore = self._operation.restore
        if restore is not None:
            given = zip(results, entries, strict=True)
            results = [None if result is None else restore(result, entry.record) for result, entry in given]
        return list(
            map(
                Outcome,
                [entry.index for entry in entries],
                [entry.item for entry in entries],
                statuses,
                results,
                errors,
                credit,
                repeat(None),
                repeat(answer),
                matched.places,
                repeat(from_ledger),
            )
        )

    def settle(
        self,
        entries: Sequence[Entry[Item, Record, Result]],
        outcomes: list[Outcome[Item, Result]],
        kept: Answer | None = None,
    ) -> list[Outcome[Item, Result]]:
        """The outcomes of entries are final: they, and those of all records that follow them.

        `kept`: their answer, in the form in which it is remembered for records that come later.
        """
        repeated = [
            self._repeated(outcome, follower)
            for entry, outcome in zip(entries, outcomes, strict=True)
            for follower in entry.followers or ()
        ]
        self._memory.settle(entries, outcomes, kept)
        return outcomes + repeated if repeated else outcomes

    def _repeated(self, outcome: Outcome[Item, Result], follower: Follower[Item, Record]) -> Outcome[Item, Result]:
        """The outcome of a record for another one of the same identity: its own place, item and reference."""
        result = outcome.result
        if result is None and outcome.status is Status.FOUND and self._operation.typed:
            result = self._read_again(outcome)
        if result is not None and self._operation.restore is not None:
            result = self._operation.restore(_copy(result), follower.record)
        first = outcome.index if outcome.duplicate_of is None else outcome.duplicate_of
        return msgspec.structs.replace(
            outcome, index=follower.index, item=follower.item, result=result, credits=None, duplicate_of=first
        )

    def _read_again(self, outcome: Outcome[Item, Result]) -> Result | None:
        raw = outcome.raw
        if raw is None:
            return None
        answer = decode(around(self._operation.layout, [raw]), self._operation.endpoint.response).value
        return next(iter(cast("Iterable[Result]", self._operation.results(answer))), None)


def _copy(result: Any) -> Any:
    return msgspec.structs.replace(result) if isinstance(result, msgspec.Struct) else result
