"""Lists of any length: one outcome per record, matched by what the answer really names."""

from __future__ import annotations

import pytest

from lusha_async.bulk import Status
from lusha_async.errors import InvalidRequest, RateLimited
from lusha_async.v3.companies import Companies
from lusha_async.v3.contacts import Contacts
from lusha_async.v3.subscriptions import Subscriptions

from .fake import FakeSender


async def test_signals_by_id_and_nothing_for_ids_left_out():
    def answer(call):
        found = [{"id": name, "promotion": [{"signalDate": "2026-01-31"}]} for name in reversed(call.body["ids"])]
        return {"results": found[:-1], "billing": {"creditsCharged": 2}}

    sender = FakeSender(answer)
    run = Contacts(sender).bulk_signals(["v1.a", "v1.b", "v1.a", "v1.c"], signal_types=["promotion"])
    outcomes = await run.collect()
    assert [outcome.status for outcome in outcomes] == [
        Status.NOT_FOUND,
        Status.FOUND,
        Status.NOT_FOUND,
        Status.FOUND,
    ]
    assert [outcome.result.id for outcome in outcomes if outcome.result] == ["v1.b", "v1.c"]
    assert sender.last.body == {"ids": ["v1.a", "v1.b", "v1.c"], "signalTypes": ["promotion"]}


async def test_scores_keep_the_users_own_references():
    def answer(call):
        found = [
            {"clientReferenceId": item["clientReferenceId"], "signalScore": 0.5} for item in call.body["companies"]
        ]
        found[1] = {"clientReferenceId": found[1]["clientReferenceId"], "error": {"code": "NO_SCORE"}}
        return {"results": found[::-1]}

    run = Companies(FakeSender(answer)).bulk_signal_scores(
        [
            {"domain": "a.example.com", "client_reference_id": "mine"},
            {"email": "info@example.com"},
            {"domain": "A.example.com", "client_reference_id": "also mine"},
            {"name": ""},
        ]
    )
    outcomes = await run.collect()
    assert [outcome.status for outcome in outcomes] == [
        Status.FOUND,
        Status.NOT_FOUND,
        Status.FOUND,
        Status.INVALID,
    ]
    assert outcomes[0].result.client_reference_id == "mine"
    assert outcomes[2].result.client_reference_id == "also mine"
    assert outcomes[2].duplicate_of == 0


class Groups:
    """A server of buying groups whose pages are counted in contacts."""

    def __init__(self, members, *, fail_at=None):
        self.members = members
        self.fail_at = fail_at

    def __call__(self, call):
        page = call.body["pagination"]
        if page["page"] == self.fail_at:
            raise RateLimited()
        everyone = [
            (company["clientReferenceId"], {"id": f"{company['domain']}-{n}"})
            for company in call.body["companies"]
            for n in range(self.members[company["domain"]])
        ]
        first = page["page"] * page["size"]
        shown = everyone[first : first + page["size"]]
        groups = {}
        for reference, contact in shown:
            groups.setdefault(reference, []).append(contact)
        results = [{"clientReferenceId": name, "contacts": found} for name, found in groups.items()]
        if page["page"] == 0:
            missing = [c for c in call.body["companies"] if not self.members[c["domain"]]]
            results += [{"clientReferenceId": c["clientReferenceId"], "error": {"code": "NOT_FOUND"}} for c in missing]
        return {
            "results": results,
            "pagination": {"page": page["page"], "size": len(shown), "total": len(everyone)},
            "billing": {"creditsCharged": len(shown), "resultsReturned": len(shown)},
        }


async def test_a_buying_group_comes_whole_however_many_pages_it_takes():
    sender = FakeSender(Groups({"a.example.com": 250, "b.example.com": 3, "c.example.com": 0}))
    domains = ["a.example.com", "b.example.com", "c.example.com"]
    run = Contacts(sender).bulk_buying_group(
        [{"domain": name, "client_reference_id": name} for name in domains], contacts_limit=250, chunk_size=25
    )
    outcomes = await run.collect()
    assert [outcome.status for outcome in outcomes] == [Status.FOUND, Status.FOUND, Status.NOT_FOUND]
    assert [len(outcome.result.contacts) for outcome in outcomes[:2]] == [250, 3]
    assert outcomes[0].result.client_reference_id == "a.example.com"
    assert run.report.credits_charged == 253
    assert len(sender.calls) == 3


