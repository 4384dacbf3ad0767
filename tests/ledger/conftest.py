"""A sandbox, a client and a ledger file for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from lusha_async import LushaClient, NoLimits, RetryPolicy
from lusha_async.sandbox import Sandbox

QUICK = RetryPolicy(initial=0.001, maximum=0.002)
"""Repeats without pauses worth mentioning."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(burst=None, usage_limit=None) as running:
        yield running


@pytest.fixture
async def lusha(sandbox: Sandbox) -> AsyncIterator[LushaClient]:
    async with LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), retries=QUICK) as client:
        yield client


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
