"""Bulk runs over real sockets against a sandbox in which one request in five goes wrong, in every way it knows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lusha_async import LushaClient, NoLimits, RetryPolicy, Status
from lusha_async.sandbox import FAULT_KINDS, Faults, Sandbox

PEOPLE = [f"person{n}@example.com" for n in range(60)]
QUICK = RetryPolicy(initial=0.001, maximum=0.01, max_attempts=4)


async def identities() -> dict[str, str | None]:
    """Who each address belongs to, asked one by one in peace."""
    async with Sandbox(burst=None) as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        answer = await lusha.contacts.search([{"email": email, "client_reference_id": email} for email in PEOPLE])
    return {contact.client_reference_id: contact.id for contact in answer.results if contact.client_reference_id}


async def under_fire(
    source: list[Any], seed: int, leave_after: int | None, **options: Any
) -> tuple[list[Any], Any, Any]:
    faults = Faults(rate=0.2, stall=0.3, seed=seed, forms=("plain", "retry_after"))
    async with Sandbox(burst=None, faults=faults) as sandbox:
        client = LushaClient(
            sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), timeout=0.15, retries=QUICK, max_wait=1
        )
        async with client as lusha:
            received = []
            async with lusha.contacts.bulk_search_and_enrich(source, reveal=["emails"], **options) as run:
                async for outcome in run:
                    received.append(outcome)
                    if len(received) == leave_after:
                        break
        return received, run.report, sandbox.stats()


def check(received: list[Any], source: list[Any], known: dict[str, str | None]) -> None:
    assert len({outcome.index for outcome in received}) == len(received)
    for outcome in received:
        assert outcome.item is source[outcome.index]
        if outcome.status is Status.FOUND:
            assert outcome.result.id == known[outcome.item["email"].lower()]
        if outcome.status is Status.NOT_FOUND:
            assert known[outcome.item["email"].lower()] is None


def law(examples: int) -> Any:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


ROWS = st.lists(st.sampled_from([*PEOPLE, PEOPLE[0].upper(), PEOPLE[1].title()]), min_size=1, max_size=250)


def one_run(
    emails: list[str], seed: int, chunk_size: int, concurrency: int | None, ordered: bool, leave_after: int | None
) -> None:
    async def go() -> None:
        source = [{"email": email} for email in emails]
        received, report, _ = await under_fire(
            source, seed, leave_after, chunk_size=chunk_size, concurrency=concurrency, ordered=ordered
        )
        check(received, source, KNOWN)
        if leave_after is None or leave_after > len(source):
            assert sorted(outcome.index for outcome in received) == list(range(len(source)))
            assert report.done == report.records == len(source)

    asyncio.run(go())


KNOWN: dict[str, str | None] = {}


@pytest.fixture(autouse=True, scope="module")
def _known() -> None:
    KNOWN.update(asyncio.run(identities()))


ARGUMENTS = {
    "emails": ROWS,
    "seed": st.integers(0, 2**32),
    "chunk_size": st.integers(1, 100),
    "concurrency": st.sampled_from([None, 1, 3, 10]),
    "ordered": st.booleans(),
    "leave_after": st.none() | st.integers(1, 100),
}


@law(15)
@given(**ARGUMENTS)
def test_records_in_are_outcomes_out(**drawn: Any) -> None:
    one_run(**drawn)


@pytest.mark.soak
@law(300)
@given(**ARGUMENTS)
def test_records_in_are_outcomes_out_for_long(**drawn: Any) -> None:
    one_run(**drawn)


@pytest.mark.parametrize("kind", FAULT_KINDS)
async def test_each_kind_of_fault_by_itself(kind: str) -> None:
    source = [{"email": email} for email in PEOPLE]
    faults = Faults(rates={kind: 0.4}, stall=0.2, seed=3, forms=("retry_after",))
    async with Sandbox(burst=None, faults=faults) as sandbox:
        client = LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), timeout=0.1, retries=QUICK)
        async with client as lusha:
            outcomes = await lusha.contacts.bulk_search_and_enrich(source, reveal=["emails"], chunk_size=5).collect()
    check(outcomes, source, KNOWN)
    assert len(outcomes) == len(source)
    assert sum(outcome.status is Status.FOUND for outcome in outcomes) >= 20
