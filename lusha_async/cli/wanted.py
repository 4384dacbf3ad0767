"""A file of wanted subscriptions: CSV, JSON Lines or one JSON array. What cannot be used is refused with its row."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from .output import STANDARD_OUTPUT as STANDARD_INPUT
from .reading import open_table
from .refusal import Refused
from .text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LARGEST_FILE = 64 * 2**20
"""Bytes: some 500,000 subscriptions."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "entity_id": ("entityid", "id", "lushaid", "contactid", "companyid"),
    "entity_type": ("entitytype",),
    "signal_types": ("signaltypes", "signals", "signaltype"),
    "url": ("url", "webhookurl"),
    "name": ("name", "subscriptionname"),
}
"""The columns that are used, by the names they may have, letters only."""


def read_wanted(path: str) -> list[dict[str, Any]]:
    """The wanted subscriptions in a file, - for standard input. Other columns are left alone. Raises `Refused`."""
    data = _bytes(path)
    source = "standard input" if path == STANDARD_INPUT else path
    found = [_wanted(fields, f"{source}, row {number}") for number, fields in enumerate(_rows(data, source), start=1)]
    if found and not any("entity_id" in fields for fields in found):
        raise Refused(f"{source} has no column entity_id (or id) with the ids of contacts or companies.")
    for number, fields in enumerate(found, start=1):
        if "entity_id" not in fields:
            raise Refused(f"{source}, row {number}: no entity_id.")
    return found


def _bytes(path: str) -> bytes:
    try:
        if path == STANDARD_INPUT:
            data = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > LARGEST_FILE:
        raise Refused(f"{path} has more than 64 MiB: is this a list of subscriptions?")
    return data


def _rows(data: bytes, source: str) -> Iterator[Mapping[str, Any]]:
    if data.lstrip()[:1] == b"[":
        try:
            yield from msgspec.json.decode(data, type=list[dict[str, Any]])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise Refused(f"{source} is no JSON array of objects.") from None
        return
    table = open_table(Text(io.BytesIO(data), source=source), source=source)
    for rows in table.blocks():
        yield from (row.fields for row in rows)


def _wanted(fields: Mapping[str, Any], where: str) -> dict[str, Any]:
    by_letters = {re.sub(r"[^a-z]", "", name.lower()): value for name, value in fields.items()}
    found: dict[str, Any] = {}
    for field, names in COLUMNS.items():
        value = next((by_letters[name] for name in names if by_letters.get(name) not in (None, "")), None)
        if value is None:
            continue
        found[field] = signals(value, where) if field == "signal_types" else _text(value, field, where)
    return found


def _text(value: object, field: str, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(f"{where}: {field} is text.")
    return str(value).strip()


def signals(value: object, where: str) -> tuple[str, ...]:
    """Signal types: a list, or text with commas, semicolons, bars or spaces between them."""
    parts = re.split(r"[,;|\s]+", value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in cast("Iterable[object]", parts)):
        raise Refused(f"{where}: signal_types are names, such as promotion,companyChange.")
    return tuple(part for part in cast("list[str]", parts) if part)
