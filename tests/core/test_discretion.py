"""The key and people appear in no log, text form, exception text or traceback: planted values, and a search for them."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from lusha_async import ContactQuery, LushaClient, LushaError, RetryPolicy
from lusha_async.sandbox import Faults, Sandbox

from .server import RESET, answer, serving

KEY = "feedface-dead-4bad-beef-0123456789ab"
PLANTED = {
    "email": "zebulon.quillfeather@wobblecorp.example",
    "first_name": "Zebulon",
    "last_name": "Quillfeather",
    "company_name": "Wobblecorp Gesellschaft",
    "company_domain": "wobblecorp.example",
    "linkedin_url": "https://www.linkedin.com/in/zebulon-quillfeather-555",
}
PHONE = "+1 555 010 4477"
SECRETS = [KEY, "ebulon", "uillfeather", "obblecorp", "555 010", "5550104477"]


class Gossip(logging.Handler):
    """Hears everything that any logger says, arguments and tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@pytest.fixture
def gossip() -> Iterator[Gossip]:
    handler = Gossip()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def assert_discreet(texts: list[str]) -> None:
    for text in texts:
        for secret in SECRETS:
            assert secret.lower() not in text.lower(), f"{secret} is in {text[:400]}"


def shown(error: BaseException) -> list[str]:
    return [str(error), repr(error), "".join(traceback.format_exception(error))]


REPLIES = [
    answer(
        b'{"statusCode":400,"message":"Zebulon Quillfeather <zebulon.quillfeather@wobblecorp.example> is refused"}', 400
    ),
    answer(b'{"message":["contacts.0.email zebulon.quillfeather@wobblecorp.example must be", "+1 555 010 4477"]}', 422),
    answer(b'{"statusCode":401,"message":"key feedface-dead-4bad-beef-0123456789ab is unknown"}', 401),
    answer(b"<html><title>500 for Zebulon Quillfeather</title></html>", 500),
    answer(b'{"statusCode":404,"message":"nobody called Quillfeather at Wobblecorp Gesellschaft"}', 404),
    answer(b'{"results":[{"firstName":["Zebulon"],"emails":"zebulon.quillfeather@wobblecorp.example"}]}'),
    answer(b'{"results": Zebulon Quillfeather'),
    answer(b"HTTP zebulon.quillfeather@wobblecorp.example", length=9999),
    b"NOT HTTP AT ALL zebulon.quillfeather@wobblecorp.example\r\n\r\n",
    RESET,
]


@pytest.mark.parametrize("reply", REPLIES, ids=range(len(REPLIES)))
async def test_single_calls_show_nobody(reply: bytes, gossip: Gossip) -> None:
    async with serving([reply]) as seen:
        lusha = LushaClient(KEY, base_url=seen.url, retries=RetryPolicy(initial=0.001, max_attempts=2))
        async with lusha:
            calls = [
                lusha.contacts.search_and_enrich(PLANTED, reveal=["emails"]),
                lusha.v2.persons.enrich(PLANTED, reveal=["emails"]),
            ]
            for call in calls:
                try:
                    assert_discreet([repr(await call)])
                except LushaError as error:
                    assert_discreet(shown(error))
        assert_discreet([repr(lusha), repr(vars(lusha).get("_limits")), *gossip.heard])
    assert any(b"feedface" in request for request in seen.requests)


async def test_bulk_runs_show_nobody(gossip: Gossip) -> None:
    faults = Faults(rate=0.5, stall=0.2)
    async with Sandbox(api_key=KEY, faults=faults, burst=None, restricted=0, not_found=0) as sandbox:
        client = LushaClient(
            KEY, base_url=sandbox.url, timeout=0.1, retries=RetryPolicy(initial=0.001, max_attempts=3), max_wait=2
        )
        async with client as lusha:
            rows: list[Any] = [{**PLANTED, "email": f"zebulon.quillfeather{n}@wobblecorp.example"} for n in range(200)]
            rows += [{"email": "zebulon.quillfeather@"}, {"first_name": "Zebulon"}, ContactQuery(email="Quillfeather")]
            async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails", "phones"], chunk_size=10) as run:
                async for outcome in run:
                    assert_discreet([repr(outcome), repr(outcome.result)])
                    if outcome.error is not None:
                        assert_discreet(shown(outcome.error))
            assert_discreet([str(run.report), repr(run)])
    assert_discreet(gossip.heard)


async def test_a_crash_in_the_middle_shows_nobody(gossip: Gossip) -> None:
    async with Sandbox(api_key=KEY, latency=0.05) as sandbox, LushaClient(KEY, base_url=sandbox.url) as lusha:
        task = asyncio.create_task(lusha.contacts.search_and_enrich(PLANTED, reveal=["emails"]))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert_discreet(shown(caught.value))
    assert_discreet(gossip.heard)
