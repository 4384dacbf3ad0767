"""From subscribing to the handler of an application, over real sockets: the client subscribes, the sandbox delivers."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from lusha_async import LushaClient, NoLimits, NotFound
from lusha_async.sandbox import Sandbox
from lusha_async.webhooks import (
    SIGNALS,
    ContactSignal,
    Event,
    OptOut,
    Promotion,
    SignalEvent,
    SQLiteStore,
    WebhookReceiver,
    core,
)

from .helpers import until
from .servers import by_itself, in_aiohttp, in_fastapi

pytest.importorskip("uvicorn")
pytest.importorskip("fastapi")

CONTACT, COMPANY = "contact-1", "company-1"
ENTITY_TYPES = {name: "contact" if issubclass(kind, ContactSignal) else "company" for name, kind in SIGNALS.items()}
SERVERS = pytest.mark.parametrize("serve", [in_fastapi, in_aiohttp], ids=["fastapi", "aiohttp"])
STORES = pytest.mark.parametrize("durable", [False, True], ids=["memory", "sqlite"])


@dataclass
class Stage:
    """A sandbox, a client of it, and an account that has a secret."""

    sandbox: Sandbox
    lusha: LushaClient
    secret: str
    handled: list[Event] = field(default_factory=list)

    def receiver(self, **options: Any) -> WebhookReceiver:
        """A receiver that keeps every event it handles."""
        receiver = WebhookReceiver(self.secret, **{"waive_opt_outs": True, **options})

        @receiver.fallback
        async def keep(event: Event) -> None:
            self.handled.append(event)

        return receiver

    async def watch(self, url: str) -> None:
        """Subscribe one contact and one company, for everything."""
        wanted = [{"entity_type": "contact", "entity_id": CONTACT}, {"entity_type": "company", "entity_id": COMPANY}]
        report = await self.lusha.subscriptions.sync(wanted, url=url, signal_types=["allSignals"])
        assert report.complete, report.changes

    def happens(self, kind: str = "promotion", times: int = 1, *, form: str = "signed") -> list[str]:
        """A signal of the contact or company; the ids of its deliveries."""
        entity_type = ENTITY_TYPES[kind]
        entity = CONTACT if entity_type == "contact" else COMPANY
        return self.sandbox.trigger(entity, kind, entity_type=entity_type, form=form, repeat=times)

    async def log(self, **which: Any) -> collections.Counter[str | None]:
        """Statuses in the audit log."""
        return collections.Counter([entry.status async for entry in self.lusha.audit_logs.iter_list(**which)])


@contextlib.asynccontextmanager
async def staged(**options: Any) -> AsyncIterator[Stage]:
    async with (
        Sandbox(webhooks_limit=None, burst=None, **options) as sandbox,
        LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits()) as lusha,
    ):
        yield Stage(sandbox, lusha, (await lusha.webhook_secret.regenerate()).secret or "")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as ready:
        yield ready


def unreliable(receiver: WebhookReceiver, dice: random.Random) -> collections.Counter[str]:
    """The network between Lusha and the receiver: some first deliveries do not arrive, of some the answer is lost."""
    handle, seen, happened = receiver.handle, set[bytes](), collections.Counter[str]()

    async def sometimes(method: str, query: Any, headers: Any, body: bytes) -> core.Response:
        first = method == "POST" and body not in seen
        seen.add(body)
        luck = dice.random() if first else 1.0
        if luck < 0.05:
            happened["lost"] += 1
            return core.busy()
        answer = await handle(method, query, headers, body)
        if luck < 0.10:
            happened["unanswered"] += 1
            return core.busy()
        return answer

    receiver.handle = sometimes  # type: ignore[method-assign]
    return happened


async def every_one_once(serve: Any, durable: bool, path: Path, count: int) -> None:
    """`count` signals of every kind, a fifth of them delivered again later, through a network that loses some."""
    dice = random.Random(6)
    async with staged(retry_delays=(0.02, 0.1, 0.5)) as stage:
        receiver = stage.receiver(store=SQLiteStore(path / "inbox.db") if durable else None)
        happened = unreliable(receiver, dice)
        async with serve(receiver) as url:
            await stage.watch(url)
            sent: list[str] = []
            repeats = 0
            while len(sent) < count:
                sent += stage.happens(dice.choice(list(SIGNALS)))
                if dice.random() < 0.2:
                    stage.sandbox.deliver_again(dice.choice(sent), form=dice.choice(["signed", "replay"]))
                    repeats += 1
            await stage.sandbox.settled()
        handled = [event.id for event in stage.handled]
        assert sorted(map(str, handled)) == sorted(sent), "each was handled, and once"
        assert handled != sent, "they came in another order"
        assert min(happened["lost"], happened["unanswered"], repeats) > count / 50
        assert receiver.counts.repeats >= repeats * 0.9
        assert not any(event.problems for event in stage.handled)
        assert all(type(event) is SIGNALS[event.type] for event in stage.handled)
        stats = await stage.lusha.audit_logs.stats()
        assert (stats.permanent_failure, stats.total_credits_consumed) == (0, count), "repeats cost nothing"


@SERVERS
@STORES
async def test_every_delivery_is_handled_once(serve: Any, durable: bool, tmp_path: Path) -> None:
    await every_one_once(serve, durable, tmp_path, 300)


@pytest.mark.soak
@SERVERS
@STORES
async def test_ten_thousand_deliveries_are_handled_once_each(serve: Any, durable: bool, tmp_path: Path) -> None:
    await every_one_once(serve, durable, tmp_path, 10_000)


@pytest.mark.parametrize("serve", [in_fastapi, in_aiohttp, by_itself], ids=["fastapi", "aiohttp", "asgi"])
@pytest.mark.parametrize("milliseconds", [False, True], ids=["seconds", "milliseconds"])
async def test_every_kind_of_signal_arrives_typed(serve: Any, milliseconds: bool) -> None:
    async with staged(webhook_milliseconds=milliseconds) as stage:
        receiver = stage.receiver()
        promoted: list[str] = []

        @receiver.on(Promotion)
        async def promotion(event: Promotion) -> None:
            assert event.data.current_title
            promoted.append(event.type)

        async with serve(receiver) as url:
            await stage.watch(url)
            for kind in SIGNALS:
                stage.happens(kind)
            await stage.sandbox.settled()
        assert promoted == ["promotion"]
        assert {event.type for event in stage.handled} == set(SIGNALS) - {"promotion"}
        for event in stage.handled:
            assert isinstance(event, SignalEvent)
            assert (type(event), event.problems, event.credits_charged) == (SIGNALS[event.type], (), 1)
            assert event.created_at is not None


@SERVERS
async def test_a_url_is_challenged_and_one_that_does_not_echo_is_refused(serve: Any, stage: Stage) -> None:
    receiver = stage.receiver()
    async with serve(receiver) as url:
        await stage.watch(url)
    hook: dict[str, Any] = {"entity_type": "contact", "signal_types": ["promotion"]}
    report = await stage.lusha.subscriptions.sync([CONTACT, "other"], url=url, delete=False, **hook)
    codes = [getattr(change.error, "code", None) for change in report.failed]
    assert codes == ["WEBHOOK_VERIFICATION_FAILED"], "nobody listens there any more"


@SERVERS
async def test_what_is_not_genuine_or_not_fresh_reaches_no_handler(serve: Any, stage: Stage) -> None:
    receiver = stage.receiver(reserialise=False)
    async with serve(receiver) as url:
        await stage.watch(url)
        for form in ("forged", "garbled", "unsigned", "stale", "future"):
            stage.happens(form=form)
        await stage.sandbox.settled()
        assert stage.handled == []
        assert (receiver.counts.forged, receiver.counts.stale, receiver.counts.accepted) == (3, 2, 0)
        (genuine,) = stage.happens()
        await stage.sandbox.settled()
        for form in ("replay", "signed", "replay"):
            stage.sandbox.deliver_again(genuine, form=form)
        stage.sandbox.deliver_again(genuine, form="forged")
        await stage.sandbox.settled()
    assert [event.id for event in stage.handled] == [genuine]
    assert (receiver.counts.repeats, receiver.counts.forged) == (3, 4)
    assert await stage.log() == {"success": 4, "failed": 6}


@SERVERS
async def test_switched_off_after_failures_and_on_again_with_the_reason(serve: Any) -> None:
    async with staged(retry_delays=(0.01, 0.01, 0.01)) as stage:
        receiver = stage.receiver()
        handle = receiver.handle

        async def broken(*_: Any) -> core.Response:
            return core.respond(500, {"error": "broken"})

        async with serve(receiver) as url:
            await stage.watch(url)
            paused = await stage.lusha.subscriptions.create(
                ["x"], url=url, entity_type="contact", signal_types=["promotion"]
            )
            await stage.lusha.subscriptions.update(paused.results[0].subscription.id, is_active=False)  # type: ignore[union-attr,arg-type]
            receiver.handle = broken  # type: ignore[method-assign]
            stage.happens()
            await stage.sandbox.settled()
            assert stage.happens() == [], "it is off"
            receiver.handle = handle  # type: ignore[method-assign]
            (back,) = await stage.lusha.subscriptions.reactivate()
            assert back.before.block_reason
            assert (back.before.is_active, back.lost, back.error) == (False, 1, None)
            assert [entry.status_code for entry in back.failures] == [500, 500, 500, 500]
            assert back.failures[0].status == "permanent_failure"
            assert "HTTP 500, HTTP 500, HTTP 500" in back.why
            assert back.subscription is not None
            assert (back.subscription.is_active, back.subscription.block_reason) == (True, None)
            assert await stage.lusha.subscriptions.reactivate() == (), "what its owner paused stays paused"
            (delivered,) = stage.happens()
            await stage.sandbox.settled()
        assert [event.id for event in stage.handled] == [delivered]


async def test_a_sync_switches_on_what_is_wanted_and_off(stage: Stage) -> None:
    async with in_aiohttp(stage.receiver()) as url:
        await stage.watch(url)
        (first, *_) = (await stage.lusha.subscriptions.list()).data
        await stage.lusha.subscriptions.update(first.id or "", is_active=False)
        await stage.watch(url)
        assert (await stage.lusha.subscriptions.get(first.id or "")).is_active


@SERVERS
async def test_the_secret_is_rotated_while_deliveries_come(serve: Any) -> None:
    async with staged(retry_delays=(0.05, 0.1, 0.2)) as stage:
        receiver = stage.receiver()
        async with serve(receiver) as url:
            await stage.watch(url)
            sent: list[str] = []
            for turn in range(30):
                sent += stage.happens(times=5)
                if turn == 10:
                    made = await stage.lusha.webhook_secret.rotate(receiver)
                    stage.sandbox.deliver_again(sent[0], form="replay")
                await asyncio.sleep(0.005)
            await stage.sandbox.settled()
            assert sorted(str(event.id) for event in stage.handled) == sorted(sent)
            assert receiver.counts.repeats == 1, "a repeat that was signed with the old one"
            receiver.use_secrets(made.secret or "")
            before = receiver.counts.forged
            stage.sandbox.deliver_again(sent[0], form="replay")
            await stage.sandbox.settled()
            assert receiver.counts.forged == before + 1, "the old one is retired"


@pytest.mark.parametrize("serve", [in_fastapi, in_aiohttp, by_itself], ids=["fastapi", "aiohttp", "asgi"])
async def test_an_opt_out_reaches_its_handler_once(serve: Any, stage: Stage) -> None:
    receiver = WebhookReceiver(stage.secret)
    gone: list[OptOut] = []

    @receiver.on_opt_out
    def remove(event: OptOut) -> None:
        gone.append(event)

    async with serve(receiver) as url:
        await stage.lusha.subscriptions.create_opt_out(url)
        (delivery,) = stage.sandbox.opt_out(CONTACT, partner_client_id="tenant-7")
        await stage.sandbox.settled()
        for form in ("replay", "signed", "forged", "stale"):
            stage.sandbox.deliver_again(delivery, form=form)
        await stage.sandbox.settled()
    (event,) = gone
    identities = event.identities()
    assert (identities.contact_id, identities.partner_client_id, identities.complete) == (CONTACT, "tenant-7", True)
    assert identities.emails or identities.phones
    assert event.opted_out_at is not None
    assert event.exposed_at is not None
    assert receiver.counts.repeats == 2


class TestListen:
    async def test_events_come_out_once_each_and_the_iteration_ends_with_the_listener(self, stage: Stage) -> None:
        async with stage.lusha.subscriptions.listen(port=0) as events:
            await stage.watch(events.url)
            sent = stage.happens(times=3)
            await stage.sandbox.settled()
            stage.sandbox.deliver_again(sent[0])
            stage.happens(form="forged")
            await stage.sandbox.settled()
            events.close()
            assert sorted([event.id or "" async for event in events]) == sorted(sent)
            assert (events.counts.repeats, events.counts.forged) == (1, 1)

    async def test_what_nobody_fetches_is_not_acknowledged(self) -> None:
        from lusha_async.webhooks import Listener

        async with staged(retry_delays=(0.05,) * 40) as stage, Listener(stage.secret, port=0, backlog=2) as events:
            await stage.watch(events.url)
            sent = stage.happens(times=5)
            await until(lambda: events.counts.busy >= 3)
            assert sorted([(await anext(events)).id or "" for _ in sent]) == sorted(sent)
            await stage.sandbox.settled()

    async def test_an_account_without_a_secret_and_a_port_that_is_taken(self) -> None:
        async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
            with pytest.raises(NotFound):
                async with lusha.subscriptions.listen(port=0):
                    pass
            async with lusha.subscriptions.listen(port=0, secrets="given") as events:
                with pytest.raises(OSError, match="in use"):
                    async with lusha.subscriptions.listen(port=events.port, secrets="given"):
                        pass


APP = """
import asyncio, os, sys
import uvicorn
from fastapi import FastAPI
from lusha_async.webhooks import SQLiteStore, WebhookReceiver

