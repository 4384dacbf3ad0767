"""The route table: every operation of the API, one row each, and the way from a request line to its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from . import (
    conversations,
    enrichment,
    filters,
    groups,
    jobs,
    legacy,
    legacy_prospecting,
    lookalikes,
    prospecting,
    signals,
    subscriptions,
    tables,
    usage,
)
from .backend import Operation

OPERATIONS: tuple[Operation, ...] = (
    *enrichment.OPERATIONS,
    *jobs.OPERATIONS,
    *prospecting.OPERATIONS,
    *filters.OPERATIONS,
    *signals.OPERATIONS,
    *lookalikes.OPERATIONS,
    *groups.OPERATIONS,
    *tables.OPERATIONS,
    *conversations.OPERATIONS,
    *subscriptions.OPERATIONS,
    *usage.OPERATIONS,
    *legacy.OPERATIONS,
    *legacy_prospecting.OPERATIONS,
)


class Router:
    """Finds the operation of a request; fixed paths win over templates."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._fixed: dict[str, dict[str, Operation]] = {}
        templates: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            table = templates if "{" in operation.path else self._fixed
            table.setdefault(operation.path, {})[operation.method] = operation
        self._templates = [(_pattern(path), methods) for path, methods in templates.items()]

    def find(self, method: str, path: str) -> tuple[Mapping[str, Operation], Mapping[str, str]]:
        """The operations of a path by method, and the values in it. No operations: no such path."""
        fixed = self._fixed.get(path, {})
        if method in fixed:
            return fixed, {}
        for pattern, methods in self._templates:
            match = pattern.fullmatch(path)
            if match is not None:
                return methods, {name: unquote(value) for name, value in match.groupdict().items()}
        return fixed, {}


def _pattern(path: str) -> re.Pattern[str]:
    parts = [f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in path.split("/")]
    return re.compile("/".join(parts))
