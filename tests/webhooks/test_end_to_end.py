"""Real servers, real sockets, a sender that repeats and reorders, and a process that is killed."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from lusha_async.webhooks import Event, SQLiteStore, WebhookReceiver, sign

from .helpers import OPT_OUT, SAMPLES, SECRET, payload, to_json, until

pytest.importorskip("uvicorn")
pytest.importorskip("fastapi")


def schedule(count: int, seed: int = 6) -> list[bytes]:
    """`count` different deliveries of every kind, a fifth of them sent up to four times, all in any order."""
    dice = random.Random(seed)
    kinds = [*SAMPLES, "somethingNew"]
    bodies = [to_json(payload(dice.choice(kinds), f"delivery-{number}")) for number in range(count)]
    sent = bodies + [body for body in bodies if dice.random() < 0.2 for _ in range(dice.randint(1, 3))]
    dice.shuffle(sent)
    return sent


async def send_all(url: str, bodies: list[bytes], *, at_once: int = 32) -> collections.Counter[int]:
    """Deliver as Lusha does: again after anything but a 2xx, up to three times."""
    statuses: collections.Counter[int] = collections.Counter()
    waiting = iter(bodies)

    async def sender(session: aiohttp.ClientSession) -> None:
        for body in waiting:
            for _ in range(4):
                async with session.post(url, data=body, headers=sign(body, SECRET)) as answer:
                    statuses[answer.status] += 1
                    content = await answer.json()
                if answer.status == 201:
                    assert content["received"] is True
                    assert content["webhookId"] == json.loads(body)["id"]
                    break
                await asyncio.sleep(0.05)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(sender(session) for _ in range(at_once)))
    return statuses


@contextlib.asynccontextmanager
async def uvicorn_server(app: Any) -> AsyncIterator[str]:
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    task = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started or task.done())
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def fastapi_server(receiver: WebhookReceiver) -> AsyncIterator[str]:
    from fastapi import FastAPI

    app = FastAPI(lifespan=receiver.lifespan)
    app.mount("/webhooks/lusha", receiver.asgi())
    async with uvicorn_server(app) as url:
        yield f"{url}/webhooks/lusha/"


@contextlib.asynccontextmanager
async def aiohttp_server(receiver: WebhookReceiver) -> AsyncIterator[str]:
    from aiohttp import web

    app = web.Application()
    app.cleanup_ctx.append(receiver.aiohttp_lifespan)
    app.router.add_route("*", "/webhooks/lusha", receiver.aiohttp)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/lusha"
    finally:
        await runner.cleanup()


SERVERS = pytest.mark.parametrize("serve", [fastapi_server, aiohttp_server], ids=["fastapi", "aiohttp"])
STORES = pytest.mark.parametrize("durable", [False, True], ids=["memory", "sqlite"])


async def every_one_once(serve: Any, durable: bool, path: Path, count: int) -> None:
    handled: collections.Counter[str | None] = collections.Counter()
    store = SQLiteStore(path / "inbox.db") if durable else None
    receiver = WebhookReceiver(SECRET, store=store, waive_opt_outs=True)

    @receiver.fallback
    async def handle(event: Event) -> None:
        handled[event.id] += 1

    bodies = schedule(count)
    async with serve(receiver) as url:
        async with aiohttp.ClientSession() as session, session.get(url, params={"challenge": "x"}) as answer:
            assert await answer.json() == {"challenge": "x"}
        statuses = await send_all(url, bodies)
    assert statuses == {201: len(bodies)}
    assert handled == {f"delivery-{number}": 1 for number in range(count)}
    assert receiver.counts.repeats == len(bodies) - count


@SERVERS
@STORES
async def test_every_delivery_is_handled_once(serve: Any, durable: bool, tmp_path: Path) -> None:
    await every_one_once(serve, durable, tmp_path, 300)


@pytest.mark.soak
@SERVERS
@STORES
async def test_ten_thousand_deliveries_are_handled_once_each(serve: Any, durable: bool, tmp_path: Path) -> None:
    await every_one_once(serve, durable, tmp_path, 10_000)


async def test_served_by_itself_with_an_opt_out() -> None:
    purged: list[str] = []
    receiver = WebhookReceiver(SECRET)

    @receiver.on_opt_out
    def purge(event: Any) -> None:
        purged.extend(event.identities().emails)

    async with uvicorn_server(receiver.asgi()) as url, aiohttp.ClientSession() as session:
        body = to_json(OPT_OUT)
        for _ in range(3):
            async with session.post(url, data=body, headers=sign(body, SECRET)) as answer:
                assert answer.status == 201
    assert purged == ["jane.doe@corp.example"]


async def test_the_secret_is_rotated_while_deliveries_come() -> None:
    handled: set[str | None] = set()
    receiver = WebhookReceiver(SECRET, waive_opt_outs=True)
    receiver.fallback(lambda event: handled.add(event.id))
    async with aiohttp_server(receiver) as url, aiohttp.ClientSession() as session:
        for number in range(60):
            if number == 20:
                receiver.add_secret("the new one")
            if number == 40:
                receiver.use_secrets("the new one")
            body = to_json(payload(delivery_id=str(number)))
            secret = SECRET if number < 25 else "the new one"
            async with session.post(url, data=body, headers=sign(body, secret)) as answer:
                assert answer.status == 201
        async with session.post(url, data=b"{}", headers=sign(b"{}", SECRET)) as answer:
            assert answer.status == 401, "the old one is retired"
    assert len(handled) == 60


APP = """
import asyncio, os, sys
import uvicorn
from lusha_async.webhooks import SQLiteStore, WebhookReceiver

inbox, journal, port = sys.argv[1:4]
receiver = WebhookReceiver({secret!r}, store=SQLiteStore(inbox), waive_opt_outs=True, lease=1, concurrency=4)
out = os.open(journal, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

@receiver.fallback
async def handle(event):
    await asyncio.sleep(0.01)
    os.write(out, (event.id + "\\n").encode())

uvicorn.run(receiver.asgi(), port=int(port), log_level="error")
"""


async def started(app: Path, inbox: Path, journal: Path, port: int, url: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, str(app), str(inbox), str(journal), str(port)])  # noqa: ASYNC220
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url, params={"challenge": "x"}) as answer:
                    if answer.status == 200:
                        return process
            assert process.poll() is None, "the application ended by itself"
            await asyncio.sleep(0.02)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path, unused_tcp_port: int) -> None:
    app, inbox, journal = tmp_path / "app.py", tmp_path / "inbox.db", tmp_path / "journal"
    app.write_text(APP.format(secret=SECRET))
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    process = await started(app, inbox, journal, unused_tcp_port, url)
    acknowledged = {f"delivery-{number}" for number in range(200)}
    try:
        statuses = await send_all(url, [to_json(payload(delivery_id=each)) for each in sorted(acknowledged)])
        assert statuses == {201: 200}
        process.kill()
        process.wait()
        before = journal.read_text().split()
        assert len(before) < 200, "it was killed before it was done"
        process = await started(app, inbox, journal, unused_tcp_port, url)
        again = await send_all(url, [to_json(payload(delivery_id="delivery-7"))])
        assert again == {201: 1}
        await until(lambda: set(journal.read_text().split()) == acknowledged, limit=30)
    finally:
        process.kill()
        process.wait()
    times = collections.Counter(journal.read_text().split())
    twice = [each for each, number in times.items() if number > 1]
    assert len(twice) <= 4, "only what was being handled when it died may be handled twice"
