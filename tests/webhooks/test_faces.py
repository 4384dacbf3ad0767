"""ASGI, WSGI and aiohttp: thin, bounded, and all of one mind."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading
from typing import Any

import pytest

from lusha_async.webhooks import Event, WebhookReceiver, sign

from .helpers import SECRET, delivery, payload, to_json

MAX_BODY = 4096


def make(**options: Any) -> tuple[WebhookReceiver, list[Event]]:
    handled: list[Event] = []
    receiver = WebhookReceiver(SECRET, waive_opt_outs=True, max_body=MAX_BODY, **options)
    receiver.fallback(handled.append)
    return receiver, handled


def fresh(**changes: Any) -> tuple[dict[str, str], bytes]:
    """A delivery signed now, for faces that run on the machine's clock."""
    body = to_json(payload(**changes))
    return sign(body, SECRET), body


# --- ASGI


async def call_asgi(
    app: Any, method: str, headers: Any, parts: list[bytes], query: bytes = b"", *, ends: bool = True
) -> tuple[int, bytes]:
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages += [{"type": "http.request", "body": b"", "more_body": False} if ends else {"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in dict(headers).items()]
    scope = {"type": "http", "method": method, "headers": raw, "query_string": query, "path": "/any"}
    await app(scope, receive, send)
    if not sent:
        return 0, b""
    assert (b"x-content-type-options", b"nosniff") in sent[0]["headers"]
    return sent[0]["status"], sent[1]["body"]


async def test_asgi_takes_a_body_in_pieces() -> None:
    receiver, handled = make()
    headers, body = fresh(delivery_id="f3b87e05")
    async with receiver:
        status, answer = await call_asgi(receiver.asgi(), "POST", headers, [body[:10], b"", body[10:]])
        assert (status, json.loads(answer)["webhookId"]) == (201, "f3b87e05")
        assert (await call_asgi(receiver.asgi(), "GET", {}, [], b"challenge=x"))[1] == b'{"challenge":"x"}'
        assert await call_asgi(receiver.asgi(), "HEAD", {}, []) == (405, b"")
    assert len(handled) == 1


async def test_asgi_refuses_a_large_body_before_it_is_there() -> None:
    receiver, _ = make()
    async with receiver:
        app = receiver.asgi()
        assert (await call_asgi(app, "POST", {"content-length": "4097"}, []))[0] == 413
        assert (await call_asgi(app, "POST", {"content-length": "9" * 5000}, []))[0] == 413
        for nonsense in ("-1", "abc", "1e3", "\u0661"):
            assert (await call_asgi(app, "POST", {"content-length": nonsense}, []))[0] == 400
        endless = [b"x" * 1000] * 50
        assert (await call_asgi(app, "POST", {}, endless))[0] == 413
        assert len(endless) == 50
    assert receiver.counts.unreadable == 7


async def test_asgi_does_not_wait_for_ever_for_a_body() -> None:
    receiver, _ = make(body_timeout=0.01)

    async def never() -> Any:
        await asyncio.Event().wait()

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async with receiver:
        await receiver.asgi()({"type": "http", "method": "POST", "headers": []}, never, send)
    assert sent[0]["status"] == 408


async def test_asgi_says_nothing_to_a_client_that_is_gone() -> None:
    receiver, _ = make()
    async with receiver:
        assert await call_asgi(receiver.asgi(), "POST", {}, [b"half"], ends=False) == (0, b"")


async def test_asgi_closes_websockets() -> None:
    receiver, _ = make()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await receiver.asgi()({"type": "websocket"}, None, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1000}]


async def test_asgi_lifespan_starts_and_drains() -> None:
    receiver, handled = make()
    gate, sent = asyncio.Queue[Any](), asyncio.Queue[Any]()
    task = asyncio.create_task(receiver.asgi()({"type": "lifespan"}, gate.get, sent.put))  # type: ignore[arg-type]
    await gate.put({"type": "lifespan.startup"})
    assert (await sent.get())["type"] == "lifespan.startup.complete"
    headers, body = fresh()
    assert (await call_asgi(receiver.asgi(), "POST", headers, [body]))[0] == 201
    await gate.put({"type": "lifespan.shutdown"})
    assert (await sent.get())["type"] == "lifespan.shutdown.complete"
    await task
    assert len(handled) == 1


async def test_asgi_lifespan_reports_a_receiver_that_cannot_start() -> None:
    receiver = WebhookReceiver(SECRET)
    sent = asyncio.Queue[Any]()

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    with pytest.raises(Exception, match="opt-outs"):
        await receiver.asgi()({"type": "lifespan"}, receive, sent.put)  # type: ignore[arg-type]
    assert sent.get_nowait()["type"] == "lifespan.startup.failed"


# --- WSGI


def call_wsgi(
    app: Any, method: str, headers: Any, body: bytes = b"", query: str = "", **environ: Any
) -> tuple[int, bytes]:
    sent: list[Any] = []
    names = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    given = {
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **names,
        **environ,
    }
    parts = app(given, lambda status, headers: sent.append((status, headers)))
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in sent[0][1])
    return int(sent[0][0].split()[0]), b"".join(parts)


