"""The conservation law under random faults: records in = outcomes out, none crossed, nothing paid twice."""

from __future__ import annotations

import random
from typing import Any

import anyio
import anyio.lowlevel
from hypothesis import given, settings
from hypothesis import strategies as st

from lusha_async import Status
from lusha_async.v3.enrichment_bulk import ContactBulkEnrichment

from .fake import FAULTS, FakeSender, person_id

KINDS = st.sampled_from(["p", "p", "p", "none", "legal", "bad", "invalid"])
RECORDS = st.lists(st.tuples(KINDS, st.integers(0, 40)), max_size=120)


def record(kind: str, number: int) -> Any:
    if kind == "invalid":
        return {"first_name": f"only{number}"}
    return {"email": f"{kind}{number}@example.com"}


@settings(max_examples=150, deadline=None)
@given(
    records=RECORDS,
    seed=st.integers(0, 2**32),
    rate=st.sampled_from([0.0, 0.2, 0.8]),
    chunk_size=st.integers(1, 100),
    concurrency=st.sampled_from([None, 1, 2, 7]),
    ordered=st.booleans(),
    fold=st.sampled_from([0, 3, 10_000, None]),
    leave_after=st.none() | st.integers(0, 60),
    asynchronous=st.booleans(),
)
def test_as_many_outcomes_as_records(
    records: list[tuple[str, int]],
    seed: int,
    rate: float,
    chunk_size: int,
    concurrency: int | None,
    ordered: bool,
    fold: int | None,
    leave_after: int | None,
    asynchronous: bool,
) -> None:
    dice = random.Random(seed)
    source = [record(*entry) for entry in records]
    sender = FakeSender(lambda: dice.choice(FAULTS) if dice.random() < rate else None, seed=seed)

    async def from_afar() -> Any:
        for item in source:
            if dice.random() < 0.1:
                await anyio.lowlevel.checkpoint()
            yield item

    async def go() -> tuple[list[Any], Any]:
        run = ContactBulkEnrichment(sender).bulk_search_and_enrich(
            from_afar() if asynchronous else source,
            reveal=["emails"],
            chunk_size=chunk_size,
            concurrency=concurrency,
            ordered=ordered,
            fold=fold,
            linger=0.0 if asynchronous else 1.0,
        )
        received = []
        async with run:
            async for outcome in run:
                received.append(outcome)
                if len(received) == leave_after:
                    break
        return received, run.report

    received, report = anyio.run(go)
    assert sender.in_flight == 0
    indices = [outcome.index for outcome in received]
    assert len(set(indices)) == len(indices)
    if leave_after is None:
        assert sorted(indices) == list(range(len(source)))
        assert report.records == report.done == len(source)
    if ordered:
        assert indices == list(range(len(indices)))
    for outcome in received:
        assert outcome.item is source[outcome.index]
        if outcome.status is Status.FOUND:
            assert outcome.result is not None
            assert outcome.result.id == person_id(outcome.item["email"])
            assert outcome.raw is not None
            assert outcome.result.id.encode() in outcome.raw
        if outcome.status is Status.INVALID:
            assert outcome.error is not None
    if fold is None or fold == 10_000:
        assert not sender.asked or max(sender.asked.values()) == 1
