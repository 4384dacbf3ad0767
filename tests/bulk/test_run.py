"""What a bulk run promises: as many outcomes as records, none crossed, nothing asked twice, nothing left running."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from lusha_async import ContactQuery, InvalidRequest, PaymentRequired, QuotaExhausted, Status
from lusha_async.bulk import BulkRun, Outcome
from lusha_async.errors import BadRequest, ClientStateError
from lusha_async.v3.enrichment_bulk import ContactBulkEnrichment

from .fake import FakeSender, person_id


def run_of(sender: FakeSender, source: Any, **options: Any) -> BulkRun[Any, Any]:
    return ContactBulkEnrichment(sender).bulk_search_and_enrich(source, reveal=["emails"], **options)


def people(count: int, start: int = 0) -> list[dict[str, str]]:
    return [{"email": f"p{n}@example.com"} for n in range(start, start + count)]


def check(outcomes: list[Outcome[Any, Any]], source: list[Any]) -> None:
    """One outcome per record, each about its own record."""
    assert sorted(outcome.index for outcome in outcomes) == list(range(len(source)))
    for outcome in outcomes:
        assert outcome.item is source[outcome.index]
        if outcome.status is Status.FOUND:
            assert outcome.result.id == person_id(outcome.item["email"])


async def test_every_record_gets_its_own_outcome() -> None:
    source = people(1050)
    sender = FakeSender(delay=0.001)
    outcomes = await run_of(sender, source).collect()
    check(outcomes, source)
    assert {outcome.status for outcome in outcomes} == {Status.FOUND}
    assert sorted(len(request) for request in sender.requests) == [50] + [100] * 10


async def test_duplicates_are_asked_once_and_answered_everywhere() -> None:
    source = [*people(150), *people(150), {"email": "P3@EXAMPLE.com", "client_reference_id": "mine"}]
    sender = FakeSender()
    run = run_of(sender, source)
    outcomes = await run.collect()
    check(outcomes, source)
    assert max(sender.asked.values()) == 1
    assert run.report.duplicates == 151
    assert outcomes[150].duplicate_of == 0
    assert outcomes[-1].duplicate_of == 3
    assert outcomes[-1].result.client_reference_id == "mine"
    assert outcomes[3].result.client_reference_id is None


@pytest.mark.parametrize("seed", range(4))
async def test_a_duplicate_gets_the_same_long_after_its_answer_was_let_go(seed: int) -> None:
    """Its bytes are kept, as they came: compressed or not, in the order of the request or not."""
    sender = FakeSender(seed=seed)
    outcomes = await run_of(sender, people(20) + people(20), chunk_size=5, concurrency=1).collect()
    for first, second in zip(outcomes[:20], outcomes[20:], strict=True):
        assert (second.duplicate_of, second.result, second.raw) == (first.index, first.result, first.raw)
    assert len(sender.requests) == 4


async def test_the_users_own_reference_survives() -> None:
    source = [ContactQuery(email="a@example.com", client_reference_id="crm-7"), {"email": "b@example.com"}]
    outcomes = await run_of(FakeSender(), source).collect()
    assert [outcome.result.client_reference_id for outcome in outcomes] == ["crm-7", None]


async def test_raw_json_holds_what_no_struct_knows() -> None:
    [outcome] = await run_of(FakeSender(), people(1)).collect()
    assert b'"unheardOf":true' in outcome.raw


async def test_bad_records_are_refused_before_anything_is_sent() -> None:
    source = [{"email": "nobody"}, {"first_name": "Ann"}, {"name": "x"}, 7, {"email": "ok@example.com"}]
    sender = FakeSender()
    outcomes = await run_of(sender, source).collect()
    assert [outcome.status for outcome in outcomes] == [*[Status.INVALID] * 4, Status.FOUND]
    assert [getattr(outcome.error, "field", None) for outcome in outcomes[:3]] == ["email", "last_name", "name"]
    assert all(isinstance(outcome.error, InvalidRequest) for outcome in outcomes[:4])
    assert sender.asked.total() == 1


async def test_a_refused_chunk_is_halved_until_the_bad_record_stands_alone() -> None:
    source = people(100)
    source[37] = {"email": "bad@example.com"}
    sender = FakeSender()
    run = run_of(sender, source)
    outcomes = await run.collect()
    check(outcomes, source)
    assert outcomes[37].status is Status.INVALID
    assert isinstance(outcomes[37].error, BadRequest)
    assert sum(outcome.status is Status.FOUND for outcome in outcomes) == 99
    assert max(sender.asked.values()) == 1
    assert 6 <= run.report.splits <= 7


async def test_a_request_no_record_can_pass_is_not_tried_with_every_record() -> None:
    source = [{"email": f"bad{n}@example.com"} for n in range(1000)]
    sender = FakeSender()
    run = run_of(sender, source, concurrency=1)
    outcomes = await run.collect()
    assert len(outcomes) == 1000
    assert sender.refused_requests < 30
    assert isinstance(run.report.ended_by, BadRequest)


async def test_not_found_and_restricted_are_outcomes() -> None:
    source = [{"email": "none@example.com"}, {"email": "legal@example.com"}]
    outcomes = await run_of(FakeSender(), source).collect()
    assert [outcome.status for outcome in outcomes] == [Status.NOT_FOUND, Status.RESTRICTED]
    assert all(outcome.result is None and b"error" in outcome.raw for outcome in outcomes)


async def test_out_of_credits_ends_the_run_with_everything_received() -> None:
    source = people(2000)
    sender = FakeSender(delay=0.001)
    sender.credits_left = 500
    run = run_of(sender, source, concurrency=2)
    outcomes = await run.collect()
    check(outcomes, source)
    assert run.report.statuses == {Status.FOUND: 500, Status.NOT_SENT: 1500}
    assert isinstance(run.report.ended_by, PaymentRequired)
    assert sender.asked.total() == 500


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("with_ledger", [True, False])
async def test_an_empty_quota_ends_the_run_with_an_outcome_for_everybody(
    *, at_once: bool, with_ledger: bool, tmp_path: Path
) -> None:
    """Requests that wait at the limiter are called off; the one that brings the news is not among them."""

    numbers = itertools.count()

    class Limited(FakeSender):
        async def send(self, endpoint: Any, *, body: Any = None, on_sent: Any = None, **options: Any) -> Any:
            number = next(numbers)
            if number < 2:
                return await super().send(endpoint, body=body, on_sent=on_sent, **options)
            await anyio.sleep(0.01 if at_once or number == 5 else 60)
            raise QuotaExhausted("the minute window is used up", window="minute")

    source = people(80)
    ledger = tmp_path / "ledger" if with_ledger else None
    bulk = run_of(Limited(), source, chunk_size=10, concurrency=6, ledger=ledger)
    outcomes = await bulk.collect()
    check(outcomes, source)
    assert isinstance(bulk.report.ended_by, QuotaExhausted)
    assert bulk.report.statuses == {Status.FOUND: 20, Status.NOT_SENT: 60}


async def test_a_run_that_lost_a_record_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    emit = BulkRun._emit

    async def forgetful(self: BulkRun[Any, Any], outcomes: list[Any]) -> None:
        await emit(self, outcomes[1:])

    monkeypatch.setattr(BulkRun, "_emit", forgetful)
    with pytest.raises(RuntimeError, match="3 records ended without an outcome"):
        await run_of(FakeSender(), people(30), chunk_size=10).collect()


async def test_ordered_keeps_the_order_of_the_source() -> None:
    source = people(3000)
    source[1234] = {"email": "oops"}
    async with run_of(FakeSender(delay=0.002), source, ordered=True, chunk_size=10) as run:
        indices = [outcome.index async for outcome in run]
    assert indices == list(range(3000))


async def test_the_source_is_pulled_and_never_collected() -> None:
    pulled = 0

    def endless() -> Iterator[dict[str, str]]:
        nonlocal pulled
        while True:
            pulled += 1
            yield {"email": f"p{pulled}@example.com"}

    async with run_of(FakeSender(), endless(), concurrency=3, fold=0) as run:
        count = 0
        async for _ in run:
            count += 1
            if count == 5000:
                break
    assert pulled - count <= 100 * (3 + 4 + 3)


@pytest.mark.parametrize("ordered", [False, True])
async def test_endless_duplicates_do_not_pile_up(ordered: bool) -> None:
    pulled = 0

    def same() -> Iterator[dict[str, str]]:
        nonlocal pulled
        while True:
            pulled += 1
            yield {"email": "same@example.com"}

    async with run_of(FakeSender(), same(), concurrency=3, ordered=ordered) as run:
        count = 0
        async for _ in run:
            count += 1
            if count == 20_000:
                break
    assert pulled - count < 20_000


async def test_a_slow_source_does_not_hold_its_records_back() -> None:
    released = anyio.Event()

    async def slow() -> AsyncIterator[dict[str, str]]:
        for person in people(3):
            yield person
        await released.wait()

    async with run_of(FakeSender(), slow(), linger=0.01) as run:
        first = [await anext(run) for _ in range(3)]
        released.set()
        rest = [outcome async for outcome in run]
    assert [outcome.status for outcome in first] == [Status.FOUND] * 3
    assert rest == []


async def test_an_error_of_the_source_comes_after_what_was_received() -> None:
    def failing() -> Iterator[dict[str, str]]:
        yield from people(250)
        raise OSError("the disk went away")

    received: list[Outcome[Any, Any]] = []
    async with run_of(FakeSender(), failing()) as run:
        with pytest.raises(OSError, match="disk"):
            async for outcome in run:
                received.append(outcome)
    assert len(received) == 250


async def test_leaving_early_leaves_nothing_running(caplog: pytest.LogCaptureFixture) -> None:
    sender = FakeSender(delay=5000)
    before = asyncio.all_tasks()
    with caplog.at_level(logging.DEBUG):
        async with run_of(sender, people(5000), concurrency=8) as run:
            while sender.left < 8:
                await asyncio.sleep(0.001)
            assert run.report.done == 0
    assert asyncio.all_tasks() == before
    assert sender.in_flight == 0
    assert run.report.in_doubt == 800
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_exception_in_the_loop_is_the_users_own() -> None:
    with pytest.raises(ZeroDivisionError):
        async with run_of(FakeSender(), people(500)) as run:
            async for _ in run:
                raise ZeroDivisionError


async def test_cancelling_the_user_cancels_the_run() -> None:
    sender = FakeSender(delay=10)

    async def use() -> None:
        async with run_of(sender, people(500)) as run:
            async for _ in run:
                pass

    task = asyncio.create_task(use())
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sender.in_flight == 0


async def test_progress_gets_the_report_and_its_errors_do_not_cost_results() -> None:
    seen: list[int] = []

    def progress(report: Any) -> None:
        seen.append(report.done)
        raise RuntimeError("the bar broke")

    received: list[Any] = []
    async with run_of(FakeSender(), people(300), on_progress=progress) as run:
        with pytest.raises(RuntimeError, match="bar"):
            async for outcome in run:
                received.append(outcome)
    assert len(received) == 300
    assert len(seen) == 1


async def test_concurrency_is_kept() -> None:
    sender = FakeSender(delay=0.005)
    await run_of(sender, people(2000), concurrency=4).collect()
    assert sender.most_in_flight == 4


async def test_a_run_is_used_once_and_inside_its_block() -> None:
    run = run_of(FakeSender(), people(1))
    with pytest.raises(ClientStateError, match="async with"):
        await anext(run)
    await run.collect()
    with pytest.raises(ClientStateError, match="already"):
        await run.collect()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"concurrency": 0}, "concurrency"),
        ({"chunk_size": 101}, "chunk_size"),
        ({"chunk_size": 0}, "chunk_size"),
        ({"linger": -1}, "linger"),
        ({"fold": -1}, "fold"),
    ],
)
def test_impossible_options_are_refused_by_name(options: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        run_of(FakeSender(), people(1), **options)
    assert caught.value.field == field


def test_a_text_is_no_list_of_records() -> None:
    with pytest.raises(InvalidRequest, match="iterable"):
        run_of(FakeSender(), "a@example.com")


async def test_text_forms_show_nobody() -> None:
    run = run_of(FakeSender(), [{"email": "secret.person@example.com"}])
    [outcome] = await run.collect()
    assert "secret" not in repr(outcome) + str(run.report) + repr(outcome.result) + repr(run.report)
