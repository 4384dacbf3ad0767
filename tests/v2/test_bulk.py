"""V2's lists of any length: as many outcomes as records, matched by reference, read from V2's maps."""

from __future__ import annotations

import pytest

from lusha_async import InvalidRequest, PaymentRequired, Status
from lusha_async.v2.persons import Person

from .fake import v2


def people(answers):
    """A batch answer that looks up each contact's email; nothing for an unknown one."""

    def answer(body):
        known = {c["contactId"]: answers[c["email"]] for c in body["contacts"] if c.get("email") in answers}
        return {"contacts": known}

    return answer


FOUND = {"error": None, "isCreditCharged": True, "data": {"fullName": "Jane Doe"}}
EMPTY = {"error": {"code": 3, "name": "EMPTY_DATA"}, "isCreditCharged": False, "data": {}}
BROKE = {"error": {"code": 2, "name": "OUT_OF_CREDIT"}, "isCreditCharged": False}
BLOCKED = {"error": {"code": 5, "name": "COMPLIANCE_RESTRICTED"}}
ODD = {"error": {"code": 99, "name": "SOMETHING_NEW"}}


async def test_each_person_gets_one_outcome_of_the_right_kind():
    answers = {
        "found@example.com": FOUND,
        "empty@example.com": EMPTY,
        "blocked@example.com": BLOCKED,
        "odd@example.com": ODD,
    }
    lusha, sender = v2(people(answers))
    rows = [
        {"email": "found@example.com", "client_reference_id": "same"},
        {"email": "empty@example.com", "client_reference_id": "same"},
        {"email": "blocked@example.com"},
        {"email": "odd@example.com"},
        {"email": "absent@example.com"},
        {"first_name": "Jane"},
        {"id": "v1.abc"},
        {"email": "FOUND@example.com"},
    ]
    async with lusha.persons.bulk_enrich(rows, reveal=["emails"], ordered=True) as run:
        outcomes = [outcome async for outcome in run]
    assert [outcome.status for outcome in outcomes] == [
        Status.FOUND,
        Status.NOT_FOUND,
        Status.RESTRICTED,
        Status.FAILED,
        Status.NOT_FOUND,
        Status.INVALID,
        Status.INVALID,
        Status.FOUND,
    ]
    assert isinstance(outcomes[0].result, Person)
    assert isinstance(outcomes[7].result, Person)
    assert outcomes[0].raw is not None
    assert b"Jane Doe" in outcomes[0].raw
    assert outcomes[1].credits == 0
    assert outcomes[0].item["client_reference_id"] == "same"
    assert len(sender.last.body["contacts"]) == 5
    assert "client_reference_id" not in str(sender.last.body)
    assert sender.last.body["metadata"] == {"revealEmails": True, "revealPhones": False}


async def test_out_of_credit_inside_an_answer_ends_the_run_and_keeps_what_came():
    lusha, sender = v2(people({"a@example.com": FOUND, "b@example.com": BROKE}))
    rows = [{"email": f"{name}@example.com"} for name in "abcdef"]
    async with lusha.persons.bulk_enrich(rows, reveal=["emails"], ordered=True, chunk_size=2, concurrency=1) as run:
        outcomes = [outcome async for outcome in run]
    assert [outcome.status for outcome in outcomes] == [Status.FOUND] + [Status.NOT_SENT] * 5
    assert isinstance(outcomes[-1].error, PaymentRequired)
    assert len(sender.sent) == 1


async def test_chunks_hold_a_hundred():
    lusha, sender = v2(*[people({})] * 3)
    rows = ({"email": f"p{n}@example.com"} for n in range(250))
    outcomes = await lusha.persons.bulk_enrich(rows, reveal=["emails", "phones"]).collect()
    assert len(outcomes) == 250
    assert sorted(len(sent.body["contacts"]) for sent in sender.sent) == [50, 100, 100]


async def test_companies_are_matched_in_the_map():
    def answer(body):
        by_domain = {"a.example.com": {"name": "A"}, "b.example.com": {}, "c.example.com": {"error": {"name": "ODD"}}}
        return {c["id"]: by_domain[c["domain"]] for c in reversed(body["companies"]) if c["domain"] in by_domain}

    lusha, _ = v2(answer)
    rows = [{"domain": f"{name}.example.com"} for name in "abcd"]
    outcomes = await lusha.companies.bulk_enrich(rows).collect()
    assert [outcome.status.value for outcome in outcomes] == ["found", "not_found", "failed", "not_found"]
    assert outcomes[0].result is not None
    assert outcomes[0].result.name == "A"
    assert outcomes[0].raw == b'{"name": "A"}'


async def test_prospects_are_revealed_in_bulk():
    lusha, sender = v2(
        {
            "contacts": [
                {"id": "c-2", "isSuccess": True, "data": {"fullName": "Jane Doe"}},
                {"id": "c-1", "isSuccess": False, "data": None},
            ],
            "billing": {"creditsCharged": 1, "resultsReturned": 1},
        },
        {"companies": [{"id": 7, "name": "Example Ltd"}]},
    )
    run = lusha.prospecting.contacts.bulk_enrich(["c-1", "c-2"], request_id="r-1", reveal=["emails"])
    outcomes = await run.collect()
    assert [outcome.status.value for outcome in outcomes] == ["not_found", "found"]
    assert outcomes[1].result is not None
    assert outcomes[1].result.full_name == "Jane Doe"
    assert run.report.credits_charged == 1
    companies = await lusha.prospecting.companies.bulk_enrich([7, "8"], request_id="r-2").collect()
    assert [outcome.status.value for outcome in companies] == ["found", "not_found"]
    assert sender.last.body == {"requestId": "r-2", "companiesIds": ["7", "8"]}
    with pytest.raises(InvalidRequest):
        lusha.prospecting.contacts.bulk_enrich(["c-1"], request_id="", reveal=["emails"])


async def test_signals_are_asked_in_bulk_by_number():
    lusha, sender = v2(
        {"contacts": {"1001": {"personId": "1001", "promotion": []}}, "creditCharged": 2},
        {"companies": {"2001": {"companyId": "2001"}}},
    )
    run = lusha.signals.contacts.bulk_by_id([1001, "1002", "v1.abc"], signals=["promotion"])
    outcomes = await run.collect()
    assert [outcome.status.value for outcome in outcomes] == ["found", "not_found", "invalid"]
    assert run.report.credits_charged == 2
    assert sender.last.body == {"contactIds": [1001, 1002], "signals": ["promotion"]}
    companies = await lusha.signals.companies.bulk_by_id(["2001", 2001], signals=["riskNews"]).collect()
    assert [outcome.status.value for outcome in companies] == ["found", "found"]
    assert sender.last.body["companyIds"] == [2001]
