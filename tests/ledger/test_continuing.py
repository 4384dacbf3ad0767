"""What a ledger promises: a run that stops anywhere continues, and nothing is bought twice."""

# ruff: noqa: ASYNC240 - tests may touch the disk

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lusha_async import LushaClient, NoLimits, Status
from lusha_async.errors import InvalidRequest, OutcomeUnknown, PaymentRequired
from lusha_async.ledger import Ledger, LedgerBusy, LedgerDamaged, LedgerError, LedgerMismatch, LedgerUnwritable
from lusha_async.sandbox import Faults, Sandbox

from .conftest import forms, people

DAY = 86_400.0


def bulk(lusha: LushaClient, rows: Any, path: Any, **options: Any) -> Any:
    options.setdefault("reveal", ["emails"])
    return lusha.contacts.bulk_search_and_enrich(rows, ledger=path, **options)


async def test_a_second_run_costs_nothing_and_gives_the_same(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = [*people(250), {"first_name": "Nobody"}, *people(50)]
    first = await bulk(lusha, rows, path).collect()
    before = sandbox.stats()
    run = bulk(lusha, rows, path)
    second = await run.collect()
    assert sandbox.stats()["requests"] == before["requests"]
    assert forms(second) == forms(first)
    assert run.report.from_ledger == 300
    assert run.report.credits_charged == 0
    assert all(one.from_ledger for one in second if one.status is not Status.INVALID)
    raw = [msgspec.json.decode(one.raw) if one.raw else None for one in second]
    for outcome, was in zip(first, raw, strict=True):
        now = msgspec.json.decode(outcome.raw) if outcome.raw else None
        assert was == now


async def test_a_run_left_early_continues_where_it_was(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = people(1000)
    expected = forms(await bulk(lusha, rows, None).collect())
    sandbox.reset()
    received = 0
    async with bulk(lusha, rows, path, concurrency=2) as run:
        async for _ in run:
            received += 1
            if received == 350:
                break
    known = run.report.done
    run = bulk(lusha, rows, path)
    assert forms(await run.collect()) == expected
    assert run.report.from_ledger >= known
    stats = sandbox.stats()["endpoints"]["POST /v3/contacts/search-and-enrich"]
    assert stats["requests"] <= 10 + 2


async def test_a_run_that_ran_out_of_credits_goes_on_later(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    sandbox.configure(credits=200)
    run = bulk(lusha, people(500), path)
    await run.collect()
    assert isinstance(run.report.ended_by, PaymentRequired)
    assert run.report.statuses[Status.NOT_SENT]
    sandbox.configure(credits=10_000)
    run = bulk(lusha, people(500), path)
    await run.collect()
    assert not run.report.statuses[Status.NOT_SENT]
    assert sandbox.stats()["repeated_asks"] == 0


async def test_duplicates_are_found_however_far_apart(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = [*people(700), *people(700)]
    run = bulk(lusha, rows, path, fold=5)
    outcomes = await run.collect()
    assert run.report.duplicates == 700
    assert all(outcomes[n + 700].duplicate_of == n for n in range(700))
    assert sandbox.stats()["repeated_asks"] == 0


async def test_disguised_duplicates_are_seen_once(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows: list[dict[str, str]] = []
    for n in range(100):
        rows.append({"linkedin_url": f"https://www.linkedin.com/in/someone-{n}"})
        rows.append({"first_name": "Zoë", "last_name": f"Müller{n}", "company_domain": "bücher.example"})
        rows.append({"email": f"someone.else{n}@gmail.com"})
    for n in range(30):
        rows.append({"linkedin_url": f"de.linkedin.com/in/Someone-{n}/?trk=x"})
        rows.append(
            {"first_name": "ZOE", "last_name": f"Muller{n}", "company_domain": "https://www.xn--bcher-kva.example/"}
        )
        rows.append({"email": f"SomeoneElse{n}+x@googlemail.com"})
    run = bulk(lusha, rows, path)
    outcomes = await run.collect()
    assert len(outcomes) == len(rows)
    assert run.report.duplicates == 90
    stats = sandbox.stats()
    assert (stats["items"], stats["repeated_asks"]) == (300, 0)
    await bulk(lusha, rows, path).collect()
    assert sandbox.stats()["credits_charged"] == stats["credits_charged"]


async def test_results_are_reused_while_they_are_fresh(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    now = 1e9
    rows = people(40)
    quarter = timedelta(days=90)
    await bulk(lusha, rows, Ledger(path, now=lambda: now), reuse=quarter).collect()
    before = sandbox.stats()["processed"]
    now += 89 * DAY
    run = bulk(lusha, rows, Ledger(path, now=lambda: now), reuse=quarter)
    await run.collect()
    assert (run.report.from_ledger, sandbox.stats()["processed"]) == (40, before)
    now += 2 * DAY
    run = bulk(lusha, rows, Ledger(path, now=lambda: now), reuse=quarter)
    outcomes = await run.collect()
    assert run.report.from_ledger == 0
    found = sum(one.status is Status.FOUND for one in outcomes)
    by_id = sandbox.stats()["endpoints"]["POST /v3/contacts/enrich"]
    assert by_id["items"] == found  # known ids are not searched for again


async def test_known_ids_are_enriched_without_a_search(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = people(30)
    memory = timedelta(days=1)
    searched = await lusha.contacts.bulk_search(rows, ledger=path, reuse=memory).collect()
    found = sum(one.status is Status.FOUND for one in searched)
    run = bulk(lusha, rows, path, reuse=memory)
    outcomes = await run.collect()
    assert sum(one.status is Status.FOUND for one in outcomes) >= found - 1
    endpoints = sandbox.stats()["endpoints"]
    assert endpoints["POST /v3/contacts/enrich"]["items"] == found
    assert run.report.credits_charged <= found  # e-mails only: nothing for a search


async def test_two_records_of_one_known_id_are_one_question(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    one = next(one for one in await lusha.contacts.bulk_search(people(10)).collect() if one.result)
    rows = [
        {"id": one.result.id},
        one.item,
        {"id": one.result.id, "client_reference_id": "mine"},
    ]
    memory = timedelta(days=1)
    await lusha.contacts.bulk_search(rows[1:2], ledger=path, reuse=memory).collect()
    run = bulk(lusha, rows, path, reuse=memory)
    outcomes = await run.collect()
    assert [outcome.duplicate_of for outcome in outcomes] == [None, 0, 0]
    assert {outcome.result.id for outcome in outcomes} == {one.result.id}
    assert outcomes[2].result.client_reference_id == "mine"
    assert sandbox.stats()["endpoints"]["POST /v3/contacts/enrich"]["items"] == 1


async def test_lost_answers_are_asked_again_or_held(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = people(20)
    sandbox.set_faults(Faults(rates={"reset_after": 1.0}, endpoints=("/v3/contacts",)))
    first = await bulk(lusha, rows, path).collect()
    assert {one.status for one in first} == {Status.UNKNOWN}
    sandbox.set_faults(Faults())
    before = sandbox.stats()["processed"]
    held = await bulk(lusha, rows, path, on_doubt="hold").collect()
    assert {one.status for one in held} == {Status.UNKNOWN}
    assert all(isinstance(one.error, OutcomeUnknown) for one in held)
    assert sandbox.stats()["processed"] == before
    again = await bulk(lusha, rows, path).collect()
    assert Status.UNKNOWN not in {one.status for one in again}


async def test_faults_on_the_way_are_not_final(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    sandbox.set_faults(Faults(rates={"503": 1.0}, endpoints=("/v3/contacts",)))
    first = await bulk(lusha, people(5), path).collect()
    assert {one.status for one in first} == {Status.FAILED}
    sandbox.set_faults(Faults())
    second = await bulk(lusha, people(5), path).collect()
    assert Status.FAILED not in {one.status for one in second}


async def test_records_lusha_failed_on_are_asked_again_on_demand(
    sandbox: Sandbox, lusha: LushaClient, path: Path
) -> None:
    rows = [{"email": "enrich-failed@example.com"}, *people(3)]
    first = await bulk(lusha, rows, path).collect()
    assert first[0].status is Status.FAILED
    again = bulk(lusha, rows, path)
    assert forms(await again.collect()) == forms(first)
    run = bulk(lusha, rows, path, retry_failed=True)
    await run.collect()
    assert run.report.from_ledger == 3
    assert run.report.requests == 1


async def test_other_options_are_refused_by_what_differs(lusha: LushaClient, path: Path, sandbox: Sandbox) -> None:
    await bulk(lusha, people(3), path).collect()
    with pytest.raises(LedgerMismatch, match=r'reveal: \["emails"\] there, \["emails","phones"\] now') as caught:
        await bulk(lusha, people(3), path, reveal=["phones", "emails"]).collect()
    assert len(caught.value.differences) == 1
    with pytest.raises(LedgerMismatch, match="operation"):
        await lusha.contacts.bulk_search(people(3), ledger=path).collect()
    other = LushaClient("00000000-0000-4000-8000-000000000000", base_url=sandbox.url, limits=NoLimits())
    async with other as stranger:
        with pytest.raises(LedgerMismatch, match="another API key"):
            await bulk(stranger, people(3), path).collect()
    await bulk(lusha, people(3), path, reveal=["phones", "emails"], reuse=timedelta(days=1)).collect()


async def test_one_process_at_a_time(lusha: LushaClient, path: Path) -> None:
    async with bulk(lusha, people(3), path):
        with pytest.raises(LedgerBusy, match=rf"process {os.getpid()} on .+, started 2") as caught:
            await bulk(lusha, people(3), path).collect()
        assert str(os.getpid()) in caught.value.holder
        async with Ledger(path, read_only=True) as looking:
            assert (await looking.summary()).keep == "results"
    await bulk(lusha, people(3), path).collect()


async def test_an_open_ledger_serves_several_runs(lusha: LushaClient, path: Path) -> None:
    async with Ledger(path) as ledger:
        memory = timedelta(days=1)
        one = bulk(lusha, people(30), ledger, reuse=memory)
        other = bulk(lusha, people(30), ledger, reuse=memory, reveal=["phones"])
        async with one, other:
            assert len([x async for x in one]) == len([x async for x in other]) == 30
            with pytest.raises(LedgerBusy):
                await bulk(lusha, people(30), ledger, reuse=memory).collect()
        assert ledger.is_open
        assert len((await ledger.summary()).asked) == 2


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 5000])
async def test_a_file_that_is_no_ledger_is_left_alone(lusha: LushaClient, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LedgerDamaged):
        await bulk(lusha, people(3), path).collect()
    assert path.read_bytes() == content


async def test_a_folder_that_cannot_be_written(lusha: LushaClient, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "missing" / "run.db", tmp_path / "file" / "run.db", Path("/proc/run.db")):
        with pytest.raises(LedgerUnwritable):
            await bulk(lusha, people(3), place).collect()
    assert sandbox.stats()["processed"] == 0


async def test_the_file_is_for_its_owner_only(lusha: LushaClient, path: Path) -> None:
    path.touch(mode=0o644)
    async with bulk(lusha, people(3), path) as run:
        async for _ in run:
            pass
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.parametrize("name", ["on_doubt", "reuse", "retry_failed"])
def test_options_of_a_ledger_need_one(lusha: LushaClient, name: str) -> None:
    value = {"on_doubt": "hold", "reuse": timedelta(1), "retry_failed": True}[name]
    with pytest.raises(InvalidRequest, match=name):
        lusha.contacts.bulk_search(people(1), **{name: value})


async def test_errors_of_a_ledger_are_of_the_package(lusha: LushaClient, path: Path) -> None:
    path.write_bytes(b"x" * 2000)
    with pytest.raises(LedgerError, match="Move it away"):
        await bulk(lusha, people(1), path).collect()


async def test_companies_have_it_all_too(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = [{"domain": "example.com"}, {"domain": "https://www.EXAMPLE.com/x"}, {"name": "Other"}]
    run = lusha.companies.bulk_search_and_enrich(rows, reveal=(), ledger=path, max_credits=10)
    first = await run.collect()
    assert run.report.duplicates == 1
    second = await lusha.companies.bulk_search_and_enrich(rows, reveal=(), ledger=path).collect()
    assert forms(first) == forms(second)


async def test_the_previous_generation_too(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = people(30)
    first = await lusha.v2.persons.bulk_enrich(rows, reveal=["emails", "phones"], ledger=path).collect()
    before = sandbox.stats()["processed"]
    second = await lusha.v2.persons.bulk_enrich(rows, reveal=["emails", "phones"], ledger=path).collect()
    assert forms(second) == forms(first)
    assert sandbox.stats()["processed"] == before
