"""Webhook deliveries: challenged, signed, retried, logged. To this machine only, unless told otherwise."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import uuid
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from .clock import Clock, iso
from .settings import Settings

Json = dict[str, Any]

FORMS = ("signed", "forged", "garbled", "unsigned", "stale", "future", "replay")
"""How a delivery may be wrong: another secret, a body changed after signing, no signature, a timestamp an hour old or
ahead, or the very bytes and headers of an earlier delivery."""

AGENT = "Lusha-Webhooks/1.0"
TIMEOUT_SECONDS = 10.0
LOGS_KEPT = 100_000
AT_ONCE = 32


@dataclass(slots=True)
class Subscription:
    """One subscription; an opt-out subscription has no entity of its own."""

    id: str
    entity_type: str
    entity_id: str
    signal_types: list[str]
    url: str
    name: str | None
    created: float
    updated: float
    active: bool = True
    block_reason: str | None = None
    blocked: float | None = None
    opt_out: bool = False


@dataclass(slots=True)
class Delivery:
    """Something to post: its body, and the headers of its first attempt once there was one."""

    id: str
    subscription: Subscription
    body: bytes
    form: str = "signed"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    credits: float = 0


@dataclass(slots=True)
class LogEntry:
    """One attempt."""

    id: str
    delivery: Delivery
    status: str
    status_code: int | None
    moment: float
    duration: float
    error: str | None


class Courier:
    """Posts deliveries, a few at once, and keeps the log of every attempt."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.forget()

    def forget(self) -> None:
        """Drop everything under way, the log and the secret."""
        for task in self._tasks:
            task.cancel()
        self.secret: str | None = None
        self.log: deque[LogEntry] = deque(maxlen=LOGS_KEPT)
        self.sent: dict[str, Delivery] = {}

    async def close(self) -> None:
        """End everything under way and the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def new_secret(self) -> str:
        """Replace the secret; older signatures are worth nothing from now on."""
        self.secret = "whsec_" + uuid.uuid4().hex + uuid.uuid4().hex[:16]
        return self.secret

    async def challenge(self, url: str) -> bool:
        """Whether the URL echoes a challenge. URLs elsewhere are not asked, and pass."""
        if not self._reachable(url) or not self._settings.challenge:
            return True
        token = uuid.uuid4().hex
        try:
            async with self._http().get(url, params={"challenge": token}, ssl=False) as answer:
                echoed = msgspec.json.decode(await answer.read(), type=dict[str, Any])
                return answer.status == 200 and echoed.get("challenge") == token
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError):
            return False

    def start(self, delivery: Delivery) -> None:
        """Deliver in the background."""
        self.sent[delivery.id] = delivery
        self._spawn(self._deliver(delivery))

    async def attempt(self, delivery: Delivery) -> LogEntry:
        """One post, logged."""
        begun = self._clock.monotonic()
        code, error = await self._post(delivery)
        good = code is not None and 200 <= code < 300
        entry = LogEntry(
            id=uuid.uuid4().hex[:24],
            delivery=delivery,
            status="success" if good else "failed",
            status_code=code,
            moment=self._clock.wall(),
            duration=self._clock.monotonic() - begun,
            error=None if good else error or f"HTTP {code}",
        )
        self.log.appendleft(entry)
        return entry

    async def _deliver(self, delivery: Delivery) -> None:
        async with self._slots:
            entry = await self.attempt(delivery)
            for delay in self._settings.retry_delays:
                if entry.status == "success" or delivery.form != "signed":
                    return
                await self._clock.sleep(delay)
                entry = await self.attempt(delivery)
        if entry.status != "success" and delivery.form == "signed":
            entry.status = "permanent_failure"
            subscription = delivery.subscription
            subscription.active = False
            subscription.block_reason = "MAX_RETRIES_EXCEEDED"
            subscription.blocked = subscription.updated = self._clock.wall()

    async def _post(self, delivery: Delivery) -> tuple[int | None, str | None]:
        url = delivery.subscription.url
        if self.secret is None:
            return None, "The account has no webhook secret"
        if not self._reachable(url):
            return None, "The sandbox delivers to this machine only"
        if delivery.form != "replay" or not delivery.headers:
            delivery.headers = self._headers(delivery, self.secret)
        body = delivery.body + b" " if delivery.form == "garbled" else delivery.body
        try:
            async with self._http().post(url, data=body, headers=delivery.headers, ssl=False) as answer:
                await answer.read()
                return answer.status, None
        except (aiohttp.ClientError, TimeoutError) as problem:
            return None, type(problem).__name__

    def _headers(self, delivery: Delivery, secret: str) -> dict[str, str]:
        shift = {"stale": -3_600.0, "future": 3_600.0}.get(delivery.form, 0.0)
        scale = 1_000 if self._settings.webhook_milliseconds else 1
        stamp = str(int((self._clock.wall() + shift) * scale))
        headers = {"Content-Type": "application/json", "User-Agent": AGENT, "X-Lusha-Timestamp": stamp}
        if delivery.form != "unsigned":
            key = "whsec_somebody_else" if delivery.form == "forged" else secret
            headers["X-Lusha-Signature"] = signature(key, stamp, delivery.body)
        return headers

    def _reachable(self, url: str) -> bool:
        return self._settings.deliver_anywhere or is_loopback(url)

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return self._session

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def signature(secret: str, stamp: str, body: bytes) -> str:
    """The hex HMAC-SHA256 of timestamp, full stop and body."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_loopback(url: str) -> bool:
    """Whether a URL points at this machine."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_acceptable(url: str) -> bool:
    """Whether a subscription may have this URL: https anywhere, http on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))


def describe(entry: LogEntry) -> Json:
    """A log entry as the API shows it."""
    shown: Json = {
        "id": entry.id,
        "subscriptionId": entry.delivery.subscription.id,
        "payloadId": entry.delivery.id,
        "status": entry.status,
        "url": entry.delivery.subscription.url,
        "deliveredAt": iso(entry.moment),
        "durationMs": int(entry.duration * 1_000),
        "error": entry.error,
    }
    if entry.status_code is not None:
        shown["statusCode"] = entry.status_code
    return shown
