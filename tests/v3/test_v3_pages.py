"""Page iterators: in order, ahead, no further than wanted, and resumable."""

from __future__ import annotations

import asyncio

import pytest

from lusha_async.errors import ClientStateError, InvalidRequest, QuotaExhausted, SessionExpired
from lusha_async.v3.companies import Companies
from lusha_async.v3.contacts import Contacts
from lusha_async.v3.conversations import Conversations
from lusha_async.v3.subscriptions import Subscriptions

from .fake import FakeSender

FILTERS = {"contacts": {"include": {"departments": ["Marketing"]}}}


def numbered(rows, *, cap=100, total=True, guaranteed=None, sticky=False):
    """A server with `rows` rows that gives at most `cap` a page."""

    def answer(call):
        page = call.body["pagination"]
        size = min(page["size"], cap)
        first = 0 if sticky else page["page"] * size
        found = [{"id": str(n)} for n in range(first, min(first + size, rows))]
        pagination = {"page": page["page"], "size": len(found)}
        if total:
            pagination["total"] = rows
        if guaranteed is not None:
            pagination["totalGuaranteed"] = guaranteed
        return {"results": found, "pagination": pagination, "billing": {"creditsCharged": len(found) / 25}}

    return FakeSender(answer)


async def ids(pages):
    return [int(item.id) async for item in pages]


def asked(sender):
    return [call.body["pagination"]["page"] for call in sender.calls]


@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 250, 300])
@pytest.mark.parametrize("cap", [50, 100])
@pytest.mark.parametrize("total", [True, False])
async def test_every_row_comes_once_and_in_order(rows, cap, total):
    sender = numbered(rows, cap=cap, total=total)
    pages = Contacts(sender).iter_prospect(FILTERS)
    assert await ids(pages) == list(range(rows))
    assert pages.next_page is None
    assert pages.credits_charged == rows / 25


@pytest.mark.parametrize(("guaranteed", "calls"), [(True, 3), (None, 4), (False, 4)])
async def test_a_total_ends_the_walk_only_where_it_can_be_relied_on(guaranteed, calls):
    sender = numbered(300, guaranteed=guaranteed)
    await ids(Contacts(sender).iter_prospect(FILTERS))
    assert len(sender.calls) == calls


@pytest.mark.parametrize(("limit", "sizes"), [(5, [10]), (100, [100]), (130, [65, 65]), (250, [84, 84, 84])])
async def test_a_limit_is_kept_with_few_pages_and_few_rows_too_many(limit, sizes):
    sender = numbered(1000)
    assert await ids(Contacts(sender).iter_prospect(FILTERS, limit=limit)) == list(range(limit))
    await asyncio.sleep(0)
    assert [call.body["pagination"]["size"] for call in sender.calls] == sizes


async def test_the_next_page_is_fetched_when_half_is_used_and_not_before():
    sender = numbered(1000)
    async with Contacts(sender).iter_prospect(FILTERS) as pages:
        for _ in range(49):
            await anext(pages)
        await asyncio.sleep(0)
        assert asked(sender) == [0]
        await anext(pages)
        await asyncio.sleep(0)
        assert asked(sender) == [0, 1]


async def test_nothing_is_fetched_ahead_when_that_is_not_wanted():
    sender = numbered(300)
    pages = Contacts(sender).iter_prospect(FILTERS, prefetch=False)
    for _ in range(100):
        await anext(pages)
    await asyncio.sleep(0)
    assert asked(sender) == [0]
    assert len(await ids(pages)) == 200


async def test_a_rate_limit_in_the_middle_comes_after_everything_received():
    sender = numbered(300)
    serve = sender.answers[0]
    sender.answers = [serve, serve, QuotaExhausted(window="day"), serve]
    pages = Contacts(sender).iter_prospect(FILTERS)
    got = []
    with pytest.raises(QuotaExhausted):
        async for contact in pages:
            got.append(int(contact.id))
    assert got == list(range(200))
    assert pages.next_page == 2
    again = Contacts(sender).iter_prospect(FILTERS, page=pages.next_page)
    assert await ids(again) == list(range(200, 300))
    assert await ids(pages) == list(range(200, 300)), "the same iterator goes on as well"


