"""Personal data in a ledger: kept on request only, removed on request, and never in what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from lusha_async import LushaClient, Status
from lusha_async.errors import InvalidRequest
from lusha_async.ledger import Ledger, LedgerError, LedgerMismatch
from lusha_async.ledger.digests import handles_of_item, read_item
from lusha_async.sandbox import Sandbox
from lusha_async.webhooks import Datapoint, OptOut

from .conftest import people


def content(path: Path) -> bytes:
    """Every byte that is left of a ledger."""
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


def bulk(lusha: LushaClient, rows: Any, ledger: Any, **options: Any) -> Any:
    return lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails", "phones"], ledger=ledger, **options)


async def test_keys_only_keeps_nobody(sandbox: Sandbox, lusha: LushaClient, path: Path) -> None:
    rows = [*people(30), {"first_name": "Zaphod", "last_name": "Beeble", "company_name": "Heartofgold"}]
    first = await bulk(lusha, rows, Ledger(path, keep="keys")).collect()
    known = content(path)
    for outcome in first:
        if outcome.result is not None:
            for value in (outcome.result.id, outcome.result.last_name, *(e.email for e in outcome.result.emails or ())):
                assert value.encode() not in known
    for word in (b"person1@example.com", b"Zaphod", b"zaphod", b"eartofgold", sandbox.api_key.encode()):
        assert word not in known
    before = sandbox.stats()["processed"]
    run = bulk(lusha, rows, path)
    second = await run.collect()
    assert [one.status for one in second] == [one.status for one in first]
    assert all(one.result is None and one.raw is None for one in second)
    assert sandbox.stats()["processed"] == before
    with pytest.raises(LedgerMismatch, match="keep"):
        await bulk(lusha, rows, Ledger(path, keep="results")).collect()


@pytest.mark.parametrize("keep", ["results", "keys"])
@pytest.mark.parametrize("by", ["id", "email", "phone"])
async def test_a_purged_person_is_gone(sandbox: Sandbox, lusha: LushaClient, path: Path, keep: Any, by: str) -> None:
    outcomes = await bulk(lusha, people(60), Ledger(path, keep=keep)).collect()
    one = next(o for o in outcomes if o.result and o.result.emails and o.result.phones)
    person = one.result
    named = {
        "id": {"ids": [person.id]},
        "email": {"emails": [person.emails[0].email.upper()]},
        "phone": {"phones": [person.phones[0].number.replace("+", "00")]},
    }[by]
    async with Ledger(path, api_key=sandbox.api_key) as ledger:
        assert await ledger.purge(**named) >= 1
        assert await ledger.purge(**named) == 0
    left = content(path)
    for value in (person.id, person.emails[0].email, person.phones[0].number, person.full_name):
        assert value.encode() not in left
    before = sandbox.stats()["processed"]
    again = await bulk(lusha, people(60), path).collect()
    assert again[one.index].status is Status.RESTRICTED
    assert again[one.index].result is None
    assert sandbox.stats()["processed"] == before


async def test_an_opt_out_is_applied_with_one_line(lusha: LushaClient, path: Path) -> None:
    outcomes = await bulk(lusha, people(60), path).collect()
    person = next(o.result for o in outcomes if o.result and o.result.emails)
    event = OptOut(datapoints=(Datapoint(datapoint_id=person.emails[0].email, datapoint_type="email"),))
    async with Ledger(path) as ledger:
        assert await ledger.purge(event.identities()) == 1


async def test_purging_without_suppressing_lets_it_be_bought_again(
    sandbox: Sandbox, lusha: LushaClient, path: Path
) -> None:
    await bulk(lusha, people(3), path).collect()
    async with Ledger(path) as ledger:
        assert await ledger.purge(emails=["person1@example.com"], suppress=False) == 1
    run = bulk(lusha, people(3), path)
    await run.collect()
    assert (run.report.from_ledger, run.report.requests) == (2, 1)


async def test_nobody_named_is_refused(path: Path) -> None:
    async with Ledger(path) as ledger:
        with pytest.raises(InvalidRequest, match="nobody named"):
            await ledger.purge()


async def test_keys_need_the_key(lusha: LushaClient, path: Path) -> None:
    await bulk(lusha, people(3), Ledger(path, keep="keys")).collect()
    async with Ledger(path) as ledger:
        assert (await ledger.summary()).keep == "keys"
        with pytest.raises(LedgerError, match="LUSHA_API_KEY"):
            await ledger.purge(emails=["person1@example.com"])


async def test_summary_and_audit_log_hold_no_data(lusha: LushaClient, path: Path) -> None:
    run = bulk(lusha, people(250), path)
    outcomes = await run.collect()
    async with Ledger(path) as ledger:
        summary = await ledger.summary()
        audit = await ledger.audit()
        stored = [one async for one in ledger.results()]
    shown = repr(summary) + repr(audit) + repr(stored) + repr(ledger)
    assert "@example.com" not in shown
    assert not any(one.result.last_name in shown for one in outcomes if one.result)
    assert sum(entry.credits or 0 for entry in audit) == run.report.credits_charged == summary.credits_charged
    assert sum(entry.records for entry in audit) == 250
    assert sum(entry.found for entry in audit) == run.report.found == summary.records["found"]
    assert {entry.state for entry in audit} == {"answered"}
    assert len(stored) == 250
    assert all(msgspec.json.decode(one.item)["id"] for one in stored if one.status == "found" and one.item)


async def test_outcomes_from_the_ledger_show_nobody(lusha: LushaClient, path: Path) -> None:
    await bulk(lusha, people(3), path).collect()
    for outcome in await bulk(lusha, people(3), path).collect():
        assert "person" not in repr(outcome)


def test_a_result_is_found_by_what_names_its_person_and_by_nothing_else() -> None:
    item = read_item(
        b'{"id": "v1.x", "emails": [{"email": "ann@example.com", "type": "work", "updateDate": "2026-02-01"}],'
        b' "phones": [{"number": "+1 555-0100", "type": "mobile", "updateDate": "2026-02-01T09:00:00Z"},'
        b' {"number": "8123-45-67", "updateDate": null}],'
        b' "socialLinks": {"linkedin": "https://linkedin.com/in/ann-example", "xUrl": "https://x.example/ann"}}'
    )

    assert list(handles_of_item(item)) == [
        ("id", "v1.x"),
        ("email", "ann@example.com"),
        ("phone", "+1 555-0100"),
        ("phone", "8123-45-67"),
        ("linkedin", "https://linkedin.com/in/ann-example"),
    ]
