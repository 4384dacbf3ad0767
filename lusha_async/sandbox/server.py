"""`Sandbox`: a local Lusha on a loopback port, for tests, benchmarks and a first try without a key."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from . import triggers
from .backend import Backend
from .clock import Clock, SystemClock
from .control import NextError
from .faults import Faults
from .gateway import Gateway
from .settings import Settings

MAX_BODY = 16 * 2**20


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: asyncio.Task[None]) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_BODY)


class Sandbox:
    """A local stand-in for Lusha's API, with invented people, limits, credits and faults.

    Use it as ``async with Sandbox() as sandbox`` and point a client at `url` with `api_key`. It runs in the caller's
    event loop and imports nothing of the client. Times are seconds, credits are credits, rates are shares of 1.

    Args:
        host, port: where to listen; port 0 picks a free one.
        api_key: the key it accepts; a new UUID unless given.
        credits: balance of the account.
        prices: changes to the price list, ``{"revealPhone": (10, 1)}``: credits per started quantity.
        plan: minute, hour and day windows: unlimited, free, starter, pro, premium, scale or legacy.
        burst: requests in any second per endpoint, as a sliding log; None switches it off.
        usage_limit, webhooks_limit: requests in any minute to account usage and to webhook management.
        latency: delay of every answer, after the request was counted and processed.
        jitter: largest extra delay (uniform) before a request is counted, like a network that delivers late.
        faults: what goes wrong, how often.
        seed: decides the world, the order of results and the dice of jitter.
        world_size: people that prospecting can find.
        not_found, restricted: shares of identities that are unknown, or blocked for legal reasons.
        shuffle: answer in another order than asked.
        drop_unmatched: leave unknown inputs out of the results, as the live API may.
        anonymous_errors: enrich answers unknown ids with an element that holds nothing but the error.
        quirks: answer like the live API; False answers like the documents.
        track: remember who was asked for (repeats in the statistics) and what was bought (free the second time).
            Off: constant memory, every reveal is charged.
        waterfall: other providers are switched on: see the ``waterfall`` marker in `lusha_async.sandbox.world`.
        aligned_windows: plan windows turn at full minutes, hours and days (UTC) instead of after their first request.
        window_seconds: other lengths for windows, ``{"minute": 2}``.
        refused_count: requests answered 429 count against the windows, too.
        burst_refusal, plan_refusal: the form of a 429 for either: plain, reset, trial, retry_after,
            retry_after_date, ratelimit_reset or bare.
        partial_when_dry: enrich what the balance covers and answer 200 with a status, instead of 402.
        job_seconds, column_seconds: how long waterfall jobs and column runs take.
        challenge: check a subscription's URL by a GET with ``?challenge=`` before it is created.
        retry_delays: waits between the attempts of a webhook delivery; their number is the number of retries.
        deliver_anywhere: challenge and deliver to URLs on other machines, too. Off: such deliveries fail in the log.
        v2: the previous generation is still there; off, its paths answer 404 like the ones already removed.
        webhook_milliseconds: timestamps of deliveries count milliseconds instead of seconds.
        clock: another `Clock`, so that a test can let hours pass.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = None,
        credits: float = 1_000_000_000,  # noqa: A002
        prices: Mapping[str, tuple[float, int]] | None = None,
        plan: str = "unlimited",
        burst: int | None = 25,
        usage_limit: int | None = 5,
        webhooks_limit: int | None = 100,
        latency: float = 0.0,
        jitter: float = 0.0,
        faults: Faults | None = None,
        seed: int = 0,
        world_size: int = 10_000,
        not_found: float = 0.1,
        restricted: float = 0.01,
        shuffle: bool = True,
        drop_unmatched: bool = False,
        anonymous_errors: bool = False,
        quirks: bool = True,
        track: bool = True,
        waterfall: bool = False,
        aligned_windows: bool = False,
        window_seconds: Mapping[str, float] | None = None,
        refused_count: bool = False,
        burst_refusal: str = "plain",
        plan_refusal: str = "reset",
        partial_when_dry: bool = False,
        job_seconds: float = 0.2,
        column_seconds: float = 0.2,
        challenge: bool = True,
        retry_delays: tuple[float, ...] = (0.05, 0.1, 0.2),
        deliver_anywhere: bool = False,
        webhook_milliseconds: bool = False,
        v2: bool = True,
        clock: Clock | None = None,
    ) -> None:
        settings = Settings(
            plan=plan,
            burst=burst,
            usage_limit=usage_limit,
            webhooks_limit=webhooks_limit,
            credits=credits,
            prices=prices or {},
            latency=latency,
            jitter=jitter,
            faults=faults or Faults(),
            seed=seed,
            world_size=world_size,
            not_found=not_found,
            restricted=restricted,
            shuffle=shuffle,
            drop_unmatched=drop_unmatched,
            anonymous_errors=anonymous_errors,
            quirks=quirks,
            track=track,
            waterfall=waterfall,
            aligned_windows=aligned_windows,
            window_seconds=window_seconds or {},
            refused_count=refused_count,
            burst_refusal=burst_refusal,
            plan_refusal=plan_refusal,
            partial_when_dry=partial_when_dry,
            job_seconds=job_seconds,
            column_seconds=column_seconds,
            challenge=challenge,
            retry_delays=retry_delays,
            deliver_anywhere=deliver_anywhere,
            webhook_milliseconds=webhook_milliseconds,
            v2=v2,
        )
        self.host = host
        self.port = port
        self.api_key = api_key or str(uuid.uuid4())
        self._gateway = Gateway(Backend(settings, clock or SystemClock()), self.api_key)
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        """Base URL for clients. Known once the sandbox has started."""
        if not self.port:
            raise RuntimeError(
                "the sandbox has not started, so it has no port yet; use `async with Sandbox() as sandbox`"
            )
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        server = web.Server(self._gateway.handle, request_factory=_request)
        runner = web.ServerRunner(server, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port, backlog=1024).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Close every connection and free the port."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._gateway.backend.courier.close()
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def stats(self) -> dict[str, Any]:
        """What was seen so far, the same as GET /_sandbox/stats."""
        return self._gateway.control.stats()

    def reset(self) -> None:
        """Full account, fresh windows, no state, no statistics. Settings stay as they are."""
        self._gateway.control.reset()

    def configure(self, **changes: Any) -> None:
        """Change options while it runs: ``sandbox.configure(latency=0.3, burst=None)``. TypeError for unknown ones.

        `credits` sets what is left from now on. Seed, world and shares of the world cannot change.
        """
        self._gateway.control.configure(changes)

    def set_faults(self, faults: Faults) -> None:
        """Replace the faults; ``Faults()`` ends them."""
        self._gateway.control.set_faults(faults)

    def set_windows(self, *, minute: int | None = None, hour: int | None = None, day: int | None = None) -> None:
        """Other plan limits than the plan's, with fresh windows; None means no such window."""
        self._gateway.control.set_windows(minute, hour, day)

    def spend(self, requests: int = 0, *, minute: int = 0, hour: int = 0, day: int = 0) -> None:
        """A stranger sends requests from the same account: `requests` count in every window, the others in one."""
        self._gateway.control.spend(requests + minute, requests + hour, requests + day)

    def next_error(
        self,
        status: int = 500,
        *,
        endpoint: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        how: str = "answer",
        times: int = 1,
        charge: bool = False,
    ) -> None:
        """Script the exact answer to the next request, or the next `times` requests, of an endpoint.

        `endpoint` is a path template, with or without its method (``POST /v3/contacts/enrich``); None means any. `body`
        is sent as it is when it is text or bytes, as JSON otherwise. `how` is "answer", "cut" (half the body, then the
        connection closes) or "reset". `charge=True` processes and charges the request before answering like this.
        Several scripts wait in line.
        """
        self._gateway.control.next_error(
            NextError(
                status=status,
                endpoint=endpoint,
                body=body,
                headers=dict(headers or {}),
                how=how,
                times=times,
                charge=charge,
            )
        )

    def trigger(
        self,
        entity_id: str,
        signal: str,
        *,
        entity_type: str = "contact",
        data: Mapping[str, Any] | None = None,
        form: str = "signed",
        repeat: int = 1,
    ) -> list[str]:
        """Let a signal happen to an entity: it is delivered to every active subscription it concerns.

        `data` replaces the invented content. `form` makes the delivery wrong on purpose: forged, garbled, unsigned,
        stale or future. `repeat` delivers that many different events. Returns the delivery ids.
        """
        content = None if data is None else dict(data)
        backend = self._gateway.backend
        return triggers.trigger(backend, entity_type, entity_id, signal, data=content, form=form, repeat=repeat)

    def opt_out(self, contact_id: str, *, form: str = "signed", partner_client_id: str | None = None) -> list[str]:
        """Let a contact opt out: delivered to the opt-out subscription, if there is one. Returns the delivery id."""
        return triggers.opt_out(self._gateway.backend, contact_id, form=form, partner=partner_client_id)

    def deliver_again(self, delivery_id: str | None = None, *, form: str = "signed") -> list[str]:
        """Repeat a delivery (the last one unless named): newly signed, or with ``form="replay"`` byte for byte."""
        return triggers.repeat_delivery(self._gateway.backend, delivery_id, form=form)

    async def settled(self) -> None:
        """Wait until no webhook delivery is under way, retries included."""
        await self._gateway.backend.courier.settled()
