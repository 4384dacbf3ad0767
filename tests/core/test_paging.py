"""Iterators end, also where a server does not."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from lusha_async.paging import ByOffset, Pages, Position


@dataclass
class Answer:
    items: tuple[str, ...]
    pagination: SimpleNamespace


async def test_a_server_that_repeats_itself_for_ever_is_not_asked_for_ever() -> None:
    asked: list[int] = []

    async def call(offset: int) -> Answer:
        asked.append(offset)
        return Answer(("a", "b"), SimpleNamespace(has_more=True))

    pages = Pages(
        ByOffset(call, items=lambda answer: answer.items, size=2), start=Position(offset=0), limit=None, prefetch=True
    )
    assert [item async for item in pages] == ["a", "b"]
    assert pages.truncated
    assert len(asked) <= 3