secret, inbox, journal, port = sys.argv[1:5]
receiver = WebhookReceiver(secret, store=SQLiteStore(inbox), waive_opt_outs=True, lease=1, concurrency=4)
out = os.open(journal, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

@receiver.fallback
async def handle(event):
    await asyncio.sleep(0.02)
    os.write(out, (event.id + "\\n").encode())

app = FastAPI(lifespan=receiver.lifespan)
app.mount("/lusha", receiver.asgi())
uvicorn.run(app, port=int(port), log_level="error")
"""


async def started(arguments: list[str], url: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, *arguments])  # noqa: ASYNC220
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url, params={"challenge": "x"}) as answer:
                    if answer.status == 200:
                        return process
            assert process.poll() is None, "the application ended by itself"
            await asyncio.sleep(0.02)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("end", ["kill", "terminate"])
async def test_nothing_is_lost_over_a_restart_of_the_application(
    end: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    app, inbox, journal = tmp_path / "app.py", tmp_path / "inbox.db", tmp_path / "journal"
    app.write_text(APP)
    journal.touch()
    url = f"http://127.0.0.1:{unused_tcp_port}/lusha/"
    async with staged(retry_delays=(0.2, 4.0, 30.0)) as stage:
        arguments = [str(app), stage.secret, str(inbox), str(journal), str(unused_tcp_port)]
        process = await started(arguments, url)
        try:
            await stage.watch(url)
            sent = stage.happens(times=200)
            await until(lambda: len(journal.read_text().split()) >= 20, limit=30)
            getattr(process, end)()
            await asyncio.to_thread(process.wait)
            assert end == "terminate" or len(journal.read_text().split()) < 200, "it was killed before it was done"
            sent += stage.happens("surgeInHiring", times=20)
            await asyncio.sleep(0.1)
            process = await started(arguments, url)
            await stage.sandbox.settled()
            await until(lambda: set(journal.read_text().split()) == set(sent), limit=60)
        finally:
            process.kill()
            process.wait()
        log = await stage.log()
        assert log["failed"] > 0, "some deliveries came while nobody listened"
        assert log["permanent_failure"] == 0
    times = collections.Counter(journal.read_text().split())
    twice = [each for each, number in times.items() if number > 1]
    assert len(twice) <= (4 if end == "kill" else 0), "only what was being handled when it died may be handled twice"
