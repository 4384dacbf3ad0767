"""Windows, headers, keys, credits and what a 429 says."""

from __future__ import annotations

import asyncio

import pytest

from lusha_async.sandbox import ManualClock

from .conftest import Http, running

SEARCH = "/v3/contacts/search"
ASK = {"contacts": [{"email": "ada.abara@firm.example.com"}]}


async def test_no_second_holds_more_than_the_burst() -> None:
    clock = ManualClock()
    async with running(clock=clock, burst=25) as http:
        statuses = []
        for _ in range(26):
            statuses.append((await http.post(SEARCH, ASK)).status)
            clock.advance(0.01)
        assert statuses == [200] * 25 + [429]
        clock.advance(0.73)
        assert (await http.post(SEARCH, ASK)).status == 429
        clock.advance(0.02)
        assert (await http.post(SEARCH, ASK)).status == 200
        assert (await http.post("/v3/contacts/enrich", {"ids": ["x"]})).status == 200
        stats = http.sandbox.stats()
        assert stats["refused"] == 2
        assert stats["endpoints"]["POST /v3/contacts/search"]["peak_per_second"] == 27


async def test_the_window_slides_over_real_time_too() -> None:
    async with running(burst=5) as http:
        statuses = [got.status for got in await asyncio.gather(*(http.post(SEARCH, ASK) for _ in range(8)))]
    assert sorted(statuses) == [200] * 5 + [429] * 3


async def test_plan_windows_count_down_in_the_headers_and_turn() -> None:
    clock = ManualClock()
    async with running(plan="premium", clock=clock, burst=None) as http:
        http.sandbox.spend(298)
        first = await http.post(SEARCH, ASK)
        assert first.headers["x-rate-limit-minute"] == "300"
        assert first.headers["x-minute-requests-left"] == "1"
        assert first.headers["x-minute-usage"] == "299"
        assert first.headers["x-daily-requests-left"] == str(18_000 - 299)
        assert (await http.post(SEARCH, ASK)).status == 200
        clock.advance(20)
        refused = await http.post(SEARCH, ASK)
        assert refused.status == 429
        assert "Reset in 40 seconds" in refused.json["message"]
        assert refused.headers["x-minute-requests-left"] == "0"
        clock.advance(40)
        assert (await http.post(SEARCH, ASK)).headers["x-minute-usage"] == "1"


async def test_a_plan_without_an_hour_window_has_no_hour_headers() -> None:
    async with running(plan="free") as http:
        got = await http.post(SEARCH, ASK)
        assert "x-rate-limit-hourly" not in got.headers
        usage = (await http.get("/v3/account/usage")).json
        assert usage["rateLimits"]["hourly"] is None
        assert usage["rateLimits"]["minute"]["limit"] == 40


async def test_refused_requests_count_only_when_asked_to() -> None:
    for counted, used in ((False, "1"), (True, "2")):
        async with running(plan="free", burst=1, refused_count=counted, clock=ManualClock()) as http:
            await http.post(SEARCH, ASK)
            refused = await http.post(SEARCH, ASK)
            assert (refused.status, refused.headers["x-minute-usage"]) == (429, used)


@pytest.mark.parametrize(
    ("form", "header", "text"),
    [
        ("plain", None, "Too many requests"),
        ("reset", None, "Reset in 60 seconds"),
        ("trial", None, "Trial"),
        ("retry_after", ("Retry-After", "60"), "Too many"),
        ("retry_after_date", ("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT"), "Too many"),
        ("ratelimit_reset", ("RateLimit-Reset", "60"), "Too many"),
        ("bare", None, ""),
    ],
)
async def test_forms_of_a_429(form: str, header: tuple[str, str] | None, text: str) -> None:
    async with running(plan_refusal=form, clock=ManualClock()) as http:
        http.sandbox.set_windows(minute=1)
        await http.post(SEARCH, ASK)
        refused = await http.post(SEARCH, ASK)
    assert refused.status == 429
    assert text in refused.body.decode()
    assert header is None or refused.headers[header[0]] == header[1]
    assert form != "bare" or refused.body == b""


