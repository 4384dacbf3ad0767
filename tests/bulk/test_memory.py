"""What is remembered of records: the latest, those under way, and of the settled ones enough to tell their outcome."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async import LushaError
from lusha_async.bulk import Answer, Outcome, Status
from lusha_async.bulk.memory import Entry, Known, Memory, Settled
from lusha_async.bulk.outcome import RESULTS

ANSWER = Answer(b'{"results":[{"id":"v1.a"},{"id":"v1.b"}]}', RESULTS)

OUTCOMES = st.builds(
    Outcome,
    index=st.integers(0, 99),
    item=st.just({"email": "ann@example.com"}),
    status=st.sampled_from(Status),
    result=st.sampled_from([None, "a struct"]),
    error=st.sampled_from([None, LushaError("no")]),
    duplicate_of=st.none() | st.integers(0, 9),
    answer=st.just(ANSWER),
    place=st.sampled_from([None, 0, 1, "key"]),
    from_ledger=st.booleans(),
)


@given(st.lists(OUTCOMES, min_size=1), st.booleans())
def test_nothing_but_item_and_readable_result_is_lost(outcomes: list[Outcome[Any, Any]], compressed: bool) -> None:
    if compressed:  # as the engine gives it: outcomes of a fresh answer
        outcomes = [Outcome(**{**fields(one), "duplicate_of": None, "from_ledger": False}) for one in outcomes]
    settled = Settled.of(outcomes, ANSWER if compressed else None)

    for number, outcome in enumerate(outcomes):
        told = settled.outcome(number)
        readable = type(outcome.place) is int
        assert fields(told) == {**fields(outcome), "item": None, "result": None if readable else outcome.result}


def fields(outcome: Outcome[Any, Any]) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in outcome.__struct_fields__}


def entries(*keys: str) -> list[Entry[Any, Any, Any]]:
    return [Entry(number, {}, key, key) for number, key in enumerate(keys)]


def settle(memory: Memory[Any, Any, Any], *ones: Entry[Any, Any, Any]) -> None:
    memory.settle(ones, [Outcome(index=one.index, item=None, status=Status.NOT_FOUND) for one in ones], None)


def test_the_oldest_are_forgotten_but_not_while_they_are_awaited() -> None:
    memory: Memory[Any, Any, Any] = Memory(2)
    old, awaited = entries("old", "awaited")
    memory.add(["old", "awaited"], [old, awaited])
    settle(memory, old)
    for key in ("a", "b", "c"):
        (one,) = entries(key)
        memory.add([key], [one])
        settle(memory, one)

    assert memory.find("old") is None
    assert memory.find("awaited") is awaited
    assert isinstance(memory.find("c"), Known)


def test_an_entry_under_two_keys_is_known_under_both() -> None:
    memory: Memory[Any, Any, Any] = Memory(None)
    (one,) = entries("by name")
    memory.add(["by name"], [one])
    memory.add(["by id"], [one])
    assert memory.find("by id") is one

    settle(memory, one)

    assert memory.find("by id") is memory.find("by name") is one.known


@pytest.mark.parametrize(("keys", "new"), [(["a", "b"], True), (["a", "a"], False), (["a", "known"], False)])
def test_whether_records_are_new(keys: list[str], new: bool) -> None:
    memory: Memory[Any, Any, Any] = Memory(10)
    memory.add(["known"], entries("known"))

    assert memory.is_new(keys) is new
    assert Memory(0).is_new(keys), "with nothing remembered, everything is"