def test_wsgi_receives_on_a_loop_of_its_own() -> None:
    receiver, handled = make()
    app = receiver.wsgi()
    headers, body = fresh(delivery_id="f3b87e05")
    try:
        assert call_wsgi(app, "GET", {}, query="challenge=x") == (200, b'{"challenge":"x"}')
        status, answer = call_wsgi(app, "POST", headers, body)
        assert (status, json.loads(answer)["webhookId"]) == (201, "f3b87e05")
        assert call_wsgi(app, "POST", headers, body)[0] == 201
        assert call_wsgi(app, "POST", headers, body + b" ")[0] == 201, "white space is not content"
        assert call_wsgi(app, "POST", headers, body + b"x")[0] == 401
        assert call_wsgi(app, "HEAD", {}) == (405, b"")
        assert call_wsgi(app, "POST", headers, b"x" * 4097)[0] == 413
        assert call_wsgi(app, "POST", headers, body, CONTENT_LENGTH="x")[0] == 400
        assert call_wsgi(app, "POST", headers, body, CONTENT_LENGTH="-5")[0] == 400
        assert call_wsgi(app, "POST", headers, body, CONTENT_LENGTH="")[0] == 401, "no length: no body"
        chunked = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
        assert call_wsgi(app, "POST", headers, body, **chunked)[0] == 201
        assert call_wsgi(app, "POST", headers, b"x" * 9999, **chunked)[0] == 413
    finally:
        app.close()
    assert [event.id for event in handled] == ["f3b87e05"]
    app.close()


def test_wsgi_takes_requests_from_many_threads_at_once() -> None:
    receiver, handled = make()
    app = receiver.wsgi()
    statuses: list[int] = []

    def one(number: int) -> None:
        headers, body = fresh(delivery_id=str(number % 10))
        statuses.append(call_wsgi(app, "POST", headers, body)[0])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    app.close()
    assert statuses == [201] * 30
    assert len(handled) == 10


def test_wsgi_drains_when_the_process_ends() -> None:
    code = f"""
import io, time
from lusha_async.webhooks import WebhookReceiver, sign
receiver = WebhookReceiver({SECRET!r}, waive_opt_outs=True)
@receiver.fallback
def slow(event):
    time.sleep(0.05)
    print("handled", event.id, flush=True)
body = b'{{"id":"f3b87e05","type":"promotion"}}'
environ = {{"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}}
for name, value in sign(body, {SECRET!r}).items():
    environ["HTTP_" + name.upper().replace("-", "_")] = value
receiver.wsgi()(environ, lambda status, headers: print(status, flush=True))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "201 Created\nhandled f3b87e05\n", done.stderr


# --- aiohttp


async def test_aiohttp_receives_over_a_socket() -> None:
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer

    receiver, handled = make()
    app = web.Application()
    app.cleanup_ctx.append(receiver.aiohttp_lifespan)
    app.router.add_route("*", "/webhooks/lusha", receiver.aiohttp)
    async with TestClient(TestServer(app)) as client:
        path = "/webhooks/lusha"
        headers, body = fresh(delivery_id="f3b87e05")
        answer = await client.post(path, data=body, headers=headers)
        assert (answer.status, (await answer.json())["webhookId"]) == (201, "f3b87e05")
        assert answer.headers["Content-Type"] == "application/json"
        assert (await client.post(path, data=body, headers=headers)).status == 201
        assert (await client.post(path, data=body + b"x", headers=headers)).status == 401
        assert (await client.post(path, data=b"x" * 4097, headers=headers)).status == 413
        twice = [*headers.items(), ("X-Lusha-Signature", "0" * 64)]
        assert (await client.post(path, data=body, headers=twice)).status == 401

        async def pieces() -> Any:
            for _ in range(50):
                yield b"x" * 1000

        assert (await client.post(path, data=pieces(), headers=headers)).status == 413
        assert await (await client.get(path, params={"challenge": "a b&c=d"})).json() == {"challenge": "a b&c=d"}
        assert (await client.put(path)).status == 405
    assert [event.id for event in handled] == ["f3b87e05"]


# --- on its own


def test_importing_and_receiving_needs_no_http_client() -> None:
    code = """
import asyncio, sys
from lusha_async.webhooks import WebhookReceiver, sign
from lusha_async import webhooks
receiver = WebhookReceiver("whsec", waive_opt_outs=True)
receiver.fallback(lambda event: print(event.type))
async def main():
    async with receiver:
        body = b'{"id":"1","type":"promotion"}'
        print((await receiver.handle("POST", "", sign(body, "whsec"), body)).status)
asyncio.run(main())
receiver.asgi(); receiver.wsgi()
unwanted = {"aiohttp", "aiolimiter", "redis", "httpx", "requests", "yarl", "multidict", "pydantic"} & set(sys.modules)
assert not unwanted, unwanted
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == ["201", "promotion"]


def test_the_generator_of_the_tests_signs_as_everything_else_does() -> None:
    headers, body = delivery()
    assert set(headers) >= {"X-Lusha-Signature", "X-Lusha-Timestamp"}
    assert json.loads(body)["type"] == "promotion"
