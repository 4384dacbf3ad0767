"""LocalLimits on a virtual loop against a strict server: hours in milliseconds, always the same way."""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lusha_async.endpoint import LimitGroup
from lusha_async.errors import QuotaExhausted
from lusha_async.limits import LocalLimits, NoLimits, Permit, Priority, Rate, Scope
from lusha_async.limits.model import Kind, StrictServer
from lusha_async.limits.plans import PLANS, Plan
from lusha_async.limits.turnstile import Alarm
from lusha_async.limits.virtual import LoopClock, run

from .rig import ENRICH, SEARCH, Rig

START = LoopClock().start
TURNS = {"minute": 23.0, "hour": 2_000.0, "day": 50_000.0}


def server(plan: str | Plan = "unlimited", kind: Kind = "aligned", **options: object) -> StrictServer:
    limits = PLANS[plan] if isinstance(plan, str) else plan
    turns = {"turns_in": TURNS} if kind == "aligned" else {}
    return StrictServer(limits, kind=kind, now=START, **{**turns, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize("latency", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("jitter", [0.0, 0.02, 0.05, 0.1])
def test_the_second_is_full_and_never_overrun(latency: float, jitter: float) -> None:
    rig = Rig(server(), latency=latency, jitter=jitter, connect=lambda number: 0.08 if number < 20 else 0.0)
    happened = run(lambda: rig.run(1_000))
    assert rig.server.refused == []
    settled = [moment for moment in happened.sent if moment > happened.sent[0] + 3]
    rate = (len(settled) - 1) / (settled[-1] - settled[0])
    assert rate >= (0.985 if not jitter else 0.98) * 25 / (1 + jitter)


@pytest.mark.parametrize(("spread", "least", "most"), [(0.0, 0.955, 1.0), (0.12, 0.8, 0.91)])
def test_before_slow_answers_come_even_connections_allow_a_fuller_second(
    spread: float, least: float, most: float
) -> None:
    rig = Rig(server(), latency=5.0, jitter=0.02, connect=lambda number: 0.01 + spread * (number % 5) / 4)
    happened = run(lambda: rig.run(115, concurrency=256))
    assert rig.server.refused == []
    blind = sorted(happened.sent)[55:]
    rate = (len(blind) - 1) / (blind[-1] - blind[0]) / 25
    assert least <= rate <= most


def test_an_alarm_that_is_overdue_shows_how_late_we_are() -> None:
    clock = LoopClock()

    async def main() -> None:
        alarm, began = Alarm(lambda: None), clock.monotonic()
        alarm.set(began + 1.0, clock)
        assert alarm.lateness(began + 0.9) == 0.0
        assert alarm.lateness(began + 1.03) == pytest.approx(0.03)
        alarm.set(began + 2.0, clock)
        assert alarm.lateness(began + 1.055) == pytest.approx(0.03), "what was left lying is still being worked off"
        assert alarm.lateness(began + 1.2) == 0.0
        await clock.sleep(2.5)
        assert alarm.lateness(clock.monotonic()) == 0.0

    run(main)


def test_each_endpoint_has_its_own_second() -> None:
    rig = Rig(server())

    async def main() -> None:
        await asyncio.gather(*(rig.call(scope, Priority.INTERACTIVE) for scope in (ENRICH, SEARCH) for _ in range(50)))

    run(main)
    assert rig.happened.sent[-1] - rig.happened.sent[0] < 2.3
    assert rig.server.refused == []


@pytest.mark.parametrize("kind", ["aligned", "first"])
@pytest.mark.parametrize("asks", [True, False])
def test_a_plan_is_filled_without_a_refusal(kind: Kind, asks: bool) -> None:
    rig = Rig(server("scale", kind))
    if asks:
        rig.asks()
    happened = run(lambda: rig.run(1_500))
    assert rig.server.refused == []
    assert happened.statuses.count(200) == 1_500
    assert happened.sent[-1] - happened.sent[0] < (4 * 60 + 23 if kind == "aligned" and asks else 5 * 60) + 20
    assert rig.asked <= 4


def test_account_usage_is_asked_before_a_bulk_run_starts() -> None:
    rig = Rig(server("scale", left={"day": 0}))
    rig.asks()
    happened = run(lambda: rig.run(10, max_wait=60))
    assert happened.sent == [], "nothing was sent for nothing"
    assert happened.refused_by is not None
    assert happened.refused_by.window == "day"
    assert happened.refused_by.resume_at is not None
    assert abs(happened.refused_by.resume_at.timestamp() - START - 50_000) < 2


@pytest.mark.parametrize("left", [0, 1, 7, 60])
def test_an_empty_day_ends_the_run_with_one_request_too_many_at_most(left: int) -> None:
    rig = Rig(server("scale", left={"day": left}))
    happened = run(lambda: rig.run(1_000, max_wait=600))
    assert happened.statuses.count(200) == left
    assert len(rig.server.refused) <= 1
    assert happened.refused_by is not None
    assert happened.refused_by.window == "day"
    assert happened.refused_by.resume_at is not None
    assert abs(happened.refused_by.resume_at.timestamp() - START - 50_000) < 3
    assert rig.clock.start + 15 > max(happened.done)


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_a_stranger_takes_half(seed: int, asks: bool) -> None:
    rig = Rig(server("scale"), seed=seed, jitter=0.02)
    if asks:
        rig.asks()
    theirs: list[float] = []

    async def stranger() -> None:
        while True:
            turn = START + TURNS["minute"] + 60 * (1 + (rig.clock.wall() - START - TURNS["minute"]) // 60)
            for _ in range(150):
                await rig.clock.sleep(rig.rng.expovariate(12.5))
                if rig.clock.wall() < turn and rig.server.spend(rig.clock.wall()):
                    theirs.append(rig.clock.wall())
            await rig.clock.sleep(max(turn - rig.clock.wall(), 0) + 0.001)

    async def main() -> None:
        other = asyncio.ensure_future(stranger())
        await rig.run(1_000)
        other.cancel()

    run(main)
    mine = rig.server.accepted[ENRICH.endpoint]
    first = START + TURNS["minute"]
    for number in range(int((mine[-1] - first) // 60)):
        begin, end = first + 60 * number, first + 60 * (number + 1)
        used = bisect_right(mine, end) - bisect_right(mine, begin)
        left = 300 - (bisect_right(theirs, end) - bisect_right(theirs, begin))
        assert used >= 0.95 * left or not asks
        assert sum(begin < moment <= end for moment, _ in rig.server.refused) <= 1


@given(st.sampled_from(["Reset in 30 seconds", "Too many requests", "", "minute limit, retry in 5 s"]), st.booleans())
@settings(max_examples=8, deadline=None)
def test_a_refusal_closes_the_gate_and_one_probe_goes_first(message: str, said: bool) -> None:
    limits = LocalLimits()
    clock = LoopClock()

    async def main() -> None:
        limits.bind(account="x", clock=clock)
        first = await limits.acquire(ENRICH)
        first.sent()
        verdict = first.answered(429, {"Retry-After": "3"} if said and "Reset" not in message else {}, message)
        assert verdict is not None
        assert verdict.wait > 0
        began = clock.monotonic()
        got: list[Permit] = []

        async def another() -> None:
            got.append(await limits.acquire(ENRICH, max_wait=1e6))

        others = [asyncio.ensure_future(another()) for _ in range(10)]
        await clock.sleep(200)
        assert len(got) == 1, "the probe"
        assert got[0].waited >= 1.0
        got[0].sent()
        await clock.sleep(0.3)
        got[0].answered(200, {})
        await clock.sleep(2)
        assert len(got) == 10
        assert clock.monotonic() - began > 200
        await asyncio.gather(*others)

    run(main)


def test_a_probe_that_brings_nothing_lets_the_next_one_try() -> None:
    async def main() -> None:
        limits, clock = LocalLimits(), LoopClock()
        limits.bind(account="x", clock=clock)
        first = await limits.acquire(ENRICH)
        first.sent()
        first.answered(429, {}, None)
        probe = await limits.acquire(ENRICH)
        waiting = asyncio.ensure_future(limits.acquire(ENRICH))
        await clock.sleep(5)
        assert not waiting.done()
        probe.unsent()
        await clock.sleep(0.1)
        assert waiting.done()

    run(main)


def test_a_trials_limit_is_told_and_closes_nothing() -> None:
    async def main() -> None:
        limits = LocalLimits()
        limits.bind(account="x", clock=LoopClock())
        permit = await limits.acquire(ENRICH)
        permit.sent()
        verdict = permit.answered(429, {}, "Trial limit reached")
        assert verdict is not None
        assert verdict.trial
        assert verdict.resume_at is None
        assert (await limits.acquire(ENRICH)).waited < 0.1

    run(main)


def test_waits_are_told() -> None:
    rig = Rig(server("pro", left={"hour": 3}))
    rig.asks()
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, ear = logging.getLogger("lusha_async"), Ear()
    logger.addHandler(ear)
    logger.setLevel(logging.INFO)

    async def main() -> None:
        running = asyncio.ensure_future(rig.run(10))
        await rig.clock.sleep(60)
        quota = rig.limits.quota
        assert str(quota) == "waiting for the hour window, 32 min"
        assert quota.resume_at is not None
        assert abs(quota.resume_at.timestamp() - START - 2_000) < 1
        assert quota.hour is not None
        assert quota.hour.left == 0
        assert quota.hour.exact
        await running
        assert rig.limits.quota.waiting is None

    try:
        run(main)
    finally:
        logger.removeHandler(ear)
        logger.setLevel(logging.NOTSET)
    assert [line for line in heard if "hour" in line] == ["waiting for the hour window, 33 min"]
    assert rig.happened.waits[-1] > 1_900


def test_single_calls_go_ahead_of_a_bulk_run() -> None:
    rig = Rig(server())
    waits: list[float] = []

    async def single() -> None:
        permit = await rig.limits.acquire(ENRICH, priority=Priority.INTERACTIVE)
        waits.append(permit.waited)
        permit.sent()
        await rig.clock.sleep(0.3)
        permit.answered(200, {})

    async def main() -> None:
        running = asyncio.ensure_future(rig.run(1_000))
        singles = []
        for _ in range(150):
            await rig.clock.sleep(rig.rng.uniform(0.1, 0.3))
            singles.append(asyncio.ensure_future(single()))
        await asyncio.gather(*singles)
        await running

    run(main)
    waits.sort()
    assert waits[len(waits) * 99 // 100] <= 2 / 25 * 1.1
    assert (len(rig.happened.sent) + 150) / (rig.happened.sent[-1] - rig.happened.sent[0]) > 0.96 * 25


def test_first_come_first_served_within_a_priority() -> None:
    async def main() -> None:
        limits, clock = LocalLimits(rate=1), LoopClock()
        limits.bind(account="x", clock=clock)
        order: list[int] = []

        async def one(number: int) -> None:
            permit = await limits.acquire(ENRICH, priority=Priority.INTERACTIVE)
            order.append(number)
            permit.sent()
            permit.answered(200, {})

        await asyncio.gather(*(one(number) for number in range(20)))
        assert order == [*range(20)]

    run(main)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3), st.sampled_from(["ok", "lost", "unsent", "429"])), max_size=40)
)
def test_cancelled_waiters_lose_no_slot_and_block_nobody(plan: list[tuple[float, float, str]]) -> None:
    """Random arrivals, cancellations and outcomes: afterwards everybody gets a turn, and nothing is in flight."""

    async def main() -> None:
        limits, clock = LocalLimits(rate=5), LoopClock()
        limits.bind(account="x", clock=clock)

        async def one(outcome: str) -> None:
            permit = await limits.acquire(ENRICH, max_wait=1e6)
            try:
                await clock.sleep(0.05)
                if outcome == "unsent":
                    return
                permit.sent()
                await clock.sleep(0.2)
                if outcome in ("ok", "429"):
                    permit.answered(200 if outcome == "ok" else 429, {}, None)
            finally:
                permit.unsent()

        async def impatient(start: float, patience: float, outcome: str) -> None:
            await clock.sleep(start)
            task = asyncio.ensure_future(one(outcome))
            await asyncio.wait([task], timeout=patience)
            task.cancel()
            await asyncio.wait([task])

        await asyncio.gather(*(impatient(*row) for row in plan))
        async with asyncio.timeout(300):
            for _ in range(12):
                await one("ok")
        assert limits.quota.in_flight == 0
        assert limits.quota.queued == 0
        await limits.aclose()
        assert len(asyncio.all_tasks()) == 1

    run(main)


def test_patience_has_an_end() -> None:
    rig = Rig(server("scale", left={"minute": 1}))
    rig.asks()

    async def main() -> None:
        await rig.call()
        with pytest.raises(QuotaExhausted) as caught:
            await rig.call(max_wait=5)
        assert caught.value.window == "minute"
        assert caught.value.resume_at is not None
        assert await rig.call(max_wait=60) == 200

    run(main)


def test_broken_usage_does_not_end_a_run() -> None:
    rig = Rig(server("scale"))
    rig.asks(fails=True)
    happened = run(lambda: rig.run(400))
    assert happened.statuses.count(200) == 400
    assert rig.server.refused == []
    assert rig.asked <= 3


def test_usage_has_its_own_five_a_minute_and_webhooks_their_hundred() -> None:
    async def main() -> None:
        limits, clock = LocalLimits(), LoopClock()
        limits.bind(account="x", clock=clock)
        for group, limit in ((LimitGroup.USAGE, 5), (LimitGroup.WEBHOOKS, 100)):
            began = clock.monotonic()
            for number in range(limit + 1):
                permit = await limits.acquire(Scope(f"GET /{number}", group))
                permit.sent()
                permit.answered(200, {})
                if number == limit - 1:
                    assert clock.monotonic() - began < 30
            assert clock.monotonic() - began > 60

    run(main)


def test_limits_can_be_changed_and_switched_off() -> None:
    async def main() -> None:
        clock = LoopClock()
        for limits, least in (
            (LocalLimits(rate=None), 0.0),
            (NoLimits(), 0.0),
            (LocalLimits(rate=100), 0.85),
            (LocalLimits(rates={LimitGroup.ENDPOINT: Rate(10, 10.0)}), 80.0),
        ):
            limits.bind(account="x", clock=clock)
            await limits.start()
            began = clock.monotonic()
            for _ in range(100):
                permit = await limits.acquire(ENRICH)
                permit.sent()
                permit.answered(200, {})
            took = clock.monotonic() - began
            assert least <= took <= 1.3 * least
            await limits.aclose()

    run(main)


def test_closing_sends_the_waiting_away() -> None:
    async def main() -> None:
        limits = LocalLimits(rate=1)
        limits.bind(account="x", clock=LoopClock())
        await limits.acquire(ENRICH)
        waiting = asyncio.ensure_future(limits.acquire(ENRICH))
        await asyncio.sleep(0)
        await limits.aclose()
        with pytest.raises(Exception, match="closed"):
            await waiting

    run(main)


def test_a_servers_clock_may_be_wrong_by_hours() -> None:
    rig = Rig(server("scale", left={"minute": 1}))
    rig.asks()
    rig.clock.start = START  # what the server's `resetsAt` is about

    async def main() -> None:
        await rig.call()
        await rig.call()

    run(main)
    assert rig.happened.sent[1] - START < 24


@pytest.mark.parametrize("says", [True, False])
def test_a_plan_may_be_told_beforehand(says: bool) -> None:
    """Then nothing is asked and nobody waits for a first answer, whether or not the answers show the windows."""
    rig = Rig(server("scale", "first"), limits=LocalLimits(plan="scale"))
    rig.asks()
    if not says:
        rig.server._headers = dict  # type: ignore[method-assign, assignment]
    happened = run(lambda: rig.run(890))
    assert happened.sent[1] - happened.sent[0] < 0.1
    assert rig.server.refused == []
    assert happened.statuses.count(200) == 890
    assert 120 < happened.sent[-1] - happened.sent[0] < 140


def test_a_deep_queue_is_no_empty_window() -> None:
    """Whoever waits long because many are before him is not refused."""
    rig = Rig(server())

    async def main() -> None:
        await asyncio.gather(*(rig.call(max_wait=5) for _ in range(500)))

    run(main)
    assert max(rig.happened.waits) > 15