async def test_usage_has_its_own_five_a_minute_in_both_generations() -> None:
    clock = ManualClock()
    async with running(clock=clock, plan="free") as http:
        paths = ["/v3/account/usage", "/account/usage"] * 3
        statuses = [(await http.get(path)).status for path in paths]
        assert statuses == [200] * 5 + [429]
        clock.advance(60.1)
        got = await http.get("/v3/account/usage")
        assert got.json["rateLimits"]["minute"]["used"] == 0


@pytest.mark.parametrize(
    ("headers", "status", "keys"),
    [
        ({}, 401, {"statusCode", "error", "error_description"}),
        ({"api_key": "nonsense"}, 400, {"statusCode", "timestamp", "message", "error"}),
        ({"api_key": "00000000-0000-4000-8000-000000000000"}, 401, {"statusCode", "timestamp", "message", "error"}),
    ],
)
async def test_keys(http: Http, headers: dict[str, str], status: int, keys: set[str]) -> None:
    got = await http.post(SEARCH, ASK, headers=headers)
    assert (got.status, set(got.json)) == (status, keys)


async def test_prices_and_what_is_free_the_second_time(http: Http) -> None:
    items = [{"email": f"p.{n}@firm.example.com"} for n in range(30)]

    async def charged(path: str, body: object) -> int:
        return (await http.post(path, body)).json["billing"]["creditsCharged"]

    search = {"contacts": items}
    assert await charged(SEARCH, search) == 2
    enrich = {**search, "reveal": ["emails"]}
    first = await charged("/v3/contacts/search-and-enrich", enrich)
    assert 20 < first <= 32
    assert await charged("/v3/contacts/search-and-enrich", enrich) == 2
    results = (await http.post(SEARCH, search)).json["results"]
    prices = [offer["credits"] for one in results for offer in one["canReveal"] if offer["field"] == "emails"]
    assert set(prices) == {0}
    usage = (await http.get("/v3/account/usage")).json
    assert usage["credits"]["used"] == http.sandbox.stats()["credits_charged"]


async def test_a_dry_account_is_refused_and_charged_nothing() -> None:
    async with running(credits=3, not_found=0, restricted=0) as http:
        body = {"contacts": [{"email": f"p.{n}@firm.example.com"} for n in range(30)], "reveal": ["emails"]}
        got = await http.post("/v3/contacts/search-and-enrich", body)
        assert (got.status, set(got.json)) == (402, {"statusCode", "message"})
        contacts = [{"contactId": str(n), "email": f"p.{n}@firm.example.com"} for n in range(30)]
        old = await http.post("/v2/person", {"contacts": contacts})
        assert (old.status, old.json["name"]) == (402, "OUT_OF_CREDIT")
        assert http.sandbox.stats()["credits_remaining"] == 3


async def test_paths_and_methods(http: Http) -> None:
    assert set((await http.get("/v9/nothing")).json) == {"message", "request_id"}
    wrong = await http.get(SEARCH)
    assert (wrong.status, wrong.headers["Allow"]) == (405, "POST")


async def test_statistics_see_repeats_items_and_cost(http: Http) -> None:
    await http.post(SEARCH, ASK)
    await http.post(SEARCH, ASK)
    await http.post(SEARCH, {"contacts": [{"email": "Ada.Abara@FIRM.example.com"}, {"email": "x.y@z.test"}]})
    stats = (await http.get("/_sandbox/stats", headers={})).json
    assert (stats["requests"], stats["items"]) == (3, 4)
    assert (stats["repeated_identities"], stats["repeated_asks"]) == (1, 2)
    endpoint = stats["endpoints"]["POST /v3/contacts/search"]
    assert (endpoint["identities"], endpoint["paid_requests"], endpoint["credits_charged"]) == (2, 3, 3)
    assert (await http.post("/_sandbox/reset", headers={})).json == {"ok": True}
    assert http.sandbox.stats()["requests"] == 0
