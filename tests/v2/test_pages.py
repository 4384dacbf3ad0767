"""V2's long answers as iterators."""

from __future__ import annotations

import itertools

import pytest

from lusha_async import InvalidRequest, SessionExpired

from .fake import v2


def page_of(total, key="data"):
    def answer(body):
        first = body["pages"]["page"] * body["pages"]["size"]
        numbers = range(first, min(total, first + body["pages"]["size"]))
        found = [{"contactId": str(n), "id": n} for n in numbers]
        return {"requestId": f"r-{body['pages']['page']}", "totalResults": total, key: found}

    return answer


async def test_a_search_is_walked_to_its_end():
    lusha, sender = v2(*[page_of(120)] * 5)
    people = lusha.prospecting.contacts.iter_search({"departments": ["Sales"]})
    found = [person.contact_id async for person in people]
    assert found == [str(n) for n in range(120)]
    assert [sent.body["pages"] for sent in sender.sent] == [{"page": n, "size": 50} for n in range(3)]
    assert people.next_page is None
    assert people.answer.request_id == "r-2"


async def test_a_limit_buys_no_more_rows_than_needed():
    lusha, sender = v2(*[page_of(1000)] * 5)
    found = [company async for company in lusha.prospecting.companies.iter_search({"names": ["Example"]}, limit=60)]
    assert len(found) == 60
    assert [sent.body["pages"]["size"] for sent in sender.sent] == [30, 30]


async def test_a_search_resumes_from_a_page():
    lusha, sender = v2(page_of(120))
    people = lusha.prospecting.contacts.iter_search({"departments": ["Sales"]}, page=2, size=50)
    assert len([person async for person in people]) == 20
    assert sender.sent[0].body["pages"] == {"page": 2, "size": 50}
    with pytest.raises(InvalidRequest):
        lusha.prospecting.contacts.iter_search({"departments": ["Sales"]}, size=9)


@pytest.mark.parametrize("group", ["lookalikes", "recommendations"])
async def test_lookalikes_carry_their_session_along(group):
    numbers = itertools.count()

    def batch(count, more):
        def answer(body):
            return {
                "dedupeSessionId": "s-1",
                "results": [{"contactId": str(next(numbers))} for _ in range(min(count, body["limit"]))],
                "meta": {"returned": count, "hasMore": more},
                "creditsCharged": 3,
            }

        return answer

    lusha, sender = v2(batch(100, True), batch(100, True), batch(20, False))
    calls = getattr(lusha, group)
    people = calls.iter_contacts({"email": "jane@example.com"}, limit=220)
    assert len([person async for person in people]) == 220
    assert [sent.body["limit"] for sent in sender.sent] == [100, 100, 20]
    assert [sent.body.get("dedupeSessionId") for sent in sender.sent] == [None, "s-1", "s-1"]
    assert people.dedupe_session_id == "s-1"
    assert people.credits_charged == 9

    lusha, _ = v2(batch(100, True), SessionExpired(status=410))
    received = 0
    with pytest.raises(SessionExpired):
        async for _company in getattr(lusha, group).iter_companies({"domain": "example.com"}):
            received += 1
    assert received == 100
