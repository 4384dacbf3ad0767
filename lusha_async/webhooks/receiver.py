"""`WebhookReceiver`: from a request to a handler, acknowledged before the work is done, each delivery handled once."""

from __future__ import annotations

import functools
import inspect
import logging
import queue as stdlib_queue
from asyncio import QueueFull
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar, overload

import anyio

from lusha_async.clock import Clock, SystemClock
from lusha_async.errors import LushaError, WebhookError

from . import core
from .core import Delivery, Policy, Response
from .errors import ForgedWebhook, ReplayedWebhook, StaleWebhook
from .events import Event
from .handlers import Handler, Handlers
from .reading import MAX_BODY
from .runner import Counts, OnError, Retries, Runner, Settings
from .signature import DEFAULT_TOLERANCE, Headers, Secret, secret_keys
from .stores import MemoryStore, Store

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping

    from aiohttp import web

    from .asgi import ASGIApp
    from .wsgi import WSGIApp

log = logging.getLogger("lusha_async.webhooks")

E = TypeVar("E", bound=Event)
H = TypeVar("H", bound=Handler)

STORE_TIMEOUT = 8.0
"""Seconds a store may take; Lusha waits ten for the answer."""

_LOG_REFUSALS_EVERY = 60.0


class ReceiverBusy(LushaError):
    """The backlog is full, or the store or queue failed: nothing was taken in. Answer 503, and Lusha delivers again."""

    status = 503


class DeliveryQueue(Protocol):
    """A queue of yours: `asyncio.Queue`, `queue.Queue`, or an object of your own with this method."""

    def put_nowait(self, item: Delivery, /) -> Any:
        """Take a delivery, or raise. May be async: the acknowledgement waits for it (a broker's confirmation)."""
        ...


