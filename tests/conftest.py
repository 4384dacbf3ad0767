"""Shared fixtures; and the shim that lets aioresponses 0.7 speak to aiohttp 3.14 and later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import Mock

import aiohttp
import aioresponses.core
import pytest

from lusha_async import LushaClient, NoLimits, RetryPolicy
from lusha_async.sandbox import Sandbox

if tuple(int(part) for part in aiohttp.__version__.split(".")[:2]) >= (3, 14):

    class _ResponseWithWriter(aiohttp.ClientResponse):
        """aiohttp 3.14 asks for a `stream_writer`, which aioresponses 0.7.9 does not know."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.setdefault("stream_writer", Mock(output_size=0))
            super().__init__(*args, **kwargs)

    aioresponses.core.ClientResponse = _ResponseWithWriter


@pytest.fixture(autouse=True)
def _no_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine has set must not decide how a test ends."""
    monkeypatch.delenv("LUSHA_API_KEY", raising=False)
    monkeypatch.delenv("LUSHA_BASE_URL", raising=False)


QUICK = RetryPolicy(initial=0.001, maximum=0.002)
"""Repeats without pauses worth mentioning."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that never limits."""
    async with Sandbox(burst=None, usage_limit=None) as running:
        yield running


@pytest.fixture
async def lusha(sandbox: Sandbox) -> AsyncIterator[LushaClient]:
    """A client of the sandbox."""
    async with LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), retries=QUICK) as client:
        yield client
