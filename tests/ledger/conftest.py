"""A ledger file for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.db"


def people(count: int, start: int = 0) -> list[dict[str, str]]:
    return [{"email": f"person{n}@example.com"} for n in range(start, start + count)]


def forms(outcomes: list[Any]) -> list[Any]:
    """What a run handed out, in a form that compares."""
    return [
        (one.index, one.status, one.result, one.duplicate_of, str(one.error) if one.error else None)
        for one in sorted(outcomes, key=lambda one: one.index)
    ]


Bulk = Callable[..., Any]
