"""The receiver: acknowledged first, handled once, never lost in silence."""

from __future__ import annotations

import asyncio
import json
import pickle
import queue
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lusha_async.webhooks import (
    CompanyNews,
    Delivery,
    Event,
    Failure,
    ForgedWebhook,
    MemoryStore,
    NoHandler,
    NotFinished,
    OptOut,
    Promotion,
    ReceiverBusy,
    ReplayedWebhook,
    Retries,
    SignalEvent,
    SQLiteStore,
    StaleWebhook,
    UnreadableWebhook,
    WebhookError,
    WebhookReceiver,
    sign,
)

from .helpers import NOW, OPT_OUT, SECRET, ManualClock, delivery, settle, until


def make(**options: Any) -> tuple[WebhookReceiver, ManualClock, list[Event]]:
    """A receiver on a clock that stands still, and the list of what it handled."""
    clock = ManualClock()
    receiver = WebhookReceiver(SECRET, clock=clock, **{"waive_opt_outs": True} | options)
    return receiver, clock, []


async def post(receiver: WebhookReceiver, content: Any = None, **changes: Any) -> int:
    headers, body = delivery(content, **changes)
    return (await receiver.handle("POST", "", headers, body)).status


# --- the answers


async def test_a_delivery_is_acknowledged_as_documented_before_the_work_is_done() -> None:
    receiver, _, handled = make()
    gate = asyncio.Event()

    @receiver.on("promotion")
    async def slow(event: Promotion) -> None:
        await gate.wait()
        handled.append(event)

    async with receiver:
        headers, body = delivery(delivery_id="f3b87e05")
        response = await receiver.handle("POST", "", headers, body)
        assert response.status == 201
        assert json.loads(response.body) == {
            "received": True,
            "timestamp": "2026-01-01T00:00:00.000Z",
            "webhookId": "f3b87e05",
        }
        assert dict(response.headers)["Content-Type"] == "application/json"
        assert handled == []
        assert receiver.in_hand == 1
        gate.set()
    assert [event.id for event in handled] == ["f3b87e05"]


async def test_an_opt_out_is_acknowledged_with_an_id_that_is_stable() -> None:
    receiver, _, handled = make(waive_opt_outs=False)
    receiver.on_opt_out(handled.append)
    async with receiver:
        headers, body = delivery(OPT_OUT)
        first = await receiver.handle("POST", "", headers, body)
        again = await receiver.handle("POST", "", *delivery(OPT_OUT, at=NOW + 60))
    assert json.loads(first.body)["webhookId"] == json.loads(again.body)["webhookId"]
    assert len(handled) == 1


@pytest.mark.parametrize("query", ["challenge=a%20b", {"challenge": "a b"}, "x=1&challenge=a+b"])
async def test_the_url_challenge_is_echoed_even_before_the_receiver_runs(query: Any) -> None:
    receiver, _, _ = make()
    response = await receiver.handle("GET", query, {}, b"")
    assert (response.status, json.loads(response.body)) == (200, {"challenge": "a b"})


async def test_a_receiver_that_does_not_run_asks_for_a_repeat() -> None:
    receiver, _, _ = make()
    assert await post(receiver) == 503


# --- handlers


async def test_the_most_specific_handler_gets_the_event_and_only_that_one() -> None:
    receiver, _, _ = make(waive_opt_outs=False)
    got: list[tuple[str, str]] = []

    def recorder(name: str) -> Any:
        return lambda event: got.append((name, event.type))

    receiver.on("riskNews")(recorder("name"))
    receiver.on(CompanyNews)(recorder("news"))
    receiver.on(SignalEvent)(recorder("signals"))
    receiver.on(OptOut)(recorder("opt-out"))
    receiver.on("brandNew")(recorder("new"))
    receiver.fallback(recorder("fallback"))
    async with receiver:
        for kind in ("riskNews", "peopleNews", "promotion", "brandNew", "unheardOf"):
            await post(receiver, kind=kind)
        await post(receiver, OPT_OUT)
    assert sorted(got) == [
        ("name", "riskNews"), ("new", "brandNew"), ("news", "peopleNews"), ("opt-out", "optOut"),
        ("signals", "promotion"), ("signals", "unheardOf"),
    ]  # fmt: skip


