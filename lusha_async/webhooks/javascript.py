"""`JSON.stringify(JSON.parse(text))`, byte for byte as Node.js does it.

Lusha's documents describe the signed text as ``timestamp + "." + JSON.stringify(payload)``. A body normally *is* that
text. Where something on the way has re-indented or re-escaped it, this module finds the signed text again.
"""

from __future__ import annotations

import json
import math
import re
from json.encoder import encode_basestring
from typing import Any, NoReturn

from .errors import UnreadableWebhook
from .reading import check_depth

MAX_RESTRINGIFY = 32 * 1024
"""Bytes. Larger bodies are not re-serialised: that is work done for a sender who has proved nothing yet."""

_ARRAY_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,9})\Z")
_LARGEST_INDEX = 2**32 - 2
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def restringify(body: bytes) -> bytes | None:
    """The body as JavaScript would write it again, or None where JavaScript could not read it (or it is too large)."""
    if len(body) > MAX_RESTRINGIFY:
        return None
    try:
        check_depth(body)
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_ordered,
            parse_constant=_refuse_constant,
            parse_int=float,
            parse_float=float,
        )
    except (ValueError, RecursionError, UnreadableWebhook):
        return None
    return _write(value).encode("utf-8")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _ordered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Object keys in JavaScript's order: array indexes first and ascending, then the others as they came."""
    found = dict(pairs)
    indexes = [key for key in found if _ARRAY_INDEX.match(key) and int(key) <= _LARGEST_INDEX]
    if not indexes:
        return found
    indexes.sort(key=int)
    return {key: found[key] for key in indexes} | found


def _write(value: Any) -> str:
    kind = value.__class__
    if kind is str:
        return _string(value)
    if kind is float:
        return number(value)
    if kind is list:
        return "[" + ",".join([_write(part) for part in value]) + "]"
    if kind is dict:
        return "{" + ",".join([f"{_string(key)}:{_write(part)}" for key, part in value.items()]) + "}"
    return {None: "null", True: "true", False: "false"}[value]


def _string(value: str) -> str:
    """Quotes, backslashes and control characters escaped, half surrogate pairs as escapes, all else as it is."""
    return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", encode_basestring(value))


def number(value: float) -> str:
    """A double as ECMAScript writes it (Number::toString; what is not finite becomes null)."""
    if not math.isfinite(value):
        return "null"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, point = _shortest(abs(value))
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    exponent = f"e{point - 1:+d}"
    return f"{sign}{digits[0]}{'.' + digits[1:] if count > 1 else ''}{exponent}"


def _shortest(value: float) -> tuple[str, int]:
    """The fewest digits that give this double again, and where the decimal point stands before, in or behind them."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" and not exponent else fraction
    digits = whole + fraction
    point = len(whole) + int(exponent or 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    return stripped.rstrip("0"), point
