"""RedisLimits against a real server, started and killed here. Skipped where there is none."""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.clock import SystemClock
from lusha_async.endpoint import LimitGroup
from lusha_async.errors import QuotaExhausted
from lusha_async.limits import Priority, Rate, RedisLimits, Scope
from lusha_async.limits.lesson import Lesson, Refusal, Report
from lusha_async.limits.script import decode, encode
from lusha_async.limits.shared import LEAD

from .redis_server import BINARY, MISSING, RedisServer

ENRICH = Scope("POST /v3/contacts/enrich")
real = pytest.mark.skipif(BINARY is None, reason=MISSING)
CLOCK = SystemClock()
FULL = {"x-rate-limit-minute": "300", "x-minute-requests-left": "200"}


@pytest.fixture
def server() -> Iterator[RedisServer]:
    redis = RedisServer()
    redis.start()
    yield redis
    redis.close()


@pytest.fixture
async def pair(server: RedisServer) -> AsyncIterator[tuple[RedisLimits, RedisLimits]]:
    """As in two processes."""
    both = (limits(server), limits(server))
    for one in both:
        await one.start()
    yield both
    for one in both:
        await one.aclose()


def limits(server: RedisServer, **options: object) -> RedisLimits:
    made = RedisLimits(server.url, **{"share": 0.2, **options})  # type: ignore[arg-type]
    made.bind(account="digest", clock=CLOCK)
    return made


async def call(one: RedisLimits, sent: list[float], status: int = 200, priority: Priority = Priority.BULK) -> None:
    permit = await one.acquire(ENRICH, priority=priority, max_wait=60)
    permit.sent()
    sent.append(CLOCK.monotonic())
    await asyncio.sleep(0.05)
    permit.answered(status, FULL)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.05)


def most_in_a_second(moments: list[float]) -> int:
    ordered = sorted(moments)
    return max(i + 1 - bisect_right(ordered, moment - 1.0) for i, moment in enumerate(ordered))


@real
async def test_processes_share_the_second_fairly(pair: tuple[RedisLimits, RedisLimits]) -> None:
    sent: list[list[float]] = [[], []]

    async def worker(number: int) -> None:
        while len(sent[0]) + len(sent[1]) < 60:
            await call(pair[number], sent[number])

    await asyncio.gather(*(worker(number) for number in (0, 1) for _ in range(10)))
    assert most_in_a_second([*sent[0], *sent[1]]) <= 25
    assert max(map(len, sent)) <= 1.3 * min(map(len, sent))


@real
async def test_a_refusal_of_one_stops_all_and_one_probe_goes_first(pair: tuple[RedisLimits, RedisLimits]) -> None:
    first = await pair[0].acquire(ENRICH)
    first.sent()
    first.answered(429, {}, "Reset in 3000 seconds")
    await asyncio.sleep(0.1)
    with pytest.raises(QuotaExhausted) as caught:
        await pair[1].acquire(ENRICH, max_wait=1)
    assert caught.value.window == "hour"
    assert "hour window" in str(pair[0].quota) or pair[0].quota.hour is not None


@real
async def test_what_one_learns_all_know(pair: tuple[RedisLimits, RedisLimits]) -> None:
    permit = await pair[0].acquire(ENRICH)
    permit.sent()
    permit.answered(200, {"x-rate-limit-daily": "100", "x-daily-requests-left": "1"})
    await asyncio.sleep(0.1)
    other = await pair[1].acquire(ENRICH)
    other.sent()
    assert pair[1].quota.day is not None
    assert pair[1].quota.day.left == 0
    waiting = asyncio.ensure_future(pair[0].acquire(ENRICH, max_wait=1e6))
    await asyncio.sleep(0.3)
    assert not waiting.done(), "the last one is in flight, in the other process"
    other.answered(200, {"x-rate-limit-daily": "100", "x-daily-requests-left": "50"})
    await asyncio.wait_for(waiting, 5)


