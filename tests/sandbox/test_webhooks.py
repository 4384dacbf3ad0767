"""Subscriptions, and deliveries that really arrive."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import web

from .conftest import Http, running


class Receiver:
    """An endpoint that echoes challenges, keeps what it gets and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.echo = True
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "GET":
            return web.json_response({"challenge": request.query["challenge"] if self.echo else "?"})
        self.got.append((dict(request.headers), await request.read()))
        return web.json_response({"received": True}, status=self.answers.pop(0) if self.answers else 201)

    @property
    def bodies(self) -> list[Any]:
        return [msgspec.json.decode(body) for _, body in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    runner = web.ServerRunner(web.Server(one.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield one
    await runner.cleanup()


@pytest.fixture
async def api() -> AsyncIterator[Http]:
    async with running(burst=None, webhooks_limit=None, retry_delays=(0.0, 0.0, 0.0)) as started:
        yield started


async def subscribe(api: Http, url: str, *entities: str, **defaults: Any) -> Any:
    body = {
        "defaults": {"url": url, "entityType": "contact", "signalTypes": ["promotion"], **defaults},
        "subscriptions": [{"entityId": entity} for entity in entities],
    }
    got = await api.post("/api/subscriptions", body)
    assert got.status == 201, got.body
    return got.json


async def secret(api: Http) -> str:
    text: str = (await api.post("/api/account/secret/regenerate")).json["secret"]
    return text


def signed(key: str, headers: dict[str, str], body: bytes) -> bool:
    material = headers["X-Lusha-Timestamp"].encode() + b"." + body
    return hmac.new(key.encode(), material, hashlib.sha256).hexdigest() == headers["X-Lusha-Signature"]


async def test_items_succeed_and_fail_one_by_one(api: Http, receiver: Receiver) -> None:
    first = await subscribe(api, receiver.url, "1", "2", "1")
    assert (first["successful"], first["failed"]) == (2, 1)
    assert first["results"][2]["error"]["code"] == "DUPLICATE_SUBSCRIPTION"
    assert len(first["results"][0]["subscription"]["id"]) == 24
    plain = await subscribe(api, "http://example.com/hook", "3")
    assert plain["results"][0]["error"]["code"] == "URL_VALIDATION_FAILED"
    receiver.echo = False
    silent = await subscribe(api, receiver.url, "3")
    assert silent["results"][0]["error"]["code"] == "WEBHOOK_VERIFICATION_FAILED"
    wrong = await subscribe(api, receiver.url, "3", signalTypes=["shoes"])
    assert wrong["results"][0]["error"]["code"] == "VALIDATION_ERROR"
    elsewhere = await subscribe(api, "https://example.com/hook", "3")
    assert elsewhere["successful"] == 1


async def test_signals_arrive_signed_and_charged_once(api: Http, receiver: Receiver) -> None:
    key = await secret(api)
    made = await subscribe(api, receiver.url, "4158887495")
    receiver.answers = [500, 503]
    (delivery,) = api.sandbox.trigger("4158887495", "promotion")
    assert api.sandbox.trigger("4158887495", "companyChange") == []
    await api.sandbox.settled()
    assert len(receiver.got) == 3
    assert {body["id"] for body in receiver.bodies} == {delivery}
    assert all(signed(key, headers, body) for headers, body in receiver.got)
    assert receiver.got[0][0]["User-Agent"] == "Lusha-Webhooks/1.0"
    body = receiver.bodies[0]
    assert (body["type"], body["entityId"], body["billing"]) == ("promotion", "4158887495", {"creditsCharged": 1})
    assert body["subscriptionId"] == made["results"][0]["subscription"]["id"]
    logs = (await api.get("/api/audit-logs")).json["data"]
    assert [one["status"] for one in logs] == ["success", "failed", "failed"]
    stats = (await api.get("/api/audit-logs/stats")).json
    assert (stats["total"], stats["successRate"], stats["totalCreditsConsumed"]) == (3, "33.33%", 1)


async def test_a_subscription_that_never_answers_is_disabled_and_can_be_woken(api: Http, receiver: Receiver) -> None:
    await secret(api)
    made = await subscribe(api, receiver.url, "7")
    path = f"/api/subscriptions/{made['results'][0]['subscription']['id']}"
    receiver.answers = [500] * 4
    api.sandbox.trigger("7", "promotion")
    await api.sandbox.settled()
    assert len(receiver.got) == 4
    blocked = (await api.get(path)).json
    assert (blocked["isActive"], bool(blocked["blockReason"])) == (False, True)
    assert api.sandbox.trigger("7", "promotion") == []
    assert len((await api.get("/api/audit-logs", params={"status": "permanent_failure"})).json["data"]) == 1
    woken = (await api.send("PATCH", path, {"isActive": True, "signalTypes": ["allSignals"]})).json
    assert "blockReason" not in woken
    assert len(api.sandbox.trigger("7", "companyChange")) == 1


async def test_wrong_deliveries_on_demand(api: Http, receiver: Receiver) -> None:
    key = await secret(api)
    await subscribe(api, receiver.url, "9")
    for form in ("signed", "forged", "garbled", "unsigned", "stale", "future"):
        api.sandbox.trigger("9", "promotion", form=form)
        await api.sandbox.settled()
    api.sandbox.deliver_again(form="signed")
    await api.sandbox.settled()
    good = ["X-Lusha-Signature" in headers and signed(key, headers, body) for headers, body in receiver.got]
    assert good == [True, False, False, False, True, True, True]
    now, stale, future = (int(receiver.got[turn][0]["X-Lusha-Timestamp"]) for turn in (0, 4, 5))
    assert (stale - now) // 1_000 == -4
    assert (future - now) // 1_000 == 3
    assert receiver.got[5][1] == receiver.got[6][1]
    with pytest.raises(ValueError, match="form"):
        api.sandbox.trigger("9", "promotion", form="polite")


async def test_a_replay_is_the_same_to_the_byte(api: Http, receiver: Receiver) -> None:
    await secret(api)
    await subscribe(api, receiver.url, "9")
    api.sandbox.trigger("9", "promotion")
    await api.sandbox.settled()
    assert (await api.post("/_sandbox/webhooks/again", {"form": "replay"})).json["deliveries"]
    await api.sandbox.settled()
    (first, body), (second, again) = receiver.got
    assert body == again
    assert first["X-Lusha-Signature"] == second["X-Lusha-Signature"]


async def test_opt_outs_have_one_subscription_and_a_payload_of_their_own(api: Http, receiver: Receiver) -> None:
    await secret(api)
    body = {"entityType": "contact", "url": receiver.url}
    assert (await api.post("/api/subscriptions/opt-out", body)).status == 201
    assert (await api.post("/api/subscriptions/opt-out", body)).status == 403
    got = await api.post("/_sandbox/webhooks/opt-out", {"contactId": "987", "partnerClientId": "t-1"})
    assert len(got.json["deliveries"]) == 1
    await api.sandbox.settled()
    payload = receiver.bodies[0]
    assert not {"id", "type", "billing"} & set(payload)
    assert (payload["contactId"], payload["partnerClientId"]) == ("987", "t-1")
    assert " " in payload["contactOptOutDate"]
    assert "T" not in payload["contactOptOutDate"]


async def test_without_a_secret_nothing_is_delivered(api: Http, receiver: Receiver) -> None:
    missing = await api.get("/api/account/secret")
    assert (missing.status, set(missing.json)) == (404, {"message"})
    await subscribe(api, receiver.url, "1")
    api.sandbox.trigger("1", "promotion")
    await api.sandbox.settled()
    assert receiver.got == []
    old = await secret(api)
    assert (await api.get("/api/account/secret")).json["secret"] == old != await secret(api)


async def test_lists_updates_tests_and_deletions(api: Http, receiver: Receiver) -> None:
    await secret(api)
    made = await subscribe(api, receiver.url, *map(str, range(25)))
    ids = [one["subscription"]["id"] for one in made["results"]]
    page = (await api.get("/api/subscriptions", params={"limit": 10, "offset": 20})).json
    assert (len(page["data"]), page["pagination"]) == (5, {"total": 25, "limit": 10, "offset": 20, "hasMore": False})
    assert page["data"][-1]["id"] == ids[0]
    tested = (await api.post(f"/api/subscriptions/{ids[0]}/test", params={"mode": "direct"})).json
    assert (tested["isSuccess"], tested["flowCheck"]["statusCode"], len(receiver.got)) == (True, 201, 1)
    assert (await api.get("/api/subscriptions/nonsense")).status == 400
    assert (await api.get("/api/subscriptions/" + "0" * 24)).status == 404
    rotated = (await api.send("PATCH", f"/api/subscriptions/{ids[0]}", {"regenerateSecret": True})).json
    assert rotated["secret"].startswith("whsec_")
    gone = (await api.post("/api/subscriptions/delete", {"ids": [ids[0], ids[0], "sub-1"]})).json
    assert (gone["total"], gone["successful"], gone["results"][1]["error"]["code"]) == (2, 1, "NOT_FOUND")
    assert (await api.post("/api/subscriptions/delete", {"ids": ids + ids[:1]})).status == 400


async def test_management_is_limited_to_a_hundred_a_minute_over_all_of_it() -> None:
    async with running(burst=None, webhooks_limit=3) as api:
        paths = ["/api/subscriptions", "/api/audit-logs", "/api/audit-logs/stats", "/api/subscriptions"]
        assert [(await api.get(path)).status for path in paths] == [200, 200, 200, 429]


async def test_thousands_of_deliveries_arrive(api: Http, receiver: Receiver) -> None:
    await secret(api)
    await subscribe(api, receiver.url, "5")
    sent = api.sandbox.trigger("5", "promotion", repeat=500)
    await asyncio.wait_for(api.sandbox.settled(), 20)
    assert {body["id"] for body in receiver.bodies} == set(sent)
    assert len(sent) == 500
