"""From records to chunks: checking, folding of duplicates, filling. Pure code: no waiting, no clock, no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from ..errors import InvalidRequest
from .operation import Addressed, BulkOperation
from .outcome import Answer, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ..errors import LushaError
    from .matching import Match

Item = TypeVar("Item")
Record = TypeVar("Record")
Result = TypeVar("Result")


class Entry(Generic[Item, Record, Result]):
    """A record that is asked about, and all the places of the source that wait for what becomes of it."""

    __slots__ = ("addressed", "followers", "index", "item", "outcome")

    def __init__(self, index: int, item: Item, addressed: Addressed[Record]) -> None:
        self.index = index
        self.item = item
        self.addressed = addressed
        self.followers: list[tuple[int, Item, Record]] = []
        self.outcome: Outcome[Item, Result] | None = None


class Intake(Generic[Item, Record, Result]):
    """Takes records one at a time; gives chunks of entries to send, and outcomes that need no sending."""

    def __init__(self, operation: BulkOperation[Record, Result], *, chunk_size: int, fold: int | None) -> None:
        self._operation = operation
        self._chunk_size = chunk_size
        self._fold = fold
        self._known: dict[Hashable, Entry[Item, Record, Result]] = {}
        self._open: list[Entry[Item, Record, Result]] = []
        self._ready: list[Outcome[Item, Result]] = []
        self._numbered = 0
        self.count = 0
        """Records taken."""
        self.opened = 0
        """Serial number of the open chunk: tells whether it is still the same one."""
        self.ended_by: LushaError | None = None
        """Once set, nothing more is to be sent: further records end as `not_sent`."""

    @property
    def full(self) -> bool:
        """Whether the open chunk has all the records a request takes."""
        return len(self._open) >= self._chunk_size

    @property
    def pending(self) -> int:
        """Records in the open chunk."""
        return len(self._open)

    @property
    def ready(self) -> int:
        """Outcomes that wait to be taken."""
        return len(self._ready)

    def add(self, item: Item) -> None:
        """Take the next record of the source."""
        index = self.count
        self.count += 1
        try:
            record = self._operation.prepare(item, index)
        except InvalidRequest as error:
            self._ready.append(Outcome(index=index, item=item, status=Status.INVALID, error=error.with_traceback(None)))
            return
        key = self._operation.identity(record)
        known = self._known.get(key)
        if known is not None:
            self._follow(known, index, item, record)
        elif self.ended_by is not None:
            self._ready.append(Outcome(index=index, item=item, status=Status.NOT_SENT, error=self.ended_by))
        else:
            self._enter(key, index, item, record)

    def _enter(self, key: Hashable, index: int, item: Item, record: Record) -> None:
        reference = self._operation.reference(record, self._numbered)
        self._numbered += 1
        entry: Entry[Item, Record, Result] = Entry(index, item, Addressed(reference, record))
        self._open.append(entry)
        if self._fold == 0:
            return
        self._known[key] = entry
        if self._fold is not None and len(self._known) > self._fold:
            del self._known[next(iter(self._known))]

    def _follow(self, known: Entry[Item, Record, Result], index: int, item: Item, record: Record) -> None:
        if known.outcome is None:
            known.followers.append((index, item, record))
        else:
            self._ready.append(self._repeated(known.outcome, index, item, record))

    def take_chunk(self) -> list[Entry[Item, Record, Result]]:
        """The open chunk; the next record opens a new one."""
        chunk, self._open = self._open, []
        self.opened += 1
        return chunk

    def take_ready(self) -> list[Outcome[Item, Result]]:
        """The outcomes that needed no sending."""
        ready, self._ready = self._ready, []
        return ready

    def settle(
        self, entry: Entry[Item, Record, Result], match: Match[Result], answer: Answer | None
    ) -> list[Outcome[Item, Result]]:
        """The outcome of an entry, and those of all records that were folded into it."""
        status, error, cost = match.judgement
        result = match.result if status is Status.FOUND else None
        if result is not None and self._operation.restore is not None:
            result = self._operation.restore(result, entry.addressed.record)
        outcome: Outcome[Item, Result] = Outcome(
            index=entry.index,
            item=entry.item,
            status=status,
            result=result,
            error=error,
            credits=cost,
            answer=answer,
            place=match.place,
        )
        entry.outcome = outcome
        if not entry.followers:
            return [outcome]
        followers, entry.followers = entry.followers, []
        return [outcome, *(self._repeated(outcome, *follower) for follower in followers)]

    def _repeated(
        self, outcome: Outcome[Item, Result], index: int, item: Item, record: Record
    ) -> Outcome[Item, Result]:
        """The outcome of a record for another one of the same identity: its own place, item and reference."""
        result = outcome.result
        if result is not None and self._operation.restore is not None:
            result = self._operation.restore(_copy(result), record)
        return msgspec.structs.replace(
            outcome, index=index, item=item, result=result, credits=None, duplicate_of=outcome.index
        )


def _copy(result: Any) -> Any:
    return msgspec.structs.replace(result) if isinstance(result, msgspec.Struct) else result
