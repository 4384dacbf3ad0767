"""One call against servers that break in every way: what is repeated, what is not, and what is raised."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from lusha_async import (
    DecodeError,
    Endpoint,
    LushaClient,
    LushaConnectionError,
    LushaError,
    LushaTimeout,
    OutcomeUnknown,
    PaymentRequired,
    QuotaExhausted,
    RateLimited,
    Repeat,
    RetryPolicy,
    ServerError,
)
from lusha_async.clock import SystemClock
from lusha_async.limits import NoLimits, Priority, Scope
from lusha_async.limits.none import FreePermit
from lusha_async.model import Model

from .server import RESET, SILENCE, answer, serving

KEY = "11111111-2222-3333-4444-555555555555"
FAST = RetryPolicy(initial=0.001, max_attempts=3)


class Thing(Model, frozen=True):
    id: str | None = None
    name: str | None = None


def endpoint(repeat: Repeat) -> Endpoint[Thing]:
    return Endpoint(method="POST", path="/v3/thing", operation="thing", response=Thing, repeat=repeat)


def client(url: str, **options: Any) -> LushaClient:
    return LushaClient(KEY, base_url=url, **{"retries": FAST, **options})


GOOD = answer(b'{"id":"a"}')
BROKEN = {
    "reset": RESET,
    "cut": answer(b'{"id":"a', length=500),
    "empty": answer(b""),
    "truncated": answer(b'{"id":"a'),
    "html": answer(b"<html>hello</html>"),
    "499": answer(b"{}", 499),
    "504": answer(b"<html>gateway</html>", 504),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("repeat", [Repeat.FREE, Repeat.CHEAP])
async def test_what_is_cheap_is_sent_again_after_an_unknown_outcome(broken: bytes, repeat: Repeat) -> None:
    async with serving([broken, broken, GOOD]) as seen, client(seen.url) as lusha:
        reply = await lusha.send(endpoint(repeat), body={})
    assert reply.data == Thing(id="a")
    assert reply.attempts == len(seen.requests) == 3


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("repeat", [Repeat.COSTLY, Repeat.NEVER])
async def test_what_costs_is_not(broken: bytes, repeat: Repeat) -> None:
    async with serving([broken, GOOD]) as seen, client(seen.url) as lusha:
        with pytest.raises((OutcomeUnknown, DecodeError)) as caught:
            await lusha.send(endpoint(repeat), body={})
        assert len(seen.requests) == 1
        assert caught.value.attempts == 1
        reply = await lusha.send(endpoint(repeat), body={}, allow_repeat=True)
    assert reply.data == Thing(id="a")


async def test_unreadable_bytes_that_were_paid_for_are_kept() -> None:
    async with serving([BROKEN["truncated"]]) as seen, client(seen.url) as lusha:
        with pytest.raises(DecodeError) as caught:
            await lusha.send(endpoint(Repeat.COSTLY), body={})
    assert caught.value.body == b'{"id":"a'


@pytest.mark.parametrize(
    ("repeat", "kind"), [(Repeat.FREE, LushaTimeout), (Repeat.CHEAP, OutcomeUnknown), (Repeat.COSTLY, OutcomeUnknown)]
)
async def test_silence_ends_at_the_timeout(repeat: Repeat, kind: type[LushaError]) -> None:
    async with serving([SILENCE]) as seen, client(seen.url, timeout=0.05) as lusha:
        with pytest.raises(kind):
            await lusha.send(endpoint(repeat), body={})
    assert len(seen.requests) == (1 if repeat is Repeat.COSTLY else 3)


@pytest.mark.parametrize("repeat", list(Repeat))
async def test_what_never_left_is_always_tried_again_and_never_unknown(repeat: Repeat) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with client(url) as lusha:
        with pytest.raises(LushaConnectionError) as caught:
            await lusha.send(endpoint(repeat), body={})
    assert caught.value.attempts == 3
    assert caught.value.__cause__ is not None


async def test_server_faults_are_repeated_where_that_is_cheap() -> None:
    faults = [answer(b'{"message":"oops"}', 500), answer(b"<html>502</html>", 502), GOOD]
    async with serving(faults) as seen, client(seen.url) as lusha:
        reply = await lusha.send(endpoint(Repeat.CHEAP), body={})
        assert reply.attempts == 3
    async with serving(faults) as seen, client(seen.url) as lusha:
        with pytest.raises(ServerError):
            await lusha.send(endpoint(Repeat.COSTLY), body={})
    assert len(seen.requests) == 1


async def test_a_refusal_by_a_limit_is_sent_again_even_where_repeats_cost() -> None:
    refused = answer(b'{"statusCode":429,"message":"Too many requests"}', 429, extra="Retry-After: 0\r\n")
    async with serving([refused, GOOD]) as seen, client(seen.url) as lusha:
        reply = await lusha.send(endpoint(Repeat.NEVER), body={})
    assert reply.attempts == 2


async def test_a_wait_beyond_max_wait_is_not_slept() -> None:
    refused = answer(b'{"statusCode":429,"message":"Daily quota exceeded. Reset in 81671 seconds"}', 429)
    async with serving([refused]) as seen, client(seen.url) as lusha:
        with pytest.raises(QuotaExhausted) as caught:
            await lusha.send(endpoint(Repeat.FREE), body={})
    assert caught.value.resume_at is not None
    assert sum(b"/v3/thing" in request for request in seen.requests) == 1


async def test_a_trials_limit_is_never_waited_for() -> None:
    refused = answer(b'{"statusCode":429,"message":"Trial limit reached"}', 429)
    async with serving([refused]) as seen, client(seen.url) as lusha:
        with pytest.raises(RateLimited):
            await lusha.send(endpoint(Repeat.FREE), body={})
    assert sum(b"/v3/thing" in request for request in seen.requests) == 1


async def test_an_error_that_came_with_a_success_status_is_an_error() -> None:
    hidden = answer(b'{"statusCode":500,"message":"it failed after all"}')
    async with serving([hidden]) as seen, client(seen.url) as lusha:
        with pytest.raises(ServerError, match="failed after all"):
            await lusha.send(endpoint(Repeat.COSTLY), body={})


async def test_an_answer_that_surprises_survives_field_by_field() -> None:
    async with serving([answer(b'{"id":"a","name":["x"],"new":1}')]) as seen, client(seen.url) as lusha:
        reply = await lusha.send(endpoint(Repeat.FREE), body={})
    assert reply.data == Thing(id="a")
    assert [problem.path for problem in reply.problems] == [".name"]
    assert b'"new":1' in reply.raw


async def test_headers_that_are_garbage_do_no_harm() -> None:
    garbage = "x-rate-limit-minute: soon\r\nx-minute-requests-left: -\r\nx-daily-requests-left: 1e9\r\n"
    async with serving([answer(b"{}", extra=garbage)]) as seen, client(seen.url) as lusha:
        assert (await lusha.send(endpoint(Repeat.FREE), body={})).status == 200


async def test_on_sent_hears_of_every_departure() -> None:
    waits: list[float] = []
    async with serving([RESET, GOOD]) as seen, client(seen.url) as lusha:
        await lusha.send(endpoint(Repeat.FREE), body={}, on_sent=waits.append)
    assert len(waits) == 2


async def test_a_permit_hears_of_its_connection_and_of_its_departure() -> None:
    heard: list[str] = []

    class Listening(FreePermit):
        def connecting(self) -> None:
            heard.append("connecting")

        def connected(self) -> None:
            heard.append("connected")

        def sent(self) -> None:
            heard.append("sent")

    class OwnLimits(NoLimits):
        async def acquire(
            self, scope: Scope, *, priority: Priority = Priority.INTERACTIVE, max_wait: float = 120.0
        ) -> FreePermit:
            return Listening(SystemClock())

    async with serving([GOOD]) as seen, client(seen.url, limits=OwnLimits()) as lusha:
        await lusha.send(endpoint(Repeat.FREE), body={})
    assert heard == ["connecting", "connected", "sent", "sent"], "the second time: its body, and with it the headers"


async def test_a_permit_need_not_listen_to_connections() -> None:
    async with serving([GOOD]) as seen, client(seen.url, limits=NoLimits()) as lusha:
        assert (await lusha.send(endpoint(Repeat.FREE), body={})).status == 200


async def test_a_refusal_after_a_lost_answer_says_that_the_first_may_have_counted() -> None:
    async with serving([RESET, answer(b'{"message":"no credits"}', 402)]) as seen, client(seen.url) as lusha:
        with pytest.raises(PaymentRequired) as caught:
            await lusha.send(endpoint(Repeat.CHEAP), body={})
        assert caught.value.in_doubt
        with pytest.raises(PaymentRequired) as caught:
            await lusha.send(endpoint(Repeat.CHEAP), body={})
        assert not caught.value.in_doubt
