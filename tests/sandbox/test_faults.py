"""Every fault does what its description says."""

from __future__ import annotations

import asyncio

import aiohttp
import msgspec
import pytest

from lusha_async.sandbox import FAULT_KINDS, Faults, ManualClock

from .conftest import Http, running

PATH = "/v3/contacts/search-and-enrich"
ASK = {"contacts": [{"email": f"p.{n}@firm.example.com", "clientReferenceId": str(n)} for n in range(10)]}


def always(kind: str) -> Faults:
    return Faults(rate=1, kinds=(kind,))


@pytest.mark.parametrize("kind", ["429", "499", "500", "502", "503"])
async def test_refusals_charge_nothing(http: Http, kind: str) -> None:
    http.sandbox.set_faults(always(kind))
    got = await http.post(PATH, ASK)
    assert got.status == int(kind)
    assert got.json["statusCode"] == int(kind)
    assert http.sandbox.stats()["processed"] == 0


async def test_html_comes_from_a_proxy_in_front(http: Http) -> None:
    http.sandbox.set_faults(always("html"))
    got = await http.post(PATH, ASK)
    assert (got.status, got.headers["Content-Type"]) == (502, "text/html")
    assert got.body.startswith(b"<html>")


async def test_a_lost_answer_was_charged(http: Http) -> None:
    http.sandbox.set_faults(always("504"))
    assert (await http.post(PATH, ASK)).status == 504
    assert http.sandbox.stats()["credits_charged"] > 0


@pytest.mark.parametrize(("kind", "charged"), [("reset_before", False), ("reset_after", True)])
async def test_resets(http: Http, kind: str, charged: bool) -> None:
    http.sandbox.set_faults(always(kind))
    with pytest.raises(aiohttp.ClientError):
        await http.post(PATH, ASK)
    assert (http.sandbox.stats()["credits_charged"] > 0) is charged
    assert http.sandbox.stats()["statuses"] == {"reset": 1}


async def test_cut_truncated_and_empty_bodies_were_charged(http: Http) -> None:
    http.sandbox.set_faults(always("cut"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await http.post(PATH, ASK)
    http.sandbox.set_faults(always("truncated"))
    cut = await http.post(PATH, ASK)
    with pytest.raises(msgspec.DecodeError):
        _ = cut.json
    http.sandbox.set_faults(always("empty"))
    empty = await http.post(PATH, ASK)
    assert (empty.status, empty.body) == (200, b"")
    assert http.sandbox.stats()["processed"] == 3


async def test_a_stalled_request_does_not_hold_up_the_end(http: Http) -> None:
    http.sandbox.set_faults(always("slow"))
    with pytest.raises(asyncio.TimeoutError):
        await http.post(PATH, ASK, timeout=aiohttp.ClientTimeout(total=0.05))
    assert http.sandbox.stats()["processed"] == 1


async def test_items_go_missing_come_twice_or_from_nowhere(http: Http) -> None:
    counts = {}
    for kind in ("drop_items", "duplicate_items", "extra_items"):
        http.sandbox.set_faults(always(kind))
        results = (await http.post(PATH, ASK)).json["results"]
        references = [one.get("clientReferenceId") for one in results]
        counts[kind] = (len(results), len(set(references)), "nobody-asked" in references)
    assert counts == {"drop_items": (9, 9, False), "duplicate_items": (11, 10, False), "extra_items": (11, 11, True)}
    http.sandbox.set_faults(always("extra_items"))
    old = await http.post("/v2/person", {"contacts": [{"contactId": "1", "email": "a.b@c.test"}]})
    assert set(old.json["contacts"]) == {"1", "nobody-asked"}


async def test_odd_types_leave_references_alone(http: Http) -> None:
    http.sandbox.set_faults(always("odd_types"))
    results = (await http.post(PATH, ASK)).json["results"]
    assert sorted(one["clientReferenceId"] for one in results) == sorted(str(n) for n in range(10))
    assert all("newField" in one for one in results)


async def test_the_same_seed_brings_the_same_faults() -> None:
    runs = []
    for _ in range(2):
        faults = Faults(rate=0.5, kinds=("500", "503", "429"), seed=7)
        async with running(burst=None, faults=faults) as http:
            runs.append([(await http.post(PATH, ASK)).status for _ in range(30)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 4


async def test_faults_over_http_limited_to_an_endpoint(http: Http) -> None:
    setting = {"rates": {"503": 1.0}, "endpoints": ["/v3/contacts/enrich"]}
    assert (await http.post("/_sandbox/faults", setting)).status == 200
    assert (await http.post("/v3/contacts/enrich", {"ids": ["x"]})).status == 503
    assert (await http.post(PATH, ASK)).status == 200
    assert (await http.post("/_sandbox/faults", {"kinds": ["flood"]})).status == 400


async def test_scripted_answers_wait_in_line(http: Http) -> None:
    script = http.sandbox.next_error
    script(429, endpoint="POST " + PATH, body={"message": "Reset in 81671 seconds"}, headers={"Retry-After": "5"})
    script(418, endpoint=PATH, body="tea", times=2)
    script(200, endpoint=PATH, body=b"[]", charge=True)
    assert (await http.post("/v3/contacts/enrich", {"ids": ["x"]})).status == 200
    first = await http.post(PATH, ASK)
    assert (first.status, first.headers["Retry-After"]) == (429, "5")
    assert [(await http.post(PATH, ASK)).body for _ in range(3)] == [b"tea", b"tea", b"[]"]
    assert http.sandbox.stats()["endpoints"]["POST " + PATH]["processed"] == 1
    script(how="reset")
    with pytest.raises(aiohttp.ClientError):
        await http.post(PATH, ASK)


async def test_latency_and_jitter_pass_on_the_clock() -> None:
    clock = ManualClock()
    start = clock.monotonic()
    async with running(clock=clock, latency=0.3, jitter=0.1) as http:
        await http.post(PATH, ASK)
    assert 0.3 <= clock.monotonic() - start <= 0.4


async def test_settings_change_while_running(http: Http) -> None:
    http.sandbox.configure(plan="free", credits=1)
    assert (await http.post(PATH, ASK)).status == 402
    assert (await http.post("/_sandbox/configure", {"latancy": 1})).status == 400
    with pytest.raises(TypeError):
        http.sandbox.configure(latancy=1)


def test_every_kind_is_documented() -> None:
    assert all(FAULT_KINDS.values())
    with pytest.raises(ValueError):
        Faults(rate=2)