async def test_handlers_may_be_async_or_not_and_those_that_are_not_run_in_threads() -> None:
    receiver, _, _ = make()
    threads: dict[str, bool] = {}

    @receiver.on("promotion")
    async def one(_: Promotion) -> None:
        threads["async"] = threading.current_thread() is threading.main_thread()

    @receiver.on(CompanyNews)
    def other(_: CompanyNews) -> None:
        threads["plain"] = threading.current_thread() is threading.main_thread()

    class Callable:
        async def __call__(self, _: Event) -> None:
            threads["object"] = True

    receiver.fallback(Callable())
    async with receiver:
        for kind in ("promotion", "riskNews", "itSpendIncrease"):
            await post(receiver, kind=kind)
    assert threads == {"async": True, "plain": False, "object": True}


async def test_a_receiver_without_an_opt_out_handler_does_not_start() -> None:
    receiver = WebhookReceiver(SECRET)
    receiver.fallback(print)
    with pytest.raises(WebhookError, match="waive_opt_outs"):
        await receiver.__aenter__()


async def test_registration_closes_when_the_receiver_starts() -> None:
    receiver, _, _ = make()
    async with receiver:
        with pytest.raises(WebhookError, match="before the receiver starts"):
            receiver.on("promotion")(print)
        with pytest.raises(WebhookError, match="before the receiver starts"):
            receiver.fallback(print)


def test_a_kind_has_one_handler() -> None:
    receiver, _, _ = make()
    receiver.on("promotion", "companyChange")(print)
    receiver.on(CompanyNews)(print)
    receiver.fallback(print)
    for register in (
        lambda: receiver.on("promotion")(print),
        lambda: receiver.on(CompanyNews)(print),
        lambda: receiver.fallback(print),
        lambda: receiver.on(Event)(print),
    ):
        with pytest.raises(ValueError, match=r"already|fallback"):
            register()


def test_a_name_that_looks_like_a_typo_is_pointed_out() -> None:
    receiver, _, _ = make()
    with pytest.warns(UserWarning, match="did you mean 'promotion'"):
        receiver.on("promotoin")(print)


# --- repeats


async def test_a_repeat_is_acknowledged_and_not_handled_again() -> None:
    receiver, clock, handled = make()
    receiver.fallback(handled.append)
    async with receiver:
        for at in (NOW, NOW, NOW + 200):
            assert await post(receiver, delivery_id="same", at=at) == 201
        await clock.pass_time(86400)
        assert await post(receiver, delivery_id="same", at=clock.now) == 201
        await clock.pass_time(7 * 86400)
        assert await post(receiver, delivery_id="same", at=clock.now) == 201
    assert len(handled) == 2, "once in the window, once after it"
    assert receiver.counts.repeats == 3


async def test_many_copies_at_once_are_handled_once() -> None:
    receiver, _, handled = make()
    receiver.fallback(handled.append)
    async with receiver:
        assert await asyncio.gather(*(post(receiver, delivery_id="same") for _ in range(100))) == [201] * 100
    assert len(handled) == 1


async def test_accept_tells_the_four_apart() -> None:
    receiver, clock, handled = make()
    receiver.fallback(handled.append)
    async with receiver:
        headers, body = delivery(delivery_id="f3b87e05")
        assert (await receiver.accept(headers, body)).id == "f3b87e05"
        with pytest.raises(ReplayedWebhook) as replayed:
            await receiver.accept(headers, body)
        assert (replayed.value.status, replayed.value.webhook_id) == (201, "f3b87e05")
        with pytest.raises(ForgedWebhook):
            await receiver.accept(headers, body + b" x")
        with pytest.raises(UnreadableWebhook):
            await receiver.accept(*delivery(b"nonsense"))
        clock.now += 301
        with pytest.raises(StaleWebhook):
            await receiver.accept(headers, body)
    with pytest.raises(ReceiverBusy):
        await receiver.accept(*delivery(at=clock.now))
    assert (receiver.counts.forged, receiver.counts.unreadable, receiver.counts.stale) == (1, 1, 1)


