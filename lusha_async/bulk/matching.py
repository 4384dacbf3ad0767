"""Which item of an answer belongs to which record: by reference, never by position. Pure code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from ..errors import AnonymousResults, LushaError
from .operation import Addressed, BulkOperation, Judgement
from .outcome import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Record = TypeVar("Record")
Result = TypeVar("Result")


class Match(NamedTuple, Generic[Result]):
    """What an answer holds for one record, and where in it."""

    judgement: Judgement
    result: Result | None = None
    place: int | str | None = None


class Matched(NamedTuple, Generic[Result]):
    """One match per record sent, in their order, and the places of what belongs to none of them."""

    matches: list[Match[Result]]
    unmatched: list[int | str]


def match(operation: BulkOperation[Record, Result], answer: Any, sent: Sequence[Addressed[Record]]) -> Matched[Result]:
    """Pair the items of a decoded `answer` with the records that were `sent`."""
    by_reference: dict[str, tuple[int | str, Result]] = {}
    anonymous: list[tuple[int | str, Result]] = []
    unmatched: list[int | str] = []
    expected = {entry.reference for entry in sent}
    for place, reference, item in _items(operation, answer):
        if reference is None:
            anonymous.append((place, item))
        elif reference in expected and reference not in by_reference:
            by_reference[reference] = (place, item)
        else:
            unmatched.append(place)

    matches: list[Match[Result] | None] = []
    found = 0
    for entry in sent:
        hit = by_reference.get(entry.reference)
        if hit is None:
            matches.append(None)
            continue
        judgement = operation.judge(hit[1])
        found += judgement.status is Status.FOUND
        matches.append(Match(judgement, hit[1], hit[0]))

    missing = matches.count(None)
    if not missing:
        return Matched([m for m in matches if m is not None], unmatched + [place for place, _ in anonymous])
    absent, used = _absent(operation, answer, anonymous, missing=missing, found=found)
    unmatched += [place for place, _ in anonymous if not used]
    return Matched([m if m is not None else absent for m in matches], unmatched)


def _items(operation: BulkOperation[Record, Result], answer: Any) -> Iterable[tuple[int | str, str | None, Result]]:
    results = operation.results(answer)
    if isinstance(results, Mapping):
        for key, item in cast("Mapping[str, Result]", results).items():
            yield key, key, item
    else:
        for place, item in enumerate(results):
            yield place, operation.answers_to(item), item


def _absent(
    operation: BulkOperation[Record, Result],
    answer: Any,
    anonymous: list[tuple[int | str, Result]],
    *,
    missing: int,
    found: int,
) -> tuple[Match[Result], bool]:
    """What to say of records no item names, and whether that used up the items that name no record.

    Enrichment by id answers an unknown id with an element that holds nothing but its error. As long as those errors
    are all alike it does not matter which is whose. An element that is missing altogether means "not found", unless the
    answer itself says that it held more results than came.
    """
    judgements = [operation.judge(item) for _, item in anonymous]
    if judgements and len(judgements) == missing and all(j.status is not Status.FOUND for j in judgements):
        if len({(j.status, str(j.error)) for j in judgements}) == 1:
            return Match(judgements[0]), True
        error = AnonymousResults("The answer holds several kinds of failures that name no record.")
        return Match(Judgement(Status.FAILED, error)), True
    returned = operation.returned(answer)
    if returned is not None and returned > found:
        return Match(Judgement(Status.UNKNOWN, LushaError("The answer counts a result that it does not hold."))), False
    if any(j.status is Status.FOUND for j in judgements):
        return Match(Judgement(Status.UNKNOWN, LushaError("The answer holds results that name no record."))), False
    return Match(Judgement(Status.NOT_FOUND)), False
