"""A verified payload into an event. Pure; what surprises it is kept, never dropped."""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

import msgspec

from lusha_async.decode import Problem, convert

from .errors import UnreadableWebhook
from .events import SIGNALS, Event, UnknownEvent
from .optout import FIELDS as OPT_OUT_FIELDS
from .optout import OPT_OUT, OptOut
from .reading import MAX_BODY, check_size, read_json

E = TypeVar("E", bound=Event)

_SIGNAL_FIELDS: Final = frozenset(
    {"id", "type", "entityType", "entityId", "subscriptionId", "timestamp", "billing", "data"}
)


def parse(body: bytes, *, max_body: int = MAX_BODY) -> Event:
    """The event in a delivery's JSON: a class of its own for every known signal, `OptOut`, else `UnknownEvent`.

    Give it `Verified.payload`; it checks no signature. A field of an odd type is None and noted in `event.problems`,
    and the rest of the event survives. Raises `UnreadableWebhook` for what is not JSON with one meaning (larger than
    `max_body` bytes, nested too deep, not UTF-8, NaN, a key twice, no object or list), and nothing else.

    >>> event = parse(b'{"id":"f3b87e05","type":"promotion","data":{"currentTitle":"Bartender"}}')
    >>> type(event).__name__, event.type
    ('Promotion', 'promotion')
    """
    check_size(len(body), max_body)
    raw = bytes(body)
    content = read_json(raw)
    if isinstance(content, dict):
        return _event(cast("dict[str, Any]", content), raw)
    if isinstance(content, list):
        return UnknownEvent(content=content, raw=raw)
    raise UnreadableWebhook("The body is neither an object nor a list.", reason="not-an-object")


def _event(content: dict[str, Any], raw: bytes) -> Event:
    name = content.get("type")
    kind = SIGNALS.get(name) if isinstance(name, str) else None
    if kind is not None:
        return _read(content, kind, _SIGNAL_FIELDS, raw)
    if (source := _opt_out_source(content)) is not None:
        opt_out = _read(source, OptOut, OPT_OUT_FIELDS, raw)
        delivery_id = content.get("id")
        return msgspec.structs.replace(opt_out, type=OPT_OUT, id=delivery_id if isinstance(delivery_id, str) else None)
    unknown = _read(content, UnknownEvent, _SIGNAL_FIELDS - {"data"}, raw)
    return msgspec.structs.replace(unknown, data=content.get("data"), content=content)


def _opt_out_source(content: dict[str, Any]) -> dict[str, Any] | None:
    """Where the fields of an opt-out stand, if this is one. A duty of law: rather too many shapes than one too few."""
    data = content.get("data")
    inner = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    for source in (content, inner):
        if "contactOptOutDate" in source or ("datapoints" in source and "contactId" in source):
            return source
    if str(content.get("type")).replace("-", "").replace("_", "").casefold() == "optout":
        return inner or content
    return None


def _read(content: dict[str, Any], kind: type[E], names: frozenset[str], raw: bytes) -> E:
    """The named fields of `content` as `kind`: in one go, or field by field where something does not fit."""
    known = {key: value for key, value in content.items() if key in names}
    problems: tuple[Problem, ...] = ()
    try:
        event = msgspec.convert(known, kind)
    except (msgspec.ValidationError, OverflowError):
        event, problems = _read_tolerantly(known, kind)
    return msgspec.structs.replace(event, raw=raw, problems=problems)


def _read_tolerantly(known: dict[str, Any], kind: type[E]) -> tuple[E, tuple[Problem, ...]]:
    try:
        decoded = convert(known, kind)
    except (ArithmeticError, ValueError, RecursionError):
        return kind(type=str(known.get("type", ""))), (Problem(".", "values within the usual bounds"),)
    return decoded.value, decoded.problems