async def test_the_window_must_outlast_the_tolerance() -> None:
    with pytest.raises(ValueError, match="twice the tolerance"):
        WebhookReceiver(SECRET, tolerance=timedelta(hours=1), window=timedelta(hours=1))
    for tolerance in (timedelta(0), None):
        with pytest.raises((ValueError, TypeError)):
            WebhookReceiver(SECRET, tolerance=tolerance)  # type: ignore[arg-type]


# --- secrets


async def test_secrets_rotate_without_a_gap() -> None:
    receiver, _, handled = make()
    receiver.fallback(handled.append)
    async with receiver:
        assert await post(receiver, secret="new") == 401
        receiver.add_secret("new")
        assert [await post(receiver, secret=secret) for secret in (SECRET, "new")] == [201, 201]
        receiver.use_secrets("new")
        assert [await post(receiver, secret=secret) for secret in (SECRET, "new")] == [401, 201]
    with pytest.raises(ValueError, match="secret"):
        receiver.use_secrets([])
    assert "new" not in repr(receiver)


# --- bounds


async def test_a_full_backlog_asks_for_a_repeat_and_takes_it_later() -> None:
    receiver, _, handled = make(backlog=2, concurrency=1)
    gate = asyncio.Event()

    @receiver.fallback
    async def slow(event: Event) -> None:
        await gate.wait()
        handled.append(event)

    async with receiver:
        assert [await post(receiver, delivery_id=i) for i in "abc"] == [201, 201, 503]
        gate.set()
        await until(lambda: receiver.in_hand == 0)
        assert await post(receiver, delivery_id="c") == 201
    assert [event.id for event in handled] == ["a", "b", "c"]
    assert receiver.counts.busy == 1


async def test_handlers_run_so_many_at_a_time_in_the_order_of_arrival() -> None:
    receiver, _, handled = make(concurrency=3)
    running, most = 0, 0

    @receiver.fallback
    async def count(event: Event) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        handled.append(event)
        await settle()
        running -= 1

    async with receiver:
        for number in range(20):
            await post(receiver, delivery_id=str(number))
    assert most == 3
    assert [event.id for event in handled] == [str(number) for number in range(20)]