class WebhookReceiver:
    """Receives Lusha's webhooks.

    `secrets`: the account's webhook secret, or several during a rotation. Deliveries are verified (see `verify`),
    remembered for `window` so that repeats are recognised, acknowledged, and handed to the handler of their type, at
    most `concurrency` at a time. When `backlog` deliveries are in hand, further ones get 503 and Lusha repeats them.

    `store`: `MemoryStore` (default), or `SQLiteStore` / `RedisStore`, with which what was acknowledged is handled even
    when the process dies: at least once, so handlers must bear a second call after a crash. A handler that raises or
    exceeds `handler_timeout` is tried again as `retries` says; then `on_error` gets a `Failure` (and the store keeps
    the dead letter). `queue`: hand deliveries to a queue of yours instead of to handlers; it may pass them to
    `dispatch` later. All times without a unit are seconds.

    Opt-outs are a legal duty: a receiver without a handler for them does not start, unless `waive_opt_outs` is True.

    >>> from lusha_async.webhooks import CompanyNews, OptOut, Promotion
    >>> receiver = WebhookReceiver("whsec")
    >>> @receiver.on("promotion")
    ... async def promoted(event: Promotion) -> None: ...
    >>> @receiver.on(CompanyNews)
    ... def news(event: CompanyNews) -> None: ...
    >>> @receiver.on_opt_out
    ... async def opted_out(event: OptOut) -> None: ...
    >>> app = FastAPI(lifespan=receiver.lifespan)              # doctest: +SKIP
    >>> app.mount("/webhooks/lusha", receiver.asgi())          # doctest: +SKIP
    """

    def __init__(
        self,
        secrets: Secret | Iterable[Secret],
        *,
        store: Store | None = None,
        queue: DeliveryQueue | None = None,
        waive_opt_outs: bool = False,
        tolerance: timedelta = DEFAULT_TOLERANCE,
        window: timedelta = timedelta(days=7),
        max_body: int = MAX_BODY,
        reserialise: bool = True,
        backlog: int = 10_000,
        concurrency: int = 16,
        retries: Retries | None = None,
        handler_timeout: float = 300.0,
        drain_timeout: float = 30.0,
        body_timeout: float = 10.0,
        lease: float = 30.0,
        on_error: OnError | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._secrets = secret_keys(secrets)
        self._policy = Policy(tolerance=tolerance, max_body=max_body, reserialise=reserialise)
        if window < 2 * tolerance:
            raise ValueError("window must be at least twice the tolerance: a copy is not stale for so long")
        self._window = window.total_seconds()
        self._settings = Settings(
            backlog=backlog,
            concurrency=concurrency,
            retries=retries or Retries(),
            handler_timeout=handler_timeout,
            drain_timeout=drain_timeout,
            lease=lease,
        )
        if not body_timeout > 0:
            raise ValueError("body_timeout must be positive: no wait is without a bound")
        self.body_timeout = body_timeout
        self._store: Store = MemoryStore() if store is None else store
        self._queue = queue
        self._waive_opt_outs = waive_opt_outs
        self._on_error = on_error
        self._clock: Clock = clock or SystemClock()
        self._handlers = Handlers()
        self._runner: Runner | None = None
        self._quiet_until = 0.0
        self.counts = Counts()

    def __repr__(self) -> str:
        state = "running" if self._runner else "not running"
        return f"<WebhookReceiver {state}, {len(self._secrets)} secrets, {self.in_hand} deliveries in hand>"

    # --- handlers

    @overload
    def on(
        self, kind: type[E], /, *kinds: type[E]
    ) -> Callable[[Callable[[E], Awaitable[object] | object]], Callable[[E], Awaitable[object] | object]]: ...

    @overload
    def on(self, kind: str, /, *kinds: str) -> Callable[[H], H]: ...

    def on(self, kind: Any, /, *kinds: Any) -> Callable[..., Any]:
        """Decorate the handler of one or more kinds of event: Lusha's names of types, or event classes.

        A class stands for all below it (`CompanyNews`: seven kinds of news, `SignalEvent`: every signal). The most
        specific handler gets the event, and only that one: a name before a class, a class before those above it.
        Raises `ValueError` for a kind that has a handler, `WebhookError` once the receiver has started.
        """
        return self._handlers.on(kind, *kinds)

    def on_opt_out(self, handler: H) -> H:
        """Decorate the handler of opt-outs. `event.identities()` lists what has to go."""
        self._handlers.on("optOut")(handler)
        return handler

    def fallback(self, handler: H) -> H:
        """Decorate the handler of every event that no other takes, new types included."""
        return self._handlers.fallback(handler)

    # --- secrets

    def use_secrets(self, secrets: Secret | Iterable[Secret]) -> None:
        """Accept these secrets from now on, and no others. Takes effect with the next delivery."""
        self._secrets = secret_keys(secrets)

    def add_secret(self, secret: Secret) -> None:
        """Accept one more secret, the newest first. For a rotation: add the new one, wait, `use_secrets(new)`."""
        self._secrets = tuple(dict.fromkeys((*secret_keys(secret), *self._secrets)))

    # --- lifetime

    async def __aenter__(self) -> Self:
        if self._runner is not None:
            raise WebhookError("The receiver is running already.")
        if not self._handlers.takes_opt_outs and not self._waive_opt_outs:
            raise WebhookError(
                "No handler for opt-outs. Register one with @receiver.on_opt_out, or pass waive_opt_outs=True if "
                "this account's opt-outs are honoured elsewhere."
            )
        self._handlers.closed = True
        runner = Runner(
            self._find,
            store=self._store,
            settings=self._settings,
            clock=self._clock,
            counts=self.counts,
            on_error=self._on_error,
        )
        await runner.start()
        self._runner = runner
        return self

    async def __aexit__(self, *_: object) -> None:
        runner = self._runner
        if runner is not None:
            try:
                await runner.stop()
            finally:
                self._runner = None

    @asynccontextmanager
    async def lifespan(self, _app: object = None) -> AsyncGenerator[None]:
        """The receiver's lifetime as Starlette and FastAPI take it: ``FastAPI(lifespan=receiver.lifespan)``."""
        async with self:
            yield

    async def aiohttp_lifespan(self, _app: web.Application) -> AsyncGenerator[None]:
        """The receiver's lifetime as aiohttp takes it: ``app.cleanup_ctx.append(receiver.aiohttp_lifespan)``."""
        async with self:
            yield

    @property
    def in_hand(self) -> int:
        """Deliveries acknowledged and not finished, in this process."""
        return self._runner.in_hand if self._runner else 0

    @property
    def max_body(self) -> int:
        """Bytes; a larger body is refused unread."""
        return self._policy.max_body

    # --- receiving

    async def handle(self, method: str, query: str | Mapping[str, str], headers: Headers, body: bytes) -> Response:
        """Answer one request: what every face calls, and any framework can. Never raises for what was sent."""
        opened = core.open_request(
            method, query, headers, body, secrets=self._secrets, policy=self._policy, now=self._clock.wall()
        )
        if isinstance(opened, Response):
            return opened
        if not isinstance(opened, Delivery):
            return self.refuse(opened)
        try:
            await self._take_in(opened)
        except ReplayedWebhook:
            pass
        except ReceiverBusy:
            return core.busy()
        return core.acknowledge(opened.event.webhook_id, now=self._clock.wall())

    def refuse(self, refusal: core.Refusal) -> Response:
        """Count a refusal and answer it: for faces, which find out first that a body is too large."""
        self._note(refusal)
        return core.refuse(refusal)

    async def accept(self, headers: Headers, body: bytes) -> Event:
        """Take in one delivery and return its event, for routes of your own. Acknowledge it with 201 afterwards.

        Raises `ForgedWebhook`, `StaleWebhook`, `UnreadableWebhook`, `ReplayedWebhook` (acknowledge that as well) or
        `ReceiverBusy`; each has the `status` to answer with.
        """
        try:
            delivery = core.read_delivery(
                headers, body, secrets=self._secrets, policy=self._policy, now=self._clock.wall()
            )
        except WebhookError as refusal:
            self._note(refusal)
            raise
        await self._take_in(delivery)
        return delivery.event

    async def dispatch(self, delivery: Delivery) -> bool:
        """Run the handler of a delivery that came out of your own queue, with retries and `on_error`. False: failed."""
        if self._runner is None:
            raise WebhookError("The receiver is not running: use `async with receiver:`.")
        return await self._runner.attempt(delivery, self._handlers.find(delivery.event))

    async def _take_in(self, delivery: Delivery) -> None:
        """Remember, keep and start. Raises `ReplayedWebhook` or `ReceiverBusy`."""
        runner = self._runner
        if runner is None or not runner.accepting:
            log.error("a webhook came while the receiver is not running here: answered 503 (WebhookReceiver.lifespan)")
            raise self._busy("The receiver is not running.")
        if not runner.reserve():
            raise self._busy(f"{self._settings.backlog} deliveries are in hand.")
        submitted = False
        try:
            if not await self._remember(delivery):
                self.counts.repeats += 1
                raise core.replayed(delivery)
            if self._queue is not None:
                await self._hand_over(delivery, runner)
            elif runner.accepting:
                runner.submit(delivery)
                submitted = True
            else:
                await runner.quietly(self._store.forget(delivery.key))
                raise self._busy("The receiver is stopping.")
            self.counts.accepted += 1
        finally:
            if not submitted:
                runner.release()

    async def _remember(self, delivery: Delivery) -> bool:
        guard = 2 * self._policy.tolerance.total_seconds()
        try:
            with anyio.fail_after(STORE_TIMEOUT):
                return await self._store.add(
                    delivery.key,
                    delivery.payload,
                    now=self._clock.wall(),
                    lease=self._settings.lease,
                    window=self._window,
                    guard=guard,
                )
        except Exception as error:
            log.error("the webhook store failed (%s): answered 503", type(error).__name__)  # noqa: TRY400 - texts may hold data
            raise self._busy("The store failed.") from error

    async def _hand_over(self, delivery: Delivery, runner: Runner) -> None:
        """Into the user's own queue; with that the delivery is theirs."""
        try:
            await self._put(delivery)
        except Exception as error:
            await runner.quietly(self._store.forget(delivery.key))
            if not isinstance(error, QueueFull | stdlib_queue.Full):
                log.error("the webhook queue failed (%s): answered 503", type(error).__name__)  # noqa: TRY400
            raise self._busy("The queue did not take the delivery.") from error
        self.counts.handled += 1
        await runner.quietly(self._store.done(delivery.key))

    async def _put(self, delivery: Delivery, _event: Event | None = None) -> None:
        if self._queue is None:
            return
        result = self._queue.put_nowait(delivery)
        if inspect.isawaitable(result):
            await result

    def _find(self, delivery: Delivery) -> Handler | None:
        """What the runner calls: the handler, or where there is a queue the way into it."""
        if self._queue is not None:
            return functools.partial(self._put, delivery)
        return self._handlers.find(delivery.event)

    def _busy(self, text: str) -> ReceiverBusy:
        self.counts.busy += 1
        return ReceiverBusy(text)

    def _note(self, refusal: WebhookError) -> None:
        """Count a refusal and log it, at most once a minute: anybody can cause as many as they like."""
        if isinstance(refusal, ForgedWebhook):
            self.counts.forged += 1
        elif isinstance(refusal, StaleWebhook):
            self.counts.stale += 1
        else:
            self.counts.unreadable += 1
        now = self._clock.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + _LOG_REFUSALS_EVERY
            total = (self.counts.forged, self.counts.stale, self.counts.unreadable)
            log.warning("webhook refused: %s (so far %d forged, %d stale, %d unreadable)", refusal, *total)

    # --- faces

    def asgi(self) -> ASGIApp:
        """An ASGI application: mount it in FastAPI, Starlette or Litestar, or serve it by itself."""
        from .asgi import ASGIApp

        return ASGIApp(self)

    def wsgi(self) -> WSGIApp:
        """A WSGI application. Its receiver runs in a thread of its own, started by the first request."""
        from .wsgi import WSGIApp

        return WSGIApp(self)

    async def aiohttp(self, request: web.Request) -> web.Response:
        """An aiohttp handler: ``app.router.add_route("*", "/webhooks/lusha", receiver.aiohttp)``."""
        from .aiohttp_face import answer

        return await answer(self, request)
