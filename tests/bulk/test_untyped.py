"""Runs with ``typed=False``: the same outcomes with the same JSON, and no structs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lusha_async import LushaClient, Status
from lusha_async.bulk import BulkRun, Outcome
from lusha_async.sandbox import Sandbox
from lusha_async.v3.enrichment_bulk import OutlineResponse

from .fake import FakeSender
from .test_run import run_of

PEOPLE: list[dict[str, str]] = [
    *({"email": f"person{n}@example.com"} for n in range(130)),
    {"first_name": "Nobody"},
    *({"email": f"person{n}@example.com"} for n in range(40)),
]
FIRMS = [{"domain": f"company{n}.example.com"} for n in range(130)]


async def known(run: BulkRun[Any, Any]) -> list[str]:
    return [outcome.result.id for outcome in await run.collect() if outcome.result]


async def contacts_by_id(lusha: LushaClient) -> list[str]:
    return await known(lusha.contacts.bulk_search(PEOPLE))


async def companies_by_id(lusha: LushaClient) -> list[str]:
    return await known(lusha.companies.bulk_search(FIRMS))


Start = Callable[..., BulkRun[Any, Any]]
RUNS: dict[str, tuple[Any, Callable[[LushaClient], Start], dict[str, Any]]] = {
    "search": (PEOPLE, lambda lusha: lusha.contacts.bulk_search, {}),
    "search and enrich": (PEOPLE, lambda lusha: lusha.contacts.bulk_search_and_enrich, {"reveal": ["emails"]}),
    "enrich": (contacts_by_id, lambda lusha: lusha.contacts.bulk_enrich, {"reveal": ["emails"]}),
    "companies": (FIRMS, lambda lusha: lusha.companies.bulk_search_and_enrich, {"reveal": ["competitors"]}),
    "companies by id": (companies_by_id, lambda lusha: lusha.companies.bulk_enrich, {"reveal": ["competitors"]}),
    "V2, an answer of another shape": (PEOPLE, lambda lusha: lusha.v2.persons.bulk_enrich, {"reveal": ["emails"]}),
}


def shown(outcome: Outcome[Any, Any]) -> tuple[Any, ...]:
    raw = None if outcome.raw is None else msgspec.json.decode(outcome.raw)
    error = None if outcome.error is None else str(outcome.error)
    return outcome.index, outcome.item, outcome.status, error, outcome.duplicate_of, raw


@pytest.mark.parametrize("case", RUNS)
async def test_all_but_the_results_is_the_same(sandbox: Sandbox, lusha: LushaClient, case: str) -> None:
    source, method, options = RUNS[case]
    rows = await source(lusha) if callable(source) else source
    typed = method(lusha)(rows, **options)
    untyped = method(lusha)(rows, typed=False, **options)

    sandbox.reset()  # what was bought before is free
    expected = await typed.collect()
    sandbox.reset()
    found = await untyped.collect()

    assert [shown(one) for one in found] == [shown(one) for one in expected]
    assert any(one.result for one in expected)
    assert not any(one.result for one in found)
    assert untyped.report.statuses == typed.report.statuses


async def test_the_same_run_can_be_had_with_results_again(lusha: LushaClient) -> None:
    run = lusha.contacts.bulk_search_and_enrich(PEOPLE, reveal=["emails"], typed=False)
    await run.collect()

    again = await run.again(typed=True).collect()

    assert all(one.result for one in again if one.status is Status.FOUND)


@pytest.mark.parametrize("first", [True, False])
async def test_a_ledger_serves_both(sandbox: Sandbox, lusha: LushaClient, tmp_path: Path, first: bool) -> None:
    def run(typed: bool) -> BulkRun[Any, Any]:
        return lusha.contacts.bulk_search_and_enrich(PEOPLE, reveal=["emails"], typed=typed, ledger=tmp_path / "run.db")

    bought = await run(first).collect()
    before = sandbox.stats()["requests"]
    known = run(not first)
    told = await known.collect()

    assert sandbox.stats()["requests"] == before
    assert known.report.from_ledger == len(PEOPLE) - 1
    assert [one.status for one in told] == [one.status for one in bought]
    assert all((one.result is not None) is not first for one in told if one.status is Status.FOUND)


async def test_who_is_known_by_id_is_asked_about_by_id(lusha: LushaClient, tmp_path: Path) -> None:
    ledger = tmp_path / "run.db"
    await lusha.contacts.bulk_search_and_enrich(PEOPLE, reveal=["emails"], ledger=ledger).collect()
    run = lusha.contacts.bulk_search_and_enrich(
        PEOPLE, reveal=["phones"], typed=False, ledger=ledger, reuse=timedelta(days=1)
    )
    outcomes = await run.collect()

    found = [one for one in outcomes if one.status is Status.FOUND]
    assert len(found) > 100
    assert all(one.result is None and b'"phones"' in (one.raw or b"") for one in found)


async def test_less_is_decoded() -> None:
    """Else nothing would be gained, and nobody would notice."""
    responses: list[Any] = []

    class Noting(FakeSender):
        async def send(self, endpoint: Any, **options: Any) -> Any:
            responses.append(endpoint.response)
            return await super().send(endpoint, **options)

    outcomes = await run_of(Noting(), PEOPLE[:130], typed=False).collect()

    assert {one.status for one in outcomes} == {Status.FOUND}
    assert set(responses) == {OutlineResponse}
