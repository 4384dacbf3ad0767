"""Prospect, keep, enrich: nothing beyond the limit, nothing without anything to reveal, no search paid twice."""

from __future__ import annotations

import pytest

from lusha_async.bulk import Status
from lusha_async.errors import InvalidRequest, QuotaExhausted
from lusha_async.v3.companies import Companies
from lusha_async.v3.contacts import Contacts

from .fake import FakeSender

FILTERS = {"contacts": {"include": {"departments": ["Marketing"]}}}


def preview(n):
    offers = [{"field": "emails", "credits": n % 2}] if n % 3 else []
    return {"id": f"v1.{n}", "has": ["firstName", *(offer["field"] for offer in offers)], "canReveal": offers}


def lusha(rows, *, fail_at=None):
    def answer(call):
        if call.name.endswith("/enrich"):
            found = [{"id": name, "emails": [{"email": "a@example.com"}]} for name in call.body["ids"]]
            return {"results": found, "billing": {"creditsCharged": len(found)}}
        page = call.body["pagination"]
        if page["page"] == fail_at:
            raise QuotaExhausted(window="day")
        first = page["page"] * page["size"]
        found = [preview(n) for n in range(first, min(first + page["size"], rows))]
        return {"results": found, "pagination": {"total": rows}, "billing": {"creditsCharged": 4}}

    return FakeSender(answer)


def names(sender, end):
    return [call for call in sender.calls if call.name.endswith(end)]


async def test_contacts_with_nothing_to_reveal_are_skipped():
    sender = lusha(250)
    run = Contacts(sender).prospect_and_enrich(FILTERS, reveal=["emails"], limit=None)
    outcomes = await run.collect()
    assert {outcome.item.id for outcome in outcomes} == {f"v1.{n}" for n in range(250) if n % 3}
    assert all(outcome.status is Status.FOUND and outcome.result.emails for outcome in outcomes)
    assert run.skipped == 84
    assert run.pages.credits_charged == 12


async def test_nothing_is_searched_or_enriched_beyond_the_limit():
    sender = lusha(10_000)
    outcomes = await Contacts(sender).prospect_and_enrich(FILTERS, reveal="emails", limit=100).collect()
    assert len(outcomes) == 100
    assert len(names(sender, "/prospecting")) == 2
    assert sum(len(call.body["ids"]) for call in names(sender, "/enrich")) == 100


async def test_a_dry_run_tells_the_price_and_the_search_is_not_paid_again():
    sender = lusha(60)
    run = Contacts(sender).prospect_and_enrich(FILTERS, reveal=["emails"], limit=100)
    estimate = await run.estimate()
    assert (estimate.records, estimate.skipped, estimate.unpriced) == (40, 20, 0)
    assert estimate.credits == sum(n % 2 for n in range(60) if n % 3)
    assert not names(sender, "/enrich")
    searched = len(sender.calls)
    assert len(await run.collect()) == 40
    assert len(names(sender, "/prospecting")) == searched


async def test_a_search_that_fails_in_the_middle_ends_after_what_was_found():
    run = Contacts(lusha(1000, fail_at=2)).prospect_and_enrich(FILTERS, reveal=["emails"], limit=None)
    outcomes = []
    with pytest.raises(QuotaExhausted):
        async with run:
            async for outcome in run:
                outcomes.append(outcome)
    assert len(outcomes) == len([n for n in range(200) if n % 3])
    assert run.pages.next_page == 2


async def test_companies_have_a_profile_whatever_else_they_have():
    sender = lusha(20)
    filters = {"companies": {"include": {"domains": ["example.com"]}}}
    run = Companies(sender).prospect_and_enrich(filters, reveal=(), limit=20)
    estimate = await run.estimate()
    assert (estimate.records, estimate.credits) == (20, 20)
    assert len(await run.collect()) == 20
    assert "reveal" not in names(sender, "/enrich")[0].body


async def test_an_estimate_needs_a_limit():
    with pytest.raises(InvalidRequest):
        await Contacts(lusha(1)).prospect_and_enrich(FILTERS, reveal=["emails"], limit=None).estimate()
