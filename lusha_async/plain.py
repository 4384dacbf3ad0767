"""Plain JSON data: what it is, in a way that type checkers follow, and the texts in it."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether this is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether this is a JSON array."""
    return isinstance(value, list)


def texts(value: object) -> list[str]:
    """Every text that is not empty, at any depth, in order."""
    if isinstance(value, str):
        return [value] if value else []
    if is_object(value):
        return [text for part in value.values() for text in texts(part)]
    if is_array(value):
        return [text for part in value for text in texts(part)]
    return []
