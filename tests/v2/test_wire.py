"""V2 over a real socket, against the sandbox."""

from __future__ import annotations

import pytest

from lusha_async import EndpointRetired, LushaClient, Status
from lusha_async.sandbox import Faults, Sandbox


@pytest.mark.parametrize("quirks", [True, False])
async def test_lists_over_the_wire_are_answered_row_by_row(quirks):
    rows = [
        {"email": f"p.{n % 270}@firm{n % 7}.example.com", "client_reference_id": f"row-{n % 3}"} for n in range(300)
    ]
    async with (
        Sandbox(burst=None, quirks=quirks) as sandbox,
        LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha,
    ):
        async with lusha.v2.persons.bulk_enrich(rows, reveal=["emails"], ordered=True) as run:
            outcomes = [outcome async for outcome in run]
        alone = {}
        for row in rows[:5]:
            answer = await lusha.v2.persons.enrich(row, reveal=["emails"], signals=["promotion", "companyChange"])
            person = answer.contact.data if answer.contact else None
            alone[row["email"]] = person.person_id if person else None
        domains = [{"domain": f"firm{n}.example.com"} for n in range(150)]
        companies = await lusha.v2.companies.bulk_enrich(domains).collect()
        again = await lusha.v2.companies.enrich(domains[0])
    assert [outcome.index for outcome in outcomes] == list(range(300))
    assert {outcome.status for outcome in outcomes} <= {Status.FOUND, Status.NOT_FOUND, Status.RESTRICTED}
    for row, outcome in zip(rows[:5], outcomes, strict=False):
        person_id = outcome.result.person_id if outcome.result else None
        assert person_id == alone[row["email"]]
    assert len(companies) == 150
    if companies[0].result is not None:
        assert again.data is not None
        assert again.data.name == companies[0].result.name


async def test_faults_lose_no_row_and_cross_none():
    rows = [{"domain": f"firm{n}.example.com"} for n in range(200)]
    async with Sandbox(burst=None) as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        right = {o.index: o.result.name for o in await lusha.v2.companies.bulk_enrich(rows).collect() if o.result}
    kinds = ("429", "reset_before", "truncated", "empty", "drop_items", "extra_items")
    async with (
        Sandbox(burst=None, faults=Faults(rate=0.2, kinds=kinds)) as sandbox,
        LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha,
    ):
        run = lusha.v2.companies.bulk_enrich(rows, chunk_size=10)
        outcomes = await run.collect()
    assert [outcome.index for outcome in outcomes] == list(range(200))
    for outcome in outcomes:
        if outcome.result is not None:
            assert outcome.result.name == right[outcome.index]


async def test_a_retired_operation_says_what_to_use():
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url + "/gone") as lusha:
        with pytest.raises(EndpointRetired, match=r"lusha\.contacts\.search_and_enrich"):
            await lusha.v2.persons.enrich({"email": "jane.doe@example.com"}, reveal=["emails"])