async def test_a_store_that_fails_asks_for_a_repeat(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(MemoryStore):
        async def add(self, key: str, payload: bytes, **_: Any) -> bool:
            raise OSError("jane.doe@corp.example")

    receiver, _, _ = make(store=Broken())
    async with receiver:
        assert await post(receiver) == 503
        assert receiver.in_hand == 0
    assert "OSError" in caplog.text
    assert "jane" not in caplog.text


async def test_a_store_that_fails_after_the_queue_did_makes_no_5xx_of_its_own() -> None:
    class HalfBroken(MemoryStore):
        async def forget(self, key: str) -> None:
            raise OSError

        async def done(self, key: str) -> None:
            raise OSError

    receiver, _, _ = make(store=HalfBroken(), queue=asyncio.Queue(maxsize=1))
    async with receiver:
        assert [await post(receiver) for _ in range(2)] == [201, 503]


async def test_a_store_full_of_recent_keys_asks_for_a_repeat() -> None:
    receiver, clock, handled = make(store=MemoryStore(capacity=1))
    receiver.fallback(handled.append)
    async with receiver:
        assert [await post(receiver, delivery_id=i) for i in "aab"] == [201, 201, 503]
        clock.now += 601
        assert await post(receiver, delivery_id="b", at=clock.now) == 201


# --- failures


async def test_a_handler_that_fails_is_tried_again_with_growing_pauses() -> None:
    receiver, clock, handled = make(retries=Retries(attempts=4, first=1, factor=2))
    attempts: list[float] = []

    @receiver.on("promotion")
    async def flaky(event: Promotion) -> None:
        attempts.append(clock.now - NOW)
        if len(attempts) < 4:
            raise ConnectionError
        handled.append(event)

    async with receiver:
        assert await post(receiver) == 201
        await settle()
        for seconds in (1, 2, 4):
            await clock.pass_time(seconds)
    assert attempts == [0, 1, 3, 7]
    assert len(handled) == 1
    assert (receiver.counts.handled, receiver.counts.retried, receiver.counts.failed) == (1, 3, 0)


async def test_a_handler_that_keeps_failing_is_reported_with_everything(caplog: pytest.LogCaptureFixture) -> None:
    failures: list[Failure] = []
    receiver, clock, _ = make(retries=Retries(attempts=2, first=5), on_error=failures.append)

    @receiver.on("promotion")
    def failing(_: Promotion) -> None:
        raise KeyError("jane.doe@corp.example")

    async with receiver:
        await post(receiver, delivery_id="f3b87e05")
        await until(lambda: receiver.counts.retried)
        await settle()
        await clock.pass_time(5)
        await until(lambda: failures)
    (failure,) = failures
    assert (failure.event.id, failure.attempts, failure.kept) == ("f3b87e05", 2, False)
    assert isinstance(failure.error, KeyError)
    assert "KeyError" in caplog.text
    assert "jane" not in caplog.text, "the log has the kind of error, not its words"


async def test_other_events_do_not_wait_for_one_that_is_retried() -> None:
    receiver, _, handled = make(concurrency=1, retries=Retries(attempts=2, first=60), drain_timeout=0)

    @receiver.fallback
    async def picky(event: Event) -> None:
        if event.id == "bad":
            raise ValueError
        handled.append(event)

    async with receiver:
        await post(receiver, delivery_id="bad")
        await post(receiver, delivery_id="good")
        await until(lambda: handled)


async def test_a_handler_that_hangs_is_stopped() -> None:
    failures: list[Failure] = []
    receiver, _, _ = make(handler_timeout=0.01, retries=Retries(attempts=1), on_error=failures.append)

    @receiver.fallback
    async def hangs(_: Event) -> None:
        await asyncio.Event().wait()

    async with receiver:
        await post(receiver)
        await until(lambda: failures)
    assert isinstance(failures[0].error, TimeoutError)


async def test_an_event_nobody_takes_is_reported() -> None:
    failures: list[Failure] = []
    receiver, _, _ = make(on_error=failures.append)
    async with receiver:
        assert await post(receiver, kind="unheardOf") == 201
    assert isinstance(failures[0].error, NoHandler)
    assert "unheardOf" in str(failures[0].error)


async def test_an_on_error_that_fails_itself_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def worse(_: Failure) -> None:
        raise RuntimeError("secret words")

    receiver, _, handled = make(on_error=worse)
    receiver.on("promotion")(handled.append)
    async with receiver:
        await post(receiver, kind="unheardOf")
        await post(receiver)
    assert len(handled) == 1
    assert "on_error itself failed (RuntimeError)" in caplog.text
    assert "secret words" not in caplog.text


# --- stopping


async def test_leaving_waits_for_the_handlers() -> None:
    receiver, _, handled = make()

    @receiver.fallback
    async def slow(event: Event) -> None:
        await asyncio.sleep(0.02)
        handled.append(event)

    async with receiver:
        for _ in range(50):
            await post(receiver)
    assert len(handled) == 50
    assert await post(receiver) == 503


async def test_what_drain_cannot_finish_is_reported_by_a_store_that_forgets() -> None:
    failures: list[Failure] = []
    receiver, _, _ = make(drain_timeout=0, on_error=failures.append)

    @receiver.fallback
    async def endless(_: Event) -> None:
        await asyncio.Event().wait()

    async with receiver:
        await post(receiver, delivery_id="a")
        await post(receiver, delivery_id="b")
        await settle()
    assert sorted(failure.event.id or "" for failure in failures) == ["a", "b"]
    assert all(isinstance(failure.error, NotFinished) and not failure.kept for failure in failures)


async def test_it_can_be_entered_again_and_not_twice_at_once() -> None:
    receiver, _, handled = make()
    receiver.fallback(handled.append)
    for _ in range(2):
        async with receiver:
            assert await post(receiver) == 201
            with pytest.raises(WebhookError, match="already"):
                await receiver.__aenter__()
    assert len(handled) == 2


async def test_leaving_when_cancelled_still_drains() -> None:
    receiver, _, handled = make()
    gate = asyncio.Event()

    @receiver.fallback
    async def slow(event: Event) -> None:
        await gate.wait()
        handled.append(event)

    async def serve() -> None:
        async with receiver:
            await post(receiver)
            await asyncio.Event().wait()

    task = asyncio.create_task(serve())
    await until(lambda: receiver.in_hand)
    task.cancel()
    await settle()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(handled) == 1


# --- over a restart


async def crash(receiver: WebhookReceiver) -> None:
    """What a killed process leaves behind: no drain, no goodbye."""
    runner = receiver._runner
    assert runner is not None
    assert runner._group is not None
    runner._held.clear()  # nothing is given back to the store
    runner._group.cancel_scope.cancel()
    await until(lambda: runner._group is None)
    receiver._runner = None


async def test_what_was_acknowledged_before_a_crash_is_handled_after_it(tmp_path: Path) -> None:
    first, clock, _ = make(store=SQLiteStore(tmp_path / "inbox.db"))
    handled: list[str] = []

    @first.fallback
    async def never(_: Event) -> None:
        await asyncio.Event().wait()

    await first.__aenter__()
    for number in range(30):
        assert await post(first, delivery_id=str(number)) == 201
    await settle()
    await crash(first)

    second = WebhookReceiver(SECRET, store=SQLiteStore(tmp_path / "inbox.db"), waive_opt_outs=True, clock=clock)
    second.fallback(lambda event: handled.append(event.id))
    async with second:
        assert await post(second, delivery_id="3") == 201, "a repeat of one that was acknowledged before the crash"
        await until(lambda: clock.sleeping)
        await clock.pass_time(31)  # the dead process's leases run out
        await until(lambda: second.counts.handled == 30)
    assert sorted(handled, key=int) == [str(number) for number in range(30)]
    assert second.counts.recovered == 30


async def test_what_drain_cannot_finish_is_kept_and_taken_up_at_once(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "inbox.db")
    failures: list[Failure] = []
    first, clock, handled = make(store=store, drain_timeout=0, on_error=failures.append)

    @first.fallback
    async def never(_: Event) -> None:
        await asyncio.Event().wait()

    async with first:
        await post(first, delivery_id="a")
        await settle()
    assert failures == []
    second = WebhookReceiver(SECRET, store=store, waive_opt_outs=True, clock=clock)
    second.fallback(handled.append)
    async with second:
        await until(lambda: handled)
    assert handled[0].id == "a"


async def test_a_long_handler_keeps_its_delivery_while_it_works(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "inbox.db")
    receiver, clock, handled = make(store=store, lease=30)
    gate = asyncio.Event()

    @receiver.fallback
    async def slow(event: Event) -> None:
        handled.append(event)
        await gate.wait()

    async with receiver:
        await post(receiver)
        for _ in range(12):
            await until(lambda: clock.sleeping)
            await clock.pass_time(10)
        await until(lambda: clock.sleeping)
        assert list(await store.claim(10, now=clock.now, lease=30)) == [], "nobody else may take it"
        gate.set()
    assert len(handled) == 1


async def test_a_dead_letter_is_kept_and_can_be_revived(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "inbox.db")
    failures: list[Failure] = []
    receiver, clock, handled = make(store=store, retries=Retries(attempts=1), on_error=failures.append)
    broken = True

    @receiver.fallback
    async def handler(event: Event) -> None:
        if broken:
            raise ValueError
        handled.append(event)

    async with receiver:
        await post(receiver, delivery_id="a")
        await until(lambda: failures)
        assert failures[0].kept
        assert len(await store.dead_letters()) == 1
        broken = False
        await store.revive()
        await until(lambda: clock.sleeping)
        await clock.pass_time(10)
        await until(lambda: handled)
    assert handled[0].id == "a"


async def test_a_delivery_that_kills_its_process_is_not_tried_for_ever(tmp_path: Path) -> None:
    clock = ManualClock()
    failures: list[Failure] = []
    started = 0
    for _ in range(8):
        receiver = WebhookReceiver(
            SECRET, store=SQLiteStore(tmp_path / "inbox.db"), waive_opt_outs=True, clock=clock, on_error=failures.append
        )

        @receiver.fallback
        async def killer(_: Event) -> None:
            nonlocal started
            started += 1
            await asyncio.Event().wait()

        before = started
        await receiver.__aenter__()
        await post(receiver, delivery_id="a", at=clock.now)
        await until(lambda: started > before or failures)  # noqa: B023
        await crash(receiver)
        clock.now += 31
    assert started == 5
    assert isinstance(failures[0].error, NotFinished)


# --- a queue of one's own


async def test_deliveries_go_into_the_users_queue_before_they_are_acknowledged() -> None:
    mine: asyncio.Queue[Delivery] = asyncio.Queue(maxsize=2)
    receiver, _, handled = make(queue=mine)
    receiver.fallback(handled.append)
    async with receiver:
        assert [await post(receiver, delivery_id=i) for i in "abac"] == [201, 201, 201, 503]
        assert handled == []
        assert await receiver.dispatch(mine.get_nowait())
        assert await post(receiver, delivery_id="c") == 201, "what was refused is not taken for a repeat"
    assert [event.id for event in handled] == ["a"]
    assert mine.qsize() == 2


async def test_a_thread_queue_and_an_async_one_of_ones_own_will_do() -> None:
    plain: queue.Queue[Delivery] = queue.Queue(maxsize=1)
    receiver, _, _ = make(queue=plain)
    async with receiver:
        assert [await post(receiver) for _ in range(2)] == [201, 503]

    class Broker:
        confirmed = 0

        async def put_nowait(self, item: Delivery) -> None:
            await asyncio.sleep(0)
            if item.event.id == "bad":
                raise ConnectionError
            self.confirmed += 1

    broker = Broker()
    receiver, _, _ = make(queue=broker)
    async with receiver:
        assert [await post(receiver, delivery_id=i) for i in ("good", "bad")] == [201, 503]
    assert broker.confirmed == 1


async def test_what_a_crash_kept_from_the_queue_gets_there_afterwards(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "inbox.db")
    await store.open()
    headers, body = delivery(delivery_id="a")
    await store.add("some-key", body, now=NOW - 60, lease=30, window=3600, guard=600)
    await store.close()
    mine: asyncio.Queue[Delivery] = asyncio.Queue()
    receiver, _, _ = make(queue=mine, store=store)
    async with receiver:
        assert (await mine.get()).event.id == "a"
    assert headers


# --- configuration and errors


@pytest.mark.parametrize(
    "options",
    [
        {"backlog": 0}, {"concurrency": 0}, {"handler_timeout": 0}, {"drain_timeout": -1}, {"lease": 0}, {"max_body": 10},
        {"body_timeout": 0}, {"window": timedelta(0)},
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        WebhookReceiver(SECRET, **options)


@pytest.mark.parametrize("options", [{"attempts": 0}, {"first": -1}, {"factor": 0.5}, {"longest": -1}])
def test_retries_that_cannot_work_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="attempts"):
        Retries(**options)


def test_pauses_grow_to_a_limit_and_never_overflow() -> None:
    retries = Retries(first=1, factor=2, longest=60)
    assert [retries.pause(n) for n in (1, 2, 3, 7, 10_000)] == [1, 2, 4, 60, 60]


@pytest.mark.parametrize(
    "error",
    [
        ForgedWebhook("text", reason="mismatch"),
        StaleWebhook("text", age=301.5),
        ReplayedWebhook("text", webhook_id="f3b87e05"),
        UnreadableWebhook("text", reason="too-deep"),
        ReceiverBusy("text"),
        NoHandler("text"),
    ],
)
def test_every_error_pickles_and_says_what_to_do(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
    assert len(str(error)) >= len("text")


async def test_a_deliverys_bytes_can_be_forwarded_and_verified_again() -> None:
    mine: asyncio.Queue[Delivery] = asyncio.Queue()
    receiver, _, _ = make(queue=mine)
    async with receiver:
        headers, body = delivery()
        await receiver.handle("POST", "", headers, body)
    taken = mine.get_nowait()
    assert taken.payload == body
    assert sign(taken.payload, SECRET, timestamp=NOW) == headers