async def test_chunks_are_made_so_that_one_page_holds_them():
    sender = FakeSender(Groups({f"{n}.example.com": 20 for n in range(10)}))
    await (
        Contacts(sender)
        .bulk_buying_group([{"domain": f"{n}.example.com"} for n in range(10)], contacts_limit=20)
        .collect()
    )
    assert [len(call.body["companies"]) for call in sender.calls if call.body["pagination"]["page"] == 0] == [5, 5]


async def test_a_page_that_fails_does_not_cost_the_pages_before_it():
    sender = FakeSender(Groups({"a.example.com": 250}, fail_at=2))
    [outcome] = await Contacts(sender).bulk_buying_group([{"domain": "a.example.com"}], contacts_limit=250).collect()
    assert outcome.status is Status.FOUND
    assert len(outcome.result.contacts) == 200
    assert outcome.result.incomplete


async def test_subscriptions_are_matched_by_their_place_in_the_call():
    def answer(call):
        results = []
        for n, item in enumerate(call.body["subscriptions"]):
            if item["entityId"].endswith("7"):
                results.append({"index": n, "success": False, "error": {"code": "DUPLICATE_SUBSCRIPTION"}})
            else:
                results.append({"index": n, "success": True, "subscription": {"id": f"s-{item['entityId']}"}})
        return {"total": len(results), "successful": sum(r["success"] for r in results), "results": results[::-1]}

    sender = FakeSender(answer)
    ids = [f"v1.{n}" for n in range(60)]
    run = Subscriptions(sender).bulk_create(
        [*ids, ""], url="https://example.com/hook", entity_type="company", signal_types=["surgeInHiring"]
    )
    outcomes = await run.collect()
    assert [len(call.body["subscriptions"]) for call in sender.calls] == [25, 25, 10]
    for outcome, name in zip(outcomes, ids, strict=False):
        if name.endswith("7"):
            assert outcome.status is Status.FAILED
            assert outcome.error.code == "DUPLICATE_SUBSCRIPTION"
        else:
            assert outcome.result.subscription.id == f"s-{name}"
    assert outcomes[-1].status is Status.INVALID


async def test_subscriptions_without_a_type_are_invalid_one_by_one():
    sender = FakeSender({"results": []})
    [outcome] = await Subscriptions(sender).bulk_create(["v1.a"], url="https://example.com/hook").collect()
    assert (outcome.status, outcome.error.field) == (Status.INVALID, "entity_type")
    assert not sender.calls
    with pytest.raises(InvalidRequest):
        Subscriptions(sender).bulk_create(["v1.a"], url="ftp://example.com")


async def test_deleted_subscriptions():
    def answer(call):
        return {
            "successful": 1,
            "results": [
                {"index": 0, "success": True, "subscription": {"id": call.body["ids"][0]}},
                {"index": 1, "success": False, "error": {"code": "NOT_FOUND"}},
            ],
        }

    outcomes = await Subscriptions(FakeSender(answer)).bulk_delete(["a", "b"]).collect()
    assert [outcome.status for outcome in outcomes] == [Status.FOUND, Status.NOT_FOUND]


@pytest.mark.parametrize("method", ["bulk_add", "bulk_remove"])
async def test_table_rows_in_chunks_of_five_hundred(method):
    def answer(call):
        invalid = [name for name in call.body["entityIds"] if name.endswith("9")]
        return {"data": {"added": 0, "invalidIds": invalid}, "billing": {"creditsCharged": 1}}

    sender = FakeSender(answer)
    tables = Contacts(sender).tables
    run = getattr(tables, method)("482910", (f"v1.{n}" for n in range(1100)), owner="user@example.com")
    outcomes = await run.collect()
    assert [len(call.body["entityIds"]) for call in sender.calls] == [500, 500, 100]
    assert {call.path["table_id"] for call in sender.calls} == {"482910"}
    assert all((outcome.status is Status.NOT_FOUND) == outcome.item.endswith("9") for outcome in outcomes)
    assert run.report.credits_charged == 3
