"""Waterfall jobs: followed, merged by id, bounded, and never at the price of the answer they belong to."""

from __future__ import annotations

import pytest

from lusha_async.errors import NotFound, QuotaExhausted, ServerError
from lusha_async.v3.contacts import Contacts

from .fake import FakeSender

ENRICHED = {
    "requestId": "r",
    "status": "partial",
    "statusReason": "providers",
    "job": {"id": "j/1", "status": "processing", "retryAfter": 3},
    "results": [
        {
            "id": "v1.a",
            "firstName": "Ann",
            "unheardOf": 1,
            "emails": [{"email": "a@example.com", "type": "work"}],
            "missingDataPoints": [{"type": "phone", "status": "NOT_FOUND"}],
        },
        {"id": "v1.b", "emails": []},
    ],
    "billing": {"creditsCharged": 1, "resultsReturned": 2},
}
WORKING = {"status": "processing", "retryAfter": 7, "covers": ["v1.a"]}
DONE = {
    "status": "complete",
    "creditsCharged": 5.5,
    "contacts": [
        {
            "id": "v1.a",
            "emails": [{"email": "a@example.com"}, {"email": "ann@example.com", "dataSource": "p"}],
            "phones": [{"number": "+1 555 0100"}],
        }
    ],
}


async def enrich(*answers, **options):
    sender = FakeSender(*answers)
    return sender, await Contacts(sender).enrich(
        ["v1.a", "v1.b"], reveal=["emails", "phones"], waterfall_enabled=True, **options
    )


async def test_the_rest_is_merged_by_id():
    sender, answer = await enrich(ENRICHED, WORKING, DONE)
    ann, bob = answer.results
    assert [mail.email for mail in ann.emails] == ["a@example.com", "ann@example.com"]
    assert ann.phones[0].number == "+1 555 0100"
    assert ann.first_name == "Ann"
    assert not ann.missing_data_points
    assert bob.id == "v1.b"
    assert answer.billing.credits_charged == 6.5
    assert (answer.status, answer.job.status) == ("completed", "complete")
    assert [call.path for call in sender.calls[1:]] == [{"job_id": "j/1"}] * 2


async def test_the_api_says_how_long_to_wait():
    sender, _ = await enrich(ENRICHED, WORKING, DONE)
    assert sender.clock.slept == [3, 7]


async def test_a_server_that_cannot_look_is_asked_again():
    _, answer = await enrich(ENRICHED, ServerError(status=503), DONE)
    assert answer.job.status == "complete"


@pytest.mark.parametrize("status", ["expired", "failed", "brand-new"])
async def test_a_job_that_ends_otherwise_leaves_the_answer_as_it_was(status):
    sender, answer = await enrich(ENRICHED, {"status": status})
    assert answer.job.status == status
    assert answer.results[0].emails[0].email == "a@example.com"
    assert answer.billing.credits_charged == 1
    assert len(sender.calls) == 2


@pytest.mark.parametrize("error", [NotFound(status=404), QuotaExhausted(window="day")])
async def test_an_error_while_following_never_costs_the_answer(error):
    _, answer = await enrich(ENRICHED, error)
    assert answer.results[0].emails[0].email == "a@example.com"
    assert answer.job.id == "j/1"


async def test_following_is_bounded():
    sender, answer = await enrich(ENRICHED, WORKING, job_timeout=20)
    assert answer.job.status == "processing"
    assert sum(sender.clock.slept) == 20


async def test_a_job_can_be_handed_out_instead():
    sender, answer = await enrich(ENRICHED, DONE, wait_for_jobs=False)
    assert answer.job.id == "j/1"
    assert len(sender.calls) == 1
    job = await Contacts(sender).jobs.wait("j/1")
    assert job.credits_charged == 5.5


async def test_a_job_that_is_gone_is_said_so_to_who_asks_for_it():
    sender = FakeSender(NotFound(status=404))
    with pytest.raises(NotFound):
        await Contacts(sender).jobs.wait("j/1")


async def test_bulk_outcomes_hold_the_rest_and_its_raw_json():
    sender = FakeSender(ENRICHED, DONE)
    run = Contacts(sender).bulk_enrich(["v1.a", "v1.b"], reveal=["emails", "phones"], waterfall_enabled=True)
    outcomes = await run.collect()
    assert outcomes[0].result.phones[0].number == "+1 555 0100"
    assert b"unheardOf" in outcomes[0].raw
    assert b"+1 555 0100" in outcomes[0].raw
    assert run.report.credits_charged == 6.5
