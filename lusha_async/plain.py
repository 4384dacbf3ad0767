"""Plain JSON data: what it is, in a way that type checkers follow, and the texts in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether this is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether this is a JSON array."""
    return isinstance(value, list)


def texts(value: object) -> list[str]:
    """Every text that is not empty, at any depth, in order."""
    found: list[str] = []
    _gather((value,), found)
    return found


def _gather(values: Iterable[object], found: list[str]) -> None:
    for value in values:
        if isinstance(value, str):
            if value:
                found.append(value)
        elif is_object(value):
            _gather(value.values(), found)
        elif is_array(value):
            _gather(value, found)
