"""Changes to a good answer that a client must survive: odd types, missing, foreign and repeated items."""

from __future__ import annotations

import random
from typing import Any, cast

import msgspec

Json = dict[str, Any]

_KEEP = frozenset({"id", "clientReferenceId", "error", "code", "creditsCharged", "resultsReturned"})
"""Fields that stay as they are: without them an answer could not be told apart, and nothing would be left to test."""


def surprise(kind: str, body: bytes, dice: random.Random) -> bytes:
    """The body with one kind of surprise in it; unchanged when it holds no items."""
    document = msgspec.json.decode(body)
    items = _items(document)
    if kind == "odd_types":
        for value in _values(items):
            _distort(value, dice)
    elif isinstance(items, list):
        _disturb_list(kind, items, dice)
    elif items:
        _disturb_map(kind, items)
    return msgspec.json.encode(document)


def _items(document: Any) -> list[Any] | dict[str, Any] | None:
    if not isinstance(document, dict):
        return cast("list[Any] | None", document if isinstance(document, list) else None)
    mapping = cast("Json", document)
    for name in ("results", "data", "contacts", "companies"):
        value = mapping.get(name)
        if isinstance(value, list | dict):
            return cast("list[Any] | dict[str, Any]", value)
    return mapping if mapping and all(isinstance(value, dict) for value in mapping.values()) else None


def _values(items: list[Any] | dict[str, Any] | None) -> list[Any]:
    if isinstance(items, dict):
        return list(items.values())
    return items or []


def _disturb_list(kind: str, items: list[Any], dice: random.Random) -> None:
    if kind == "extra_items":
        items.append(
            {"clientReferenceId": "nobody-asked", "id": "v1.bm9ib2R5LWFza2VkLWZvci10aGlz", "firstName": "Nobody"}
        )
    elif items and kind == "drop_items":
        items.pop(dice.randrange(len(items)))
    elif items and kind == "duplicate_items":
        items.append(items[dice.randrange(len(items))])


def _disturb_map(kind: str, items: Json) -> None:
    if kind == "extra_items":
        items["nobody-asked"] = next(iter(items.values()))
    elif kind == "drop_items":
        items.pop(next(iter(items)))


def _distort(item: Any, dice: random.Random) -> None:
    if not isinstance(item, dict):
        return
    mapping = cast("Json", item)
    names = [name for name in mapping if name not in _KEEP]
    for name in names:
        value = mapping[name]
        choice = dice.randrange(6)
        if choice == 0:
            mapping[name] = None
        elif choice == 1:
            mapping[name] = _odd(value)
        elif choice == 2 and isinstance(value, dict):
            _distort(value, dice)
        elif choice == 3 and isinstance(value, list) and value:
            _distort(value[0], dice)
    mapping["newField"] = {"since": "tomorrow"}
    for name in ("type", "seniority", "status"):
        if isinstance(mapping.get(name), str):
            mapping[name] = "BRAND_NEW_VALUE"


def _odd(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return [value]
    return "surprise"
