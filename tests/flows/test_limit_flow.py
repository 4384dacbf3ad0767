"""A list against a strict sliding window of 25 requests a second: no refusal, the window filled, nobody asked twice."""

from __future__ import annotations

import pytest

from lusha_async import LushaClient
from lusha_async.sandbox import Sandbox


async def enrich(count: int) -> dict[str, object]:
    async with (
        Sandbox(latency=0.3, jitter=0.02) as sandbox,
        LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha,
    ):
        rows = ({"email": f"person{n}@example.com"} for n in range(count))
        indices = set()
        async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]) as run:
            async for outcome in run:
                assert outcome.index not in indices
                indices.add(outcome.index)
        assert len(indices) == count
        return dict(sandbox.stats())


async def test_a_short_list_is_asked_once_and_never_refused() -> None:
    stats = await enrich(4000)
    assert stats["repeated_asks"] == 0
    assert stats["items"] == 4000


@pytest.mark.soak
async def test_twenty_thousand_contacts() -> None:
    stats = await enrich(20_000)
    assert stats["repeated_asks"] == 0
    assert stats["items"] == 20_000
    assert stats["refused"] == 0
