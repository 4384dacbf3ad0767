"""The receiver as a WSGI application: the receiver lives on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import TimeoutError as FutureTimeoutError
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

from . import core
from .errors import UnreadableWebhook
from .reading import check_size

if TYPE_CHECKING:
    from .core import Response
    from .receiver import WebhookReceiver

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]

log = logging.getLogger("lusha_async.webhooks")

_ANSWER_TIMEOUT = 10.0
"""Seconds. Lusha waits no longer."""


class WSGIApp:
    """What `WebhookReceiver.wsgi` returns: mount it in Flask, Django or any WSGI server.

    The first request of a process starts the receiver (so it is safe with servers that fork), and the end of the
    process drains it; `close` does so earlier. The server bounds how long reading a body may take.
    """

    def __init__(self, receiver: WebhookReceiver) -> None:
        self._receiver = receiver
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._process = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entry point."""
        response = self._answer(environ)
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", list(response.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def close(self) -> None:
        """Drain the receiver and end its thread."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None or self._process != os.getpid():
            return
        atexit.unregister(self.close)
        asyncio.run_coroutine_threadsafe(self._receiver.__aexit__(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def _answer(self, environ: Environ) -> Response:
        method = str(environ["REQUEST_METHOD"])
        body = b""
        if method == "POST":
            try:
                body = _body(environ, self._receiver.max_body)
            except UnreadableWebhook as refusal:
                return self._receiver.refuse(refusal)
        work = self._receiver.handle(method, str(environ.get("QUERY_STRING", "")), _headers(environ), body)
        answer = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return answer.result(_ANSWER_TIMEOUT)
        except FutureTimeoutError:
            answer.cancel()
            log.error("a webhook was not taken in within %g s: answered 503", _ANSWER_TIMEOUT)  # noqa: TRY400
            return core.busy()

    def _started(self) -> asyncio.AbstractEventLoop:
        """The loop of this process's receiver, started if it is not yet."""
        with self._lock:
            if self._loop is None or self._process != os.getpid():
                loop = asyncio.new_event_loop()
                thread = threading.Thread(target=loop.run_forever, name="lusha-webhook-receiver", daemon=True)
                thread.start()
                try:
                    asyncio.run_coroutine_threadsafe(self._receiver.__aenter__(), loop).result()
                except BaseException:
                    loop.call_soon_threadsafe(loop.stop)
                    raise
                self._loop, self._thread, self._process = loop, thread, os.getpid()
                atexit.register(self.close)
            return self._loop


def _headers(environ: Environ) -> list[tuple[str | bytes, str | bytes]]:
    """The request's headers: ``HTTP_X_LUSHA_SIGNATURE`` is X-Lusha-Signature again."""
    return [(name[5:].replace("_", "-"), str(value)) for name, value in environ.items() if name.startswith("HTTP_")]


def _body(environ: Environ, limit: int) -> bytes:
    """At most `limit` bytes of the body; a body without a length is read only where the server marks its end."""
    announced = str(environ.get("CONTENT_LENGTH") or "").strip()
    core.check_announced(announced, limit)
    if announced:
        body: bytes = environ["wsgi.input"].read(int(announced))
    elif environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(limit + 1)
    else:
        body = b""
    check_size(len(body), limit)
    return body