async def test_a_server_that_ignores_the_page_is_not_asked_for_ever():
    sender = numbered(1000, sticky=True)
    assert len(await ids(Contacts(sender).iter_prospect(FILTERS))) == 100
    assert len(sender.calls) == 3


async def test_leaving_early_cancels_the_page_under_way():
    started, cancelled = asyncio.Event(), asyncio.Event()
    first = numbered(1000)

    class Slow(FakeSender):
        async def send(self, endpoint, **options):
            if self.calls:
                started.set()
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    cancelled.set()
                    raise
            return await super().send(endpoint, **options)

    slow = Slow(*first.answers)
    async with Contacts(slow).iter_prospect(FILTERS) as pages:
        for _ in range(60):
            await anext(pages)
        await started.wait()
    assert cancelled.is_set()
    assert pages.next_page == 1
    with pytest.raises(StopAsyncIteration):
        await anext(pages)


async def test_a_consumer_that_is_cancelled_does_not_cost_the_page():
    gate = asyncio.Event()
    serve = numbered(20).answers[0]

    class Gated(FakeSender):
        async def send(self, endpoint, **options):
            await gate.wait()
            return await super().send(endpoint, **options)

    sender = Gated(serve)
    pages = Contacts(sender).iter_prospect(FILTERS)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(pages), 0.01)
    gate.set()
    assert await ids(pages) == list(range(20))
    assert asked(sender) == [0]


async def test_two_tasks_may_not_share_an_iterator():
    gate = asyncio.Event()
    serve = numbered(20).answers[0]

    class Gated(FakeSender):
        async def send(self, endpoint, **options):
            await gate.wait()
            return await super().send(endpoint, **options)

    async with Contacts(Gated(serve)).iter_prospect(FILTERS) as pages:
        first = asyncio.ensure_future(anext(pages))
        await asyncio.sleep(0)
        with pytest.raises(ClientStateError):
            await anext(pages)
        gate.set()
        assert (await first).id == "0"


async def test_whole_pages_can_be_had():
    pages = Contacts(numbered(250)).iter_prospect(FILTERS)
    assert [len(answer.results) async for answer in pages.pages()] == [100, 100, 50]


async def test_the_end_of_the_numbers_is_not_taken_for_the_end_of_the_rows():
    sender = numbered(1_000_000)
    pages = Contacts(sender).iter_prospect(FILTERS, page=1000)
    assert len(await ids(pages)) == 100
    assert pages.truncated


async def test_filters_are_checked_when_the_iterator_is_made():
    with pytest.raises(InvalidRequest):
        Contacts(numbered(1)).iter_prospect({"contacts": {"include": {"industries": ["x"]}}})
    with pytest.raises(InvalidRequest):
        Contacts(numbered(1)).iter_prospect(FILTERS, limit=0)


# --- sessions ----------------------------------------------------------------------------------------------------


def session(rows, *, meta=True):
    shown = 0

    def answer(call):
        nonlocal shown
        came = [{"id": str(n)} for n in range(shown, min(shown + call.body["limit"], rows))]
        shown += len(came)
        told = {"meta": {"returned": len(came), "hasMore": shown < rows}} if meta else {}
        return {"dedupeSessionId": call.body.get("dedupeSessionId", "s1"), "results": came, **told}

    return FakeSender(answer)


@pytest.mark.parametrize("meta", [True, False])
async def test_lookalikes_carry_their_session_along(meta):
    sender = session(230, meta=meta)
    pages = Contacts(sender).iter_lookalikes({"email": "a@example.com"})
    assert await ids(pages) == list(range(230))
    assert [call.body.get("dedupeSessionId") for call in sender.calls][:3] == [None, "s1", "s1"]
    assert pages.dedupe_session_id == "s1"


