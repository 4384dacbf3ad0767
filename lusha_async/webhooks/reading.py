"""Bytes that anybody may have sent, read as JSON or refused: bounded in size and depth, and with one meaning only."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from .errors import UnreadableWebhook

MAX_BODY = 1024 * 1024
"""Bytes. Lusha's deliveries have a few thousand; nothing larger than this is looked at."""

MAX_DEPTH = 64
"""Levels of nesting. Lusha's deliveries have four."""

_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{\]}]', re.DOTALL)
"""A string that nobody closes reaches to the end, or finding the next one would cost the square of the length."""


def check_size(size: int, max_body: int = MAX_BODY) -> None:
    """Refuse a body of `size` bytes when that is more than `max_body`."""
    if size > max_body:
        raise UnreadableWebhook(f"The body is larger than {max_body} bytes.", reason="too-large")


def read_json(body: bytes) -> Any:
    """`body` as plain data. Raises `UnreadableWebhook` and nothing else.

    Stricter than `json.loads` where parsers disagree: no byte order mark, no NaN, no key twice in one object. More
    lenient in one place: half a surrogate pair, which JavaScript writes when it cuts a text, is kept as U+FFFD.
    """
    check_depth(body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableWebhook("The body is not UTF-8.", reason="not-utf8") from None
    return _loads(text)


def check_depth(body: bytes, max_depth: int = MAX_DEPTH) -> None:
    """Refuse nesting deeper than `max_depth` before any parser recurses into it."""
    if body.count(b"[") + body.count(b"{") <= max_depth:
        return
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            if depth > max_depth:
                raise UnreadableWebhook(f"The body is nested more than {max_depth} levels deep.", reason="too-deep")
        elif first in b"]}":
            depth -= 1


def _loads(text: str) -> Any:
    try:
        plain = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_int=_integer)
    except (ValueError, RecursionError):
        raise UnreadableWebhook("The body is not JSON.", reason="not-json") from None
    return _mended(plain) if _HALF_PAIR_ESCAPE.search(text) else plain


_HALF_PAIR_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def _mended(plain: Any) -> Any:
    """The same data with every lone surrogate replaced: Python cannot encode one."""
    kind = plain.__class__
    if kind is str:
        return _HALF_PAIR.sub("\ufffd", plain)
    if kind is list:
        return [_mended(part) for part in plain]
    if kind is dict:
        return {_mended(key): _mended(value) for key, value in plain.items()}
    return plain


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableWebhook("An object of the body has the same key twice.", reason="duplicate-key")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _integer(digits: str) -> int | float:
    """Python refuses to read more than 4,300 digits as an integer; as a float they are infinite, as in JavaScript."""
    return int(digits) if len(digits) < 300 else float(digits)
