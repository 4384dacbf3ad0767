"""From rows of the ledger back to what a run hands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from .. import errors
from ..bulk.matching import Match
from ..bulk.operation import Judgement
from ..bulk.outcome import Answer, Status, around
from ..decode import decode

if TYPE_CHECKING:
    from ..bulk.operation import BulkOperation


class Row(NamedTuple):
    """A record as it is written down."""

    key: bytes
    spec: int
    status: str
    at: float
    run: int
    place: int | None
    lusha_id: str | None
    keyed: int
    item: bytes | None
    error: str | None


class ErrorText(msgspec.Struct, omit_defaults=True):
    """An error as it is written down: what its text form shows, which holds nobody's data."""

    kind: str
    text: str
    status: int | None = None
    code: str | None = None
    endpoint: str | None = None


def write_error(error: errors.LushaError | None) -> str | None:
    """An error as JSON."""
    if error is None:
        return None
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    endpoint = getattr(error, "endpoint", None)
    text = ErrorText(
        kind=type(error).__name__,
        text=str(error),
        status=status if isinstance(status, int) else None,
        code=code if isinstance(code, str) else None,
        endpoint=endpoint if isinstance(endpoint, str) else None,
    )
    return msgspec.json.encode(text).decode()


def read_error(text: str | None) -> errors.LushaError | None:
    """The error again, of its old kind where that still exists."""
    if text is None:
        return None
    try:
        found = msgspec.json.decode(text, type=ErrorText)
    except msgspec.DecodeError:
        return errors.LushaError("The ledger does not say why.")
    kind: Any = getattr(errors, found.kind, errors.LushaError)
    if not (isinstance(kind, type) and issubclass(kind, errors.LushaError)):
        kind = errors.LushaError
    error: errors.LushaError = kind.__new__(kind, found.text)
    error.args = (found.text,)
    details: dict[str, Any] = {"code": found.code}
    if issubclass(kind, errors.APIError):
        details |= {
            "status": found.status or 0,
            "endpoint": found.endpoint or "",
            "message": "",
            "errors": (),
            "body": b"",
            "quota": None,
        }
    elif issubclass(kind, errors.InvalidRequest):
        details |= {"index": None, "field": None}
    elif issubclass(kind, errors.OutcomeUnknown | errors.DecodeError):
        details |= {"endpoint": found.endpoint or "", "status": found.status, "body": b""}
    error.__dict__.update(details)
    return error


def matches_of(operation: BulkOperation[Any, Any], rows: Sequence[Row]) -> list[tuple[Match[Any], Answer | None]]:
    """What each row says of its record. Items are decoded together, as the answer they once came in."""
    found: list[tuple[Match[Any], Answer | None]] = [
        (Match(Judgement(Status(row.status), read_error(row.error))), None) for row in rows
    ]
    for keyed in (0, 1):
        numbers = [n for n, row in enumerate(rows) if row.item is not None and bool(row.keyed) == bool(keyed)]
        if not numbers:
            continue
        for part in _readable(operation, rows, numbers, keyed=bool(keyed)):
            body, results = part
            answer = Answer(body, operation.layout)
            for place, (number, result) in enumerate(results):
                judged = operation.judge(result)
                status = Status(rows[number].status)
                error = judged.error if judged.status is status else read_error(rows[number].error)
                where = str(place) if keyed else place
                found[number] = (Match(Judgement(status, error, judged.credits), result, where), answer)
    return found


def _readable(
    operation: BulkOperation[Any, Any], rows: Sequence[Row], numbers: list[int], *, keyed: bool
) -> list[tuple[bytes, list[tuple[int, Any]]]]:
    """Bodies with the results in them, each with the number of its row."""
    body = around(operation.layout, [rows[n].item or b"null" for n in numbers], keyed=keyed)
    results = operation.results(decode(body, operation.endpoint.response).value)
    values: list[Any]
    if isinstance(results, Mapping):
        values = [results[str(n)] for n in range(len(numbers)) if str(n) in results]
    else:
        values = list(results)
    if len(values) == len(numbers):
        return [(body, list(zip(numbers, values, strict=True)))]
    if len(numbers) == 1:
        return []
    middle = len(numbers) // 2
    first = _readable(operation, rows, numbers[:middle], keyed=keyed)
    return first + _readable(operation, rows, numbers[middle:], keyed=keyed)
