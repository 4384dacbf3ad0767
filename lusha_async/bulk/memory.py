"""What a run remembers of its records, so that duplicates are asked about, and paid, once. Pure code.

A record that is still under way is remembered as its entry, which the duplicates wait at. Of a settled one only that
remains which its outcome can be told from again: thousands of them are kept, and their results would take much room.
"""

from __future__ import annotations

from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from .outcome import Answer, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

Item = TypeVar("Item")
Record = TypeVar("Record")
Result = TypeVar("Result")


class Follower(msgspec.Struct, Generic[Item, Record], gc=False):
    """A record that gets the outcome of an earlier one."""

    index: int
    item: Item
    record: Record


class Settled(msgspec.Struct, gc=False, eq=False):
    """The outcomes of records that were settled together: bytes instead of results, which take twice the room."""

    indexes: Sequence[int]
    places: Sequence[int | str | None]
    answer: Answer | None
    others: dict[int, Outcome[Any, Any]]
    """Those that more is to be said of than that they were found in `answer`."""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome[Any, Any]], kept: Answer | None) -> Settled:
        """`kept`: the answer all of them came in, in the form in which it is to be remembered."""
        others = {
            number: _stripped(one, kept)
            for number, one in enumerate(outcomes)
            if kept is None or one.status is not Status.FOUND or one.error or type(one.place) is not int
        }
        return cls([one.index for one in outcomes], [one.place for one in outcomes], kept, others)

    def outcome(self, number: int) -> Outcome[Any, Any]:
        """One of them, without its item; what was found is left as bytes where that is possible."""
        other = self.others.get(number)
        if other is not None:
            return other
        return Outcome(
            index=self.indexes[number],
            item=None,
            status=Status.FOUND,
            answer=self.answer,
            place=self.places[number],
        )


def _stripped(outcome: Outcome[Any, Any], kept: Answer | None) -> Outcome[Any, Any]:
    if outcome.answer is not None and type(outcome.place) is int:
        return msgspec.structs.replace(outcome, item=None, result=None, answer=kept or outcome.answer)
    return msgspec.structs.replace(outcome, item=None)


class Known(msgspec.Struct, gc=False, eq=False):
    """A record that was settled."""

    settled: Settled
    number: int

    def outcome(self) -> Outcome[Any, Any]:
        """What became of it: see `Settled.outcome`."""
        return self.settled.outcome(self.number)


class Entry(msgspec.Struct, Generic[Item, Record, Result], gc=False, eq=False):
    """A record that is asked about, and all the places of the source that wait for what becomes of it."""

    index: int
    item: Any
    key: Any
    """Its identity."""
    record: Any
    """As prepared from the source."""
    reference: str = ""
    """The name under which its result will come back."""
    known: Known | None = None
    """What became of it, once that is settled."""
    followers: list[Follower[Any, Any]] | None = None


class Memory(Generic[Item, Record, Result]):
    """The latest `most` records by their identities, and older ones that are still under way; None: all of them."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._held: dict[Hashable, Entry[Item, Record, Result] | Known] = {}
        self._ages: deque[Sequence[Hashable]] = deque()

    def is_new(self, keys: Sequence[Hashable]) -> bool:
        """Whether none of them was here before, and none is here twice."""
        return self._most == 0 or (self._held.keys().isdisjoint(keys) and len(set(keys)) == len(keys))

    def find(self, key: Hashable) -> Entry[Item, Record, Result] | Known | None:
        """The record of this identity: what became of it, or its entry while that is not known."""
        held = self._held.get(key)
        return held.known or held if isinstance(held, Entry) else held

    def add(self, keys: Sequence[Hashable], entries: Sequence[Entry[Item, Record, Result]]) -> None:
        """Remember these from now on, and forget the oldest for them, unless their outcome is still awaited."""
        if self._most == 0:
            return
        self._held.update(zip(keys, entries, strict=True))
        if self._most is None:
            return
        self._ages.append(keys)
        for _ in range(2):
            if len(self._held) - len(self._ages[0]) < self._most:
                break
            forgotten = [(key, self._held.pop(key)) for key in self._ages.popleft()]
            awaited = {key: held for key, held in forgotten if isinstance(held, Entry) and held.known is None}
            if awaited:
                self._held.update(awaited)
                self._ages.append(list(awaited))

    def merge(self, key: Hashable, twin: Entry[Item, Record, Result] | Known) -> None:
        """Two identities turned out to be one: whoever comes under `key` belongs to `twin`."""
        if key in self._held:
            self._held[key] = twin

    def settle(
        self,
        entries: Sequence[Entry[Item, Record, Result]],
        outcomes: Sequence[Outcome[Item, Result]],
        kept: Answer | None,
    ) -> None:
        """The outcomes of entries are final. See `Settled.of`."""
        settled = Settled.of(outcomes, kept)
        known = list(map(Known, repeat(settled), range(len(entries))))
        for entry, one in zip(entries, known, strict=True):
            entry.known = one
            entry.item = entry.record = entry.followers = None  # whoever follows brings its own
        if self._most != 0:
            self._held.update(zip([entry.key for entry in entries], known, strict=True))
