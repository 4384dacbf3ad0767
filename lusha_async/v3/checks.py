"""What the API would refuse is refused here, before a request is spent: the field is named, and the mend."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar, cast

import msgspec

from ..errors import InvalidRequest

Request = TypeVar("Request", bound=msgspec.Struct)

_INSTEAD = {
    "industries": "main_industries_ids and sub_industries_ids take ids that filter_values('industriesLabels') lists",
    "sics": "the field is sic_codes",
    "naics": "the field is naics_codes",
    "seniority": "the field is seniority_ids, whose ids filter_values('seniority') lists",
    "department": "the field is departments",
    "limit": "pages have a page and a size",
}


def request_of(kind: type[Request], given: Request | Mapping[str, Any], *, field: str) -> Request:
    """`given` as a request struct: itself, or from a mapping with snake_case names or the API's own. Types are checked.

    Raises `InvalidRequest` for a name that `kind` does not have: the API would refuse or ignore it.
    """
    if not isinstance(given, kind | Mapping):
        raise InvalidRequest(f"{field} is a {kind.__name__} or a mapping, not {type(given).__name__}", field=field)
    try:
        return msgspec.convert(_wire_names(given), kind)
    except msgspec.ValidationError as error:
        text = str(error)
        unknown = re.search(r"unknown field `(\w+)`", text)
        mend = f"; {_INSTEAD[unknown[1]]}" if unknown and unknown[1] in _INSTEAD else ""
        raise InvalidRequest(f"{field} does not fit {kind.__name__}: {text}{mend}", field=field) from None


def _wire_names(value: Any) -> Any:
    """Plain data with the API's names, from structs and mappings in any mixture."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, Mapping):
        named = cast("Mapping[object, object]", value)
        return {_camel(name): _wire_names(part) for name, part in named.items() if part is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_wire_names(part) for part in cast("Iterable[Any]", value)]
    return value.isoformat() if isinstance(value, date) else value


def _camel(name: object) -> str:
    first, *rest = str(name).split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def tokens(given: Iterable[str], *, field: str, required: bool = True) -> tuple[str, ...]:
    """Names such as those of `reveal`: text, not empty, each once, at least one. New names of the API pass."""
    found: dict[str, None] = {}
    for token in cast("Iterable[object]", (given,) if isinstance(given, str) else given):
        if not isinstance(token, str) or not token.strip():
            raise InvalidRequest(f"{field} holds something that is not a name: give text such as 'emails'", field=field)
        found[token.strip()] = None
    if required and not found:
        raise InvalidRequest(f"{field} is empty, the API refuses that: name at least one", field=field)
    return tuple(found)


def day(given: date | str | None, *, field: str) -> str | None:
    """A date as the API wants it, ``YYYY-MM-DD``. Raises `InvalidRequest` for anything else."""
    if given is None:
        return None
    text = given.isoformat()[:10] if isinstance(given, date) else str(given)
    try:
        real = date.fromisoformat(text).isoformat() == text
    except ValueError:
        real = False
    if not real:
        raise InvalidRequest(f"{field} is not a date: write it as YYYY-MM-DD", field=field)
    return text


def within(value: int | None, low: int, high: int | None, *, field: str) -> int | None:
    """A number between the API's bounds, or None. Raises `InvalidRequest` for anything else."""
    if value is not None and (isinstance(value, bool) or value < low or (high is not None and value > high)):
        bounds = f"{low} to {high}" if high is not None else f"{low} or more"
        raise InvalidRequest(f"{field} is {value!r}, the API takes {bounds}", field=field)
    return value
