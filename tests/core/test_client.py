"""The client's life: configuration, the key, sessions, event loops."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
import pytest
from aioresponses import aioresponses
from yarl import URL

from lusha_async import APIError, ClientStateError, Endpoint, InvalidRequest, LushaClient
from lusha_async.sandbox import Sandbox

# aioresponses builds an event loop it never initialises; its finaliser complains.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

KEY = "11111111-2222-3333-4444-555555555555"
PING: Endpoint[Any] = Endpoint(method="GET", path="/v3/ping/{name}", operation="ping", response=dict)
URL_OF_PING = "https://api.lusha.com/v3/ping/a"


def test_key_and_url_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidRequest, match="LUSHA_API_KEY"):
        LushaClient()
    monkeypatch.setenv("LUSHA_API_KEY", KEY)
    monkeypatch.setenv("LUSHA_BASE_URL", "https://mock.example/lusha/")
    assert repr(LushaClient()) == "LushaClient('https://mock.example/lusha', not open)"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.lusha.com",
        "ftp://api.lusha.com",
        "api.lusha.com",
        "https://",
        "https://u:p@h.example",
        "https://h?x=1",
    ],
)
def test_only_https_is_accepted(url: str) -> None:
    with pytest.raises(InvalidRequest, match="https"):
        LushaClient(KEY, base_url=url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost:1/base", "http://[::1]:1", "https://h.example/p"]
)
def test_loopback_may_do_without(url: str) -> None:
    LushaClient(KEY, base_url=url)


@pytest.mark.parametrize("key", ["", "  ", "with space", "with\nnewline", "ключ"])
def test_impossible_keys_are_refused_here(key: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        LushaClient(key)
    assert caught.value.field == "api_key"
    assert not key.strip() or key not in str(caught.value)


def test_no_call_goes_without_a_timeout() -> None:
    with pytest.raises(InvalidRequest, match="timeout"):
        LushaClient(KEY, timeout=0)


async def test_the_key_goes_into_the_header_and_nowhere_else() -> None:
    with aioresponses() as mocked:
        mocked.get(URL_OF_PING, payload={"pong": True})
        async with LushaClient(KEY) as lusha:
            reply = await lusha.send(PING, path={"name": "a"})
        [call] = mocked.requests["GET", URL(URL_OF_PING)]
    assert reply.data == {"pong": True}
    assert reply.status == 200
    assert reply.attempts == 1
    assert call.kwargs["headers"]["api_key"] == KEY
    assert call.kwargs["allow_redirects"] is False
    assert KEY not in repr(lusha) + repr(reply)


async def test_redirects_are_not_followed_with_the_key() -> None:
    with aioresponses() as mocked:
        mocked.get(URL_OF_PING, status=302, headers={"Location": "https://elsewhere.example/"})
        async with LushaClient(KEY) as lusha:
            with pytest.raises(APIError, match="302"):
                await lusha.send(PING, path={"name": "a"})
        assert len(mocked.requests) == 1


async def test_path_values_are_escaped() -> None:
    async with LushaClient(KEY) as lusha:
        for bad in ("", "..", "."):
            with pytest.raises(InvalidRequest, match="path needs 'name'"):
                await lusha.send(PING, path={"name": bad})
        with aioresponses() as mocked:
            mocked.get(URL("https://api.lusha.com/v3/ping/..%2F..%3Fx", encoded=True), payload={})
            await lusha.send(PING, path={"name": "../..?x"})


async def test_a_base_url_may_carry_a_path() -> None:
    with aioresponses() as mocked:
        mocked.get("https://mock.example/_mock/lusha/v3/ping/a", payload={"ok": 1})
        async with LushaClient(KEY, base_url="https://mock.example/_mock/lusha/") as lusha:
            assert (await lusha.send(PING, path={"name": "a"})).data == {"ok": 1}


async def test_queries_are_written_as_urls_want_them() -> None:
    query = {"a": ("x", "y"), "flag": True, "none": None, "n": 3, "text": "ü&="}
    with aioresponses() as mocked:
        mocked.get(
            URL(URL_OF_PING).with_query([("a", "x"), ("a", "y"), ("flag", "true"), ("n", "3"), ("text", "ü&=")]),
            payload={},
        )
        async with LushaClient(KEY) as lusha:
            await lusha.send(PING, path={"name": "a"}, query=query)


async def test_before_opening_and_after_closing() -> None:
    lusha = LushaClient(KEY)
    with pytest.raises(ClientStateError, match="Open the client first"):
        await lusha.send(PING, path={"name": "a"})
    async with lusha:
        pass
    with pytest.raises(ClientStateError, match="closed"):
        await lusha.send(PING, path={"name": "a"})
    with pytest.raises(ClientStateError, match="opened once"):
        await lusha.__aenter__()
    await lusha.aclose()


async def test_another_event_loop_is_told_so() -> None:
    async with LushaClient(KEY) as lusha:

        def elsewhere() -> None:
            async def call() -> None:
                await lusha.send(PING, path={"name": "a"})

            asyncio.run(call())

        with pytest.raises(ClientStateError, match="another event loop"):
            await asyncio.to_thread(elsewhere)


async def test_an_applications_session_is_used_and_never_closed() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession(raise_for_status=True) as session:
        async with LushaClient(sandbox.api_key, base_url=sandbox.url, session=session) as lusha:
            usage = await lusha.account.usage()
            assert usage.credits is not None
        assert not session.closed
        assert session.trace_configs == []


async def test_many_tasks_share_one_client() -> None:
    async with Sandbox(burst=None) as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        answers = await asyncio.gather(
            *(lusha.contacts.search_and_enrich({"email": f"p{n}@example.com"}, reveal=["emails"]) for n in range(20))
        )
    assert len(answers) == 20


async def test_an_operation_this_package_does_not_know_can_be_called() -> None:
    tomorrow: Endpoint[Any] = Endpoint(
        method="POST", path="/v3/contacts/search", operation="tomorrow", response=dict, request=dict
    )
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        reply = await lusha.send(tomorrow, body={"contacts": [{"email": "jane@example.com"}]})
    assert reply.data["results"]
    assert reply.quota is not None
    assert reply.raw.startswith(b"{")


async def test_a_body_that_is_no_json_is_refused_here() -> None:
    async with LushaClient(KEY) as lusha:
        with pytest.raises(InvalidRequest, match="cannot be written as JSON"):
            await lusha.send(PING, path={"name": "a"}, body={"x": object()})


async def test_the_end_of_an_operation_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with aioresponses() as mocked, caplog.at_level(logging.WARNING, "lusha_async"):
        mocked.get(URL_OF_PING, payload={}, headers={"Sunset": "Wed, 18 Nov 2026 00:00:00 GMT"}, repeat=True)
        async with LushaClient(KEY) as lusha:
            for _ in range(3):
                await lusha.send(PING, path={"name": "a"})
    assert [record.getMessage() for record in caplog.records] == [
        "GET /v3/ping/{name}: the API announces the end of this operation (Wed, 18 Nov 2026 00:00:00 GMT)"
    ]
