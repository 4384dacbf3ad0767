"""Which item of an answer belongs to which record: by reference, never by position. Pure code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from ..errors import AnonymousResults, LushaError
from .operation import BulkOperation, Judgement
from .outcome import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

Result = TypeVar("Result")
Place = int | str | None
"""Where in an answer an item stands: its position in a list, its key in an object."""


class Match(NamedTuple, Generic[Result]):
    """What an answer holds for one record, and where in it."""

    judgement: Judgement
    result: Result | None = None
    place: Place = None


class Matched(NamedTuple, Generic[Result]):
    """What an answer holds for each of the records sent, in their order, and the places of what belongs to nobody."""

    judgements: Sequence[Judgement]
    results: Sequence[Result | None]
    places: Sequence[Place]
    unmatched: Sequence[int | str] = ()

    @classmethod
    def alike(cls, status: Status, error: LushaError | None, count: int) -> Matched[Any]:
        """One verdict for all, and nothing that came."""
        nothing: list[Any] = [None] * count
        return cls([Judgement(status, error)] * count, nothing, nothing)

    def without_missing(self, judgement: Judgement) -> Matched[Result]:
        """The same, with this judgement for all records for which nothing came."""
        pairs = zip(self.judgements, self.results, strict=True)
        return self._replace(judgements=[judgement if result is None else judged for judged, result in pairs])


def match(operation: BulkOperation[Any, Result], answer: Any, references: Sequence[str]) -> Matched[Result]:
    """Pair the items of a decoded `answer` with the records that were sent under these references."""
    answered = operation.results(answer)
    if isinstance(answered, Mapping):
        keyed = cast("Mapping[str, Result]", answered)
        places: Sequence[int | str] = list(keyed)
        items, names = list(keyed.values()), list[str | None](keyed)
    else:
        items = list(answered)
        places, names = range(len(items)), [operation.answers_to(item) for item in items]
    if names == references and len(set(names)) == len(
        names
    ):  # the usual case: all of them, in the order they were sent
        return Matched(list(map(operation.judge, items)), items, places)
    return _search(operation, answer, references, places, names, items)


def _search(
    operation: BulkOperation[Any, Result],
    answer: Any,
    references: Sequence[str],
    places: Sequence[int | str],
    names: Sequence[str | None],
    items: Sequence[Result],
) -> Matched[Result]:
    """Find each record's item by its name."""
    expected = set(references)
    by_reference: dict[str, Match[Result]] = {}
    anonymous: list[tuple[int | str, Judgement]] = []
    unmatched: list[int | str] = []
    for place, name, item in zip(places, names, items, strict=True):
        if name is None:
            anonymous.append((place, operation.judge(item)))
        elif name in expected and name not in by_reference:
            by_reference[name] = Match(operation.judge(item), item, place)
        else:
            unmatched.append(place)
    matches = [by_reference.get(reference) for reference in references]
    missing = matches.count(None)
    absent: Match[Result] | None = None
    used = False
    if missing:
        found = sum(one.judgement.status is Status.FOUND for one in matches if one is not None)
        absent, used = _absent(operation, answer, [judged for _, judged in anonymous], missing=missing, found=found)
    if not used:
        unmatched += [place for place, _ in anonymous]
    judgements, results, held = zip(*(one or absent for one in matches), strict=True) if matches else ((), (), ())
    return Matched(judgements, results, held, unmatched)


def _absent(
    operation: BulkOperation[Any, Result],
    answer: Any,
    anonymous: Sequence[Judgement],
    *,
    missing: int,
    found: int,
) -> tuple[Match[Result], bool]:
    """What to say of records no item names, and whether that used up the items that name no record.

    Enrichment by id answers an unknown id with an element that holds nothing but its error. As long as those errors
    are all alike it does not matter which is whose. An element that is missing altogether means "not found", unless the
    answer itself says that it held more results than came.
    """
    failures = all(judged.status is not Status.FOUND for judged in anonymous)
    if anonymous and failures and len(anonymous) == missing:
        if len({(judged.status, str(judged.error)) for judged in anonymous}) == 1:
            return Match(anonymous[0]), True
        error = AnonymousResults("The answer holds several kinds of failures that name no record.")
        return Match(Judgement(Status.FAILED, error)), True
    returned = operation.returned(answer)
    if returned is not None and returned > found:
        return Match(Judgement(Status.UNKNOWN, LushaError("The answer counts a result that it does not hold."))), False
    if not failures:
        return Match(Judgement(Status.UNKNOWN, LushaError("The answer holds results that name no record."))), False
    return Match(Judgement(Status.NOT_FOUND)), False
