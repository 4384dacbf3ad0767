"""The way of outcomes to the consumer: nothing lost, in order, bounded."""

from __future__ import annotations

import asyncio

from lusha_async.bulk.backlog import Backlog


async def test_everything_there_is_taken_at_once_and_in_order() -> None:
    backlog: Backlog[int] = Backlog(10)
    await backlog.put([1, 2])
    await backlog.put([3])
    assert await backlog.take() == [1, 2, 3]


async def test_the_taker_waits_for_the_first_and_for_the_end() -> None:
    backlog: Backlog[int] = Backlog(10)
    taking = asyncio.create_task(backlog.take())
    await asyncio.sleep(0)
    await backlog.put([1])
    assert await taking == [1]
    ending = asyncio.create_task(backlog.take())
    await asyncio.sleep(0)
    backlog.close()
    assert await ending == []


async def test_what_was_given_before_the_end_is_still_taken() -> None:
    backlog: Backlog[int] = Backlog(10)
    await backlog.put([1])
    backlog.close()
    assert (await backlog.take(), await backlog.take()) == ([1], [])


async def test_who_gives_too_much_waits_until_it_was_taken() -> None:
    backlog: Backlog[int] = Backlog(2)
    giving = [asyncio.create_task(backlog.put([number])) for number in range(4)]
    await asyncio.sleep(0)
    assert [task.done() for task in giving] == [True, False, False, False]
    giving[2].cancel()
    await asyncio.sleep(0)
    assert await backlog.take() == [0, 1, 2, 3]
    await asyncio.gather(*giving, return_exceptions=True)
    assert [task.cancelled() for task in giving] == [False, False, True, False]