async def test_lookalikes_ask_for_no_more_than_the_limit():
    sender = session(1000)
    pages = Companies(sender).iter_lookalikes({"domain": "example.com"}, limit=130, dedupe_session_id="kept")
    assert await ids(pages) == list(range(130))
    assert [call.body["limit"] for call in sender.calls] == [100, 30]
    assert sender.calls[0].body["dedupeSessionId"] == "kept"


async def test_an_expired_session_is_a_clear_error():
    pages = Contacts(FakeSender(SessionExpired(status=410))).iter_lookalikes(
        {"email": "a@example.com"}, dedupe_session_id="old"
    )
    with pytest.raises(SessionExpired, match="leaving dedupe_session_id out"):
        await anext(pages)


# --- the others --------------------------------------------------------------------------------------------------


async def test_buying_groups_are_counted_in_contacts():
    def answer(call):
        number = call.body["pagination"]["page"]
        members = [{"id": str(n)} for n in range(number * 100, min(number * 100 + 100, 150))]
        return {
            "results": [{"clientReferenceId": "r", "contacts": members}] if members else [],
            "pagination": {"page": number, "size": len(members), "total": 150},
        }

    sender = FakeSender(answer)
    groups = [
        group
        async for group in Contacts(sender).iter_buying_group(
            {"domain": "example.com", "client_reference_id": "r"}, contacts_limit=150
        )
    ]
    assert [len(group.contacts) for group in groups] == [100, 50]
    assert asked(sender) == [0, 1]


async def test_visits_trust_their_total():
    sender = numbered(300, cap=150)
    visitors = Companies(sender).iter_website_visits("example.com", start_date="2026-01-01", end_date="2026-01-31")
    assert len(await ids(visitors)) == 300
    assert asked(sender) == [0, 1]


async def test_domains_from_a_generator_are_there_for_every_page():
    sender = numbered(300, cap=150)
    domains = (name for name in ["a.example.com", "b.example.com"])
    await ids(Companies(sender).iter_website_visits(domains, start_date="2026-01-01", end_date="2026-01-31"))
    assert [call.body["domains"] for call in sender.calls] == [["a.example.com", "b.example.com"]] * 2


@pytest.mark.parametrize("says", [True, False])
async def test_lists_by_offset_go_on_where_the_last_stretch_ended(says):
    def answer(call):
        offset = call.query["offset"]
        rows = [{"id": str(n)} for n in range(offset, min(offset + 60, 130))]
        return {"data": rows, "pagination": {"hasMore": offset + len(rows) < 130}}

    sender = FakeSender(answer)
    pages = Subscriptions(sender).iter_list()
    assert await ids(pages) == list(range(130))
    assert [call.query["offset"] for call in sender.calls] == [0, 60, 120]
    rest = Subscriptions(sender).iter_list(offset=100)
    assert await ids(rest) == list(range(100, 130))


async def test_table_rows_page_by_page():
    def answer(call):
        page = call.query["page"]
        rows = [{"id": str(n)} for n in range(page * 100, min(page * 100 + 100, 120))]
        return {"data": rows, "pagination": {"page": page, "size": len(rows), "total": 120}}

    sender = FakeSender(answer)
    rows = Contacts(sender).tables.iter_entities("482910", owner="user@example.com")
    assert await ids(rows) == list(range(120))
    assert len(sender.calls) == 2


async def test_calls_end_with_an_empty_page_and_survive_numbers_that_begin_with_one():
    def answer(call):
        page = max(call.body["page"], 1) - 1
        return {"results": [{"conversationId": str(n)} for n in range(page * 10, min(page * 10 + 10, 25))]}

    found = [call["conversationId"] async for call in Conversations(FakeSender(answer)).iter_search(size=10)]
    assert found == [str(n) for n in range(25)]
