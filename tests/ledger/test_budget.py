"""The ceiling holds, and the plan's range contains what was charged: over prices, faults, concurrency and kills."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from lusha_async import Status
from lusha_async.bulk import BudgetExhausted, BulkRun
from lusha_async.bulk.budget import Budget
from lusha_async.errors import InvalidRequest
from lusha_async.ledger import Ledger, LedgerError
from lusha_async.v3.enrichment_bulk import ContactBulkEnrichment

from .conftest import people
from .shop import DOCUMENTED, Shop

DUST = 1e-6


def run_of(shop: Shop, count: int, **options: Any) -> BulkRun[Any, Any]:
    options.setdefault("reveal", ["emails"])
    return ContactBulkEnrichment(shop).bulk_search_and_enrich(people(count), **options)


def shop_of(**options: Any) -> Shop:
    return Shop(seed=1, listed=DOCUMENTED, real=DOCUMENTED, **options)


async def test_what_fits_is_bought_and_the_rest_is_not_sent() -> None:
    shop = shop_of(hits=1.0)
    run = run_of(shop, 1000, max_credits=500)
    outcomes = await run.collect()
    assert len(outcomes) == 1000
    assert 490 < shop.charged <= 500
    assert shop.charged == run.report.credits_charged
    assert isinstance(run.report.ended_by, BudgetExhausted)
    assert run.report.statuses[Status.NOT_SENT] > 0
    assert (run.report.credits_reserved, run.report.credits_in_doubt) == (0, 0)


async def test_a_ceiling_that_is_not_reached_changes_nothing() -> None:
    shop = shop_of()
    run = run_of(shop, 1000, max_credits=5000)
    await run.collect()
    assert run.report.ended_by is None
    assert shop.requests == 10


async def test_no_credits_no_request() -> None:
    shop = shop_of()
    outcomes = await run_of(shop, 10, max_credits=0).collect()
    assert {one.status for one in outcomes} == {Status.NOT_SENT}
    assert shop.requests == 0


async def test_what_may_have_been_charged_stays_in_doubt() -> None:
    shop = shop_of(fault_rate=1.0)
    run = run_of(shop, 300, max_credits=400)
    await run.collect()
    assert run.report.credits_in_doubt > 0
    assert shop.charged <= 400
    assert run.report.credits_charged + run.report.credits_in_doubt <= 400 + DUST


async def test_wrong_price_lists_cost_one_request() -> None:
    """Ten times what both lists say: the first request finds out, alone, and all others set aside ten times as much."""
    real = {name: (price * 10, quantity) for name, (price, quantity) in DOCUMENTED.items()}
    shop = Shop(seed=1, listed=DOCUMENTED, real=real, hits=1.0)
    run = run_of(shop, 5000, max_credits=5000, concurrency=16)
    await run.collect()
    assert shop.charged <= 5000


async def test_operations_of_unknown_cost_cannot_have_a_ceiling() -> None:
    from lusha_async.v2.enrichment_bulk import PersonBulkEnrichment

    with pytest.raises(InvalidRequest, match="max_credits"):
        PersonBulkEnrichment(shop_of()).bulk_enrich(people(1), reveal=["emails"], max_credits=1)


async def test_the_ceiling_of_a_run_spans_its_continuations(tmp_path: Path) -> None:
    shop = shop_of(hits=1.0)
    path = tmp_path / "run.db"
    for _ in range(3):
        await run_of(shop, 1000, max_credits=300, ledger=path).collect()
    assert shop.charged <= 300
    run = run_of(shop, 1000, max_credits=400, ledger=path)
    await run.collect()
    assert 300 < shop.charged <= 400
    assert run.report.credits_before + run.report.credits_charged == shop.charged


async def test_a_run_with_lost_answers_is_not_over(tmp_path: Path) -> None:
    """What could have been charged for them counts when they are asked about again."""
    shop = shop_of(hits=1.0, fault_rate=1.0)
    for _ in range(5):
        await run_of(shop, 10, max_credits=11, ledger=tmp_path / "run.db").collect()
    assert shop.charged <= 11


@given(
    ceiling=st.floats(0, 1000),
    steps=st.lists(st.tuples(st.integers(1, 100), st.floats(0, 1), st.booleans()), max_size=40),
)
@settings(max_examples=200, deadline=None)
def test_reservations_never_exceed_the_ceiling(ceiling: float, steps: list[tuple[int, float, bool]]) -> None:
    async def go() -> None:
        budget = Budget(ceiling)
        under_way: list[Any] = []

        async def ask(count: int, share: float, lost: bool) -> None:
            try:
                taken = await budget.reserve(lambda size: size * 2.0, count)
            except BudgetExhausted:
                return
            under_way.append(taken)
            assert budget.charged + budget.in_doubt + budget.reserved <= ceiling + 1e-3
            await anyio.lowlevel.checkpoint()
            under_way.remove(taken)
            charged = 0.0 if lost else taken.amount * share
            budget.settle(taken, charged=charged, doubtful=taken.amount if lost else 0.0)

        async with anyio.create_task_group() as group:
            for step in steps:
                group.start_soon(ask, *step)
        assert not under_way
        assert abs(budget.reserved) < 1e-6

    anyio.run(go)


PRICE = st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.5, 7.0])
CASE = {
    "seed": st.integers(0, 2**32),
    "listed": st.none() | st.fixed_dictionaries({n: st.tuples(PRICE, st.sampled_from([1, 25])) for n in DOCUMENTED}),
    "contradictory": st.booleans(),
    "hits": st.sampled_from([0.0, 0.3, 0.9, 1.0]),
    "count": st.integers(1, 150),
    "chunk_size": st.integers(1, 60),
    "concurrency": st.sampled_from([None, 1, 3, 8]),
    "fault_rate": st.sampled_from([0.0, 0.1, 0.5]),
    "free_repeats": st.booleans(),
    "reveal": st.sampled_from([["emails"], ["phones"], ["emails", "phones"]]),
    "ceiling": st.none() | st.floats(0, 400),
    "kills": st.lists(st.integers(1, 60), max_size=3),
}


def check_case(case: dict[str, Any]) -> None:
    note(str(case))
    listed = case["listed"]
    real = DOCUMENTED if listed is None or case["contradictory"] else listed
    shop = Shop(
        seed=case["seed"],
        listed=listed,
        real=real,
        hits=case["hits"],
        fault_rate=case["fault_rate"],
        free_repeats=case["free_repeats"],
    )
    options = {
        "reveal": case["reveal"],
        "chunk_size": case["chunk_size"],
        "concurrency": case["concurrency"],
        "max_credits": case["ceiling"],
    }

    async def go(path: Path) -> None:
        plan = await ContactBulkEnrichment(shop).plan(people(case["count"]), **options, ledger=path)
        assert plan.to_send == plan.records == case["count"]
        ceiling = plan.credits.most if case["ceiling"] is None else case["ceiling"]
        for kill in case["kills"]:
            await killed(plan, path, kill)
            assert shop.charged <= ceiling + DUST
        run = plan.run(ledger=path)
        outcomes = await run.collect()
        assert len(outcomes) == case["count"]
        assert plan.credits.least <= shop.charged <= plan.credits.most + DUST
        assert shop.charged <= ceiling + DUST
        report = run.report
        assert report.credits_before + report.credits_charged <= shop.charged + DUST
        assert shop.charged <= report.credits_before + report.credits_charged + report.credits_in_doubt + DUST
        assert report.credits_reserved == 0

    with tempfile.TemporaryDirectory() as folder:
        anyio.run(go, Path(folder) / "run.db")


async def killed(plan: Any, path: Path, moment: int) -> None:
    """Start the run and end it so that nothing is written down after the moment, like a process that is gone."""
    ledger = Ledger(path)
    await ledger.open(account="test")
    async with plan.run(ledger=ledger) as run:
        for _ in range(moment):
            await asyncio.sleep(0)
        worker: Any = ledger._worker

        def gone(work: object) -> asyncio.Future[Any]:
            nothing: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            nothing.set_exception(LedgerError("dead"))
            nothing.exception()
            return nothing

        worker.submit = gone
        run._task.cancel()
    await ledger.close()


SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(case=st.fixed_dictionaries(CASE))
def test_never_more_than_allowed_nor_than_planned(case: dict[str, Any]) -> None:
    check_case(case)


@pytest.mark.marathon
@settings(max_examples=10_000, deadline=None, suppress_health_check=SLOW)
@given(case=st.fixed_dictionaries(CASE))
def test_never_more_than_allowed_nor_than_planned_at_length(case: dict[str, Any]) -> None:
    check_case(case)