@real
async def test_single_calls_go_first_and_cancelled_ones_cost_nothing(pair: tuple[RedisLimits, RedisLimits]) -> None:
    sent: list[float] = []
    await call(pair[0], sent)
    bulk = [asyncio.ensure_future(call(pair[0], sent)) for _ in range(20)]
    gone = [asyncio.ensure_future(pair[0].acquire(ENRICH)) for _ in range(10)]
    await asyncio.sleep(0.05)
    for task in gone:
        task.cancel()
    before = len(sent)
    single: list[float] = []
    await call(pair[0], single, priority=Priority.INTERACTIVE)
    assert len([moment for moment in sent[before:] if moment < single[0]]) <= 2
    await asyncio.gather(*bulk)
    for permit in await asyncio.gather(*gone, return_exceptions=True):
        if not isinstance(permit, BaseException):
            permit.unsent()
    await asyncio.sleep(0.1)
    assert pair[0].quota.in_flight == 0
    assert pair[0].quota.queued == 0


@real
async def test_only_the_digest_is_stored(server: RedisServer, pair: tuple[RedisLimits, RedisLimits]) -> None:
    from redis.asyncio import Redis

    await call(pair[0], [])
    await asyncio.sleep(0.1)
    client: Redis = Redis.from_url(server.url, decode_responses=True)
    keys = [key async for key in client.scan_iter()]
    assert keys
    assert all(key.startswith("lusha:{digest}") for key in keys)
    assert min([await client.ttl(key) for key in keys]) > 0, "nothing stays for ever"
    await client.aclose()


@real
async def test_a_lost_server_means_the_private_share_and_it_comes_back(server: RedisServer) -> None:
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    ear = Ear()
    logging.getLogger("lusha_async").addHandler(ear)
    one = limits(server)
    await one.start()
    sent: list[float] = []
    stop = False

    async def worker() -> None:
        while not stop:
            await call(one, sent)

    workers = [asyncio.ensure_future(worker()) for _ in range(10)]
    try:
        await asyncio.sleep(0.8)
        server.kill()
        lost = CLOCK.monotonic()
        await asyncio.sleep(3)
        assert one.down
        assert not one.quota.shared
        private = [moment for moment in sent if moment > lost + LEAD]
        assert private, "it goes on"
        assert most_in_a_second(private) <= 5, "a fifth of 25"
        server.start()
        await until(lambda: not one.down)
        back = len(sent)
        await until(lambda: len(sent) >= back + 10)
    finally:
        stop = True
        await asyncio.gather(*workers)
        await one.aclose()
        logging.getLogger("lusha_async").removeHandler(ear)
    assert most_in_a_second(sent) <= 25
    assert len([line for line in heard if "cannot be reached" in line]) == 1
    assert len([line for line in heard if "reached again" in line]) == 1


@real
async def test_a_server_that_never_was_there() -> None:
    nowhere = RedisServer()
    one = limits(nowhere)
    try:
        await one.start()
        assert one.down
        sent: list[float] = []
        await asyncio.gather(*(call(one, sent) for _ in range(7)))
        assert most_in_a_second(sent) <= 5
    finally:
        await one.aclose()
        nowhere.close()


def test_a_share_is_a_part() -> None:
    for share in (0.0, -1.0, 1.5):
        with pytest.raises(ValueError, match="share"):
            RedisLimits("redis://127.0.0.1:1", share=share)
    small = RedisLimits("redis://127.0.0.1:1", share=0.01)
    assert small._private[LimitGroup.ENDPOINT] == Rate(1, 4.0)


numbers = st.floats(0, 1e6, allow_nan=False)
lessons = st.builds(
    Lesson,
    st.builds(Scope, st.text(max_size=40), st.sampled_from(LimitGroup)),
    numbers,
    ok=st.booleans(),
    lost=st.booleans(),
    usage=st.booleans(),
    reports=st.dictionaries(
        st.sampled_from(["minute", "hour", "day"]),
        st.builds(Report, st.none() | st.integers(0, 10**6), st.none() | st.integers(0, 10**6), st.none() | numbers),
    ),
    refusal=st.none() | st.builds(Refusal, st.none() | st.sampled_from(["minute", "day"]), st.none() | numbers),
)


@given(lessons)
def test_lessons_survive_the_journey(lesson: Lesson) -> None:
    text = encode(lesson, "me", 0.0)
    origin, back, moment = decode(f"7|1800000000000000|{text}", 0.0)
    assert origin == "me"
    assert back == lesson
    assert moment == 1_800_000_000.0
