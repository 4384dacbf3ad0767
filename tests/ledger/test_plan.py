"""Knowing before: a plan costs nothing, says what will be, and runs it."""

# ruff: noqa: ASYNC240 - tests may touch the disk

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lusha_async import LushaClient, Status
from lusha_async.errors import InvalidRequest
from lusha_async.ledger import Ledger, LedgerMismatch
from lusha_async.sandbox import Sandbox

from .conftest import people


async def test_a_plan_counts_and_costs_nothing(sandbox: Sandbox, lusha: LushaClient) -> None:
    rows = [*people(250), *people(30), {"first_name": "Nobody"}, {"email": "nothing"}]
    plan = await lusha.contacts.plan(rows, reveal=["emails", "phones"])
    assert (plan.records, plan.duplicates, plan.invalid, plan.to_send) == (282, 30, 2, 250)
    assert (plan.chunks, plan.requests, plan.from_ledger, plan.by_id) == (3, 4, 0, 0)
    assert plan.credits.least == 0
    assert plan.credits.most == 250 * 6 + 4 + 4 + 2
    assert 0 < plan.credits.likely < plan.credits.most
    assert plan.prices_known
    assert plan.affordable
    assert plan.balance == 1_000_000_000
    stats = sandbox.stats()
    assert (stats["credits_charged"], stats["items"]) == (0, 0)
    assert "282 records: 250 to ask about in 3 requests" in str(plan)
    run = plan.run()
    outcomes = await run.collect()
    assert (len(outcomes), run.report.duplicates, run.report.requests) == (282, 30, 3)
    assert plan.credits.least <= run.report.credits_charged <= plan.credits.most


async def test_the_accounts_own_prices_count(sandbox: Sandbox, lusha: LushaClient) -> None:
    sandbox.configure(prices={"revealEmail": (3, 1)})
    plan = await lusha.contacts.plan(people(10), reveal=["emails"])
    assert plan.credits.most == 10 * 3 + 1


async def test_the_time_is_that_of_the_accounts_windows(sandbox: Sandbox, lusha: LushaClient) -> None:
    sandbox.set_windows(minute=10, day=1000)
    plan = await lusha.contacts.plan(people(3000), reveal=["emails"])
    assert plan.chunks == 30
    assert plan.binds == "minute"
    assert 100 < plan.seconds < 300


async def test_what_the_ledger_knows_is_not_planned(lusha: LushaClient, path: Path) -> None:
    await lusha.contacts.bulk_search_and_enrich(people(120), reveal=["emails"], ledger=path).collect()
    plan = await lusha.contacts.plan(people(200), reveal=["emails"], ledger=path)
    assert (plan.from_ledger, plan.to_send, plan.chunks) == (120, 80, 1)
    run = plan.run()
    outcomes = await run.collect()
    assert run.report.from_ledger == 120
    assert sum(not one.from_ledger for one in outcomes) == 80


async def test_known_ids_are_planned_without_a_search(lusha: LushaClient, path: Path) -> None:
    memory = timedelta(days=1)
    searched = await lusha.contacts.bulk_search(people(50), ledger=path, reuse=memory).collect()
    found = sum(one.status is Status.FOUND for one in searched)
    plan = await lusha.contacts.plan(people(50), reveal=["emails"], ledger=path, reuse=memory)
    assert (plan.by_id, plan.to_send) == (found, 50)


async def test_a_plan_begins_nothing(lusha: LushaClient, path: Path) -> None:
    await lusha.contacts.plan(people(3), reveal=["emails"], ledger=path)
    assert not path.exists()
    await lusha.contacts.bulk_search_and_enrich(people(3), reveal=["emails"], ledger=path).collect()
    with pytest.raises(LedgerMismatch):
        await lusha.contacts.plan(people(3), reveal=["phones"], ledger=path)
    async with Ledger(path) as ledger:
        summary = await ledger.summary()
    assert [spec.runs for spec in summary.asked] == [1]


async def test_a_ceiling_is_part_of_the_plan(lusha: LushaClient) -> None:
    plan = await lusha.contacts.plan(people(100), reveal=["emails"], max_credits=20)
    assert (plan.credits.most, plan.max_credits) == (20, 20)
    run = plan.run()
    await run.collect()
    assert run.report.credits_charged <= 20


async def test_every_bulk_method_can_be_planned(lusha: LushaClient) -> None:
    ids = [one.result.id for one in await lusha.contacts.bulk_search(people(20)).collect() if one.result]
    plan = await lusha.contacts.bulk_enrich([*ids, *ids], reveal=["emails"]).plan()
    assert (plan.to_send, plan.duplicates, plan.credits.most) == (len(ids), len(ids), len(ids))
    companies: Any = [{"domain": "example.com"}, {"domain": "www.example.com"}]
    assert (await lusha.companies.plan(companies, reveal=())).duplicates == 1


async def test_a_source_that_can_be_read_once_is_refused(lusha: LushaClient) -> None:
    def once() -> Iterator[dict[str, str]]:
        yield from people(3)

    with pytest.raises(InvalidRequest, match="read twice"):
        await lusha.contacts.plan(once(), reveal=["emails"])
