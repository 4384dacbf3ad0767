"""The limiter's own question to account usage helps where it can, and holds nobody back where it cannot."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from lusha_async import LushaClient, RetryPolicy
from lusha_async.sandbox import Sandbox


async def test_a_bulk_run_does_not_wait_for_the_usage_window_to_turn() -> None:
    async with Sandbox(usage_limit=5) as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        await asyncio.gather(*(lusha.account.usage() for _ in range(5)))
        began = time.monotonic()
        outcomes = await lusha.contacts.bulk_search([{"email": "jane@example.com"}]).collect()
        assert len(outcomes) == 1
        assert time.monotonic() - began < 30, "half of the window's length: it did not wait for its turn"


@pytest.mark.parametrize("how", ["answer", "reset"])
async def test_a_broken_usage_endpoint_does_not_stop_a_run(how: Any) -> None:
    quick = RetryPolicy(initial=0.01, max_attempts=2)
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url, retries=quick) as lusha:
        sandbox.next_error(status=404, endpoint="GET /v3/account/usage", how=how, times=100)
        outcomes = await lusha.contacts.bulk_search([{"email": "jane@example.com"}]).collect()
        assert len(outcomes) == 1
