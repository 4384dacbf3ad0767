"""Lines come out in the order of the rows, and nothing that was received stays behind."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.bulk import Outcome, Status
from lusha_async.cli import lineup as module
from lusha_async.cli.feed import Feed, Pipe
from lusha_async.cli.lineup import Lineup
from lusha_async.cli.reading import Row


class Numbers:
    """Lines that say which row they are, and what became of it."""

    def line(self, row: Row, outcome: Outcome) -> bytes:
        return f"{row.fields['number']}{outcome.status.value[0]} ".encode()

    def head(self) -> bytes:
        return b""

    def check(self, headers: object) -> None:
        pass


def lined_up(count: int) -> Lineup:
    lineup = Lineup(Numbers())
    lineup.admit(0, [Row({"number": index}) for index in range(count)])
    return lineup


def found(index: int) -> Outcome:
    return Outcome(index=index, item=None, status=Status.FOUND)


@given(st.permutations(range(12)), st.integers(0, 12))
def test_whatever_the_order_of_the_outcomes(order: list[int], received: int) -> None:
    lineup = lined_up(12)

    lines = [line for index in order[:received] for line in lineup.settle([found(index)])]
    lines += lineup.close_gaps(Status.NOT_SENT)

    known = set(order[:received])
    last = max(known, default=-1)
    assert b"".join(lines).decode().split() == [f"{n}{'f' if n in known else 'n'}" for n in range(last + 1)]


async def test_reading_pauses_while_the_lineup_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKLOG", 3)
    lineup = lined_up(3)
    waiting = asyncio.create_task(lineup.room())
    await asyncio.sleep(0)

    lineup.settle([found(1)])
    await asyncio.sleep(0)
    assert not waiting.done(), "row 0 still stands in front"

    lineup.settle([found(0)])
    await asyncio.wait_for(waiting, 1)


async def test_a_stopped_feed_gives_out_nothing_more() -> None:
    lineup = Lineup(Numbers())
    feed = Feed(Table(), lineup, columns=Nothing, limit=None, piped=False, learn=lambda names: Nothing)
    records = feed.records()
    await anext(records)

    feed.stop()

    assert [record async for record in records] == []
    assert (feed.read, feed.ended) == (1, False)


async def test_what_reading_a_pipe_raises_comes_after_the_rows_before_it() -> None:
    def rows():
        yield [Row({"a": "x"})]
        yield [Row({"a": "y"})]
        raise ValueError("broken off")

    pipe = Pipe(rows())

    assert [row.fields["a"] for row in await taken(pipe, 2)] == ["x", "y"]
    with pytest.raises(ValueError, match="broken off"):
        await pipe.next()


async def taken(pipe: Pipe, count: int) -> list[Row]:
    rows: list[Row] = []
    while len(rows) < count:
        rows += await pipe.next() or []
    return rows


class Nothing:
    of: dict = {}  # noqa: RUF012


class Table:
    headers = ("a",)

    def blocks(self):
        return iter([[Row({"a": "x"}), Row({"a": "y"})]])
