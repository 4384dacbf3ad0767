"""LushaClient: configuration, lifetime, and the groups of methods."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ._version import __version__
from .clock import SystemClock
from .errors import ClientStateError, InvalidRequest
from .limits import DEFAULT_MAX_WAIT, LocalLimits, Priority, UsageWindow, UsageWindows
from .retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Self

    import aiohttp

    from .clock import Clock
    from .endpoint import Endpoint
    from .limits import Limits, QuotaView
    from .resource import Reply
    from .transport import Transport
    from .v2 import V2
    from .v3.account import Account, RateWindow
    from .v3.companies import Companies
    from .v3.contacts import Contacts
    from .v3.conversations import Conversations
    from .v3.subscription_management import ManagedSecret, ManagedSubscriptions
    from .v3.subscriptions import AuditLogs

T = TypeVar("T")

BASE_URL = "https://api.lusha.com"
TIMEOUT = 60.0
"""Seconds for one attempt of one call."""
LONGEST_ASKING = 10.0
"""Seconds the limiter's own question to account usage may take before bulk calls go on without its answer."""
CONNECTIONS = 256
"""Connections in a client's own pool."""


class LushaClient:
    """A client for one Lusha account. Use it with `async with`; any number of tasks of that event loop may share it.

        async with LushaClient() as lusha:
            found = await lusha.contacts.search_and_enrich(ContactQuery(email="ada@example.com"), reveal=["emails"])

    api_key: the account's key, a UUID; by default from LUSHA_API_KEY. It goes into the `api_key` header, nowhere else.
    base_url: by default from LUSHA_BASE_URL, else Lusha's own. https only, except for loopback; may carry a path.
    timeout: seconds for one attempt of one call.
    max_wait: the longest a call is held back by an empty window of the limits, in seconds; beyond it: QuotaExhausted.
    session: the application's own aiohttp session. It is used, and never closed.
    limits: `LocalLimits()` by default; `RedisLimits(url)` to share an account among processes.
    retries: bounds of automatic repeats.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = TIMEOUT,
        max_wait: float = DEFAULT_MAX_WAIT,
        session: aiohttp.ClientSession | None = None,
        limits: Limits | None = None,
        retries: RetryPolicy | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._api_key = _checked_key(os.environ.get("LUSHA_API_KEY") if api_key is None else api_key)
        self._base_url = _checked_url(base_url or os.environ.get("LUSHA_BASE_URL") or BASE_URL)
        if timeout <= 0:
            raise InvalidRequest("timeout is a number of seconds above 0: no call goes without one", field="timeout")
        self._timeout = timeout
        self._max_wait = max_wait
        self._given_session = session
        self._limits: Limits = LocalLimits() if limits is None else limits
        self._retries = retries or RetryPolicy()
        self._clock: Clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None
        self._trace: aiohttp.TraceConfig | None = None
        self._transport: Transport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open" if self._transport is not None else "not open"
        return f"LushaClient({self._base_url!r}, {state})"

    # --- lifetime ----------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        if self._closed or self._transport is not None:
            raise ClientStateError("A client is opened once: make a new LushaClient.")
        from .transport import Transport, departures, own_session

        self._loop = asyncio.get_running_loop()
        self._limits.bind(account=self.fingerprint, clock=self._clock)
        self._limits.ask_usage = self._ask_usage
        await self._limits.start()
        self._trace = departures()
        if self._given_session is None:
            self._session = own_session(self._trace, connections=CONNECTIONS)
        else:
            self._session = self._given_session
            self._session.trace_configs.append(self._trace)
        self._transport = Transport(
            self._session,
            base_url=self._base_url,
            api_key=self._api_key,
            limits=self._limits,
            retries=self._retries,
            clock=self._clock,
            user_agent=f"lusha_async/{__version__}",
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the client and its own session. An application's session stays open. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._transport = None
        if self._session is not None and self._session is self._given_session:
            if self._trace in self._session.trace_configs:
                self._session.trace_configs.remove(self._trace)
        elif self._session is not None:
            await self._session.close()
        await self._limits.aclose()

    @property
    def fingerprint(self) -> str:
        """A digest of the API key: tells accounts apart (limits, ledgers), and cannot be turned back."""
        return hashlib.blake2b(self._api_key.encode(), digest_size=16, person=b"lusha_async").hexdigest()

    @property
    def retries(self) -> RetryPolicy:
        """The bounds of automatic repeats."""
        return self._retries

    # --- calls -------------------------------------------------------------------------------------------------

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Any = None,
        body: Any = None,
        timeout: float | None = None,
        max_wait: float | None = None,
        allow_repeat: bool = False,
        bulk: bool = False,
        on_sent: Callable[[float], None] | None = None,
    ) -> Reply[T]:
        """Make one call of any operation, also one this package does not know, and return the whole `Reply`.

        path: values for the names in braces of the endpoint's path. query, body: structs or plain mappings.
        timeout: seconds for one attempt. max_wait: the longest wait for the limits, in seconds.
        allow_repeat: repeat after an unknown outcome although that may be charged again.
        bulk: let calls that somebody waits for go first at the limiter.
        on_sent: told, whenever the request leaves, how many seconds it had waited for the limits.

        Raises `LushaError` and its kinds; see `lusha_async.errors`.

            endpoint = Endpoint(method="GET", path="/v3/account/usage", operation="getAccountUsage", response=dict)
            reply = await lusha.send(endpoint)
        """
        transport = self._ready()
        call = transport.call(
            endpoint,
            path=path,
            query=query,
            body=body,
            timeout=self._timeout if timeout is None else timeout,
            max_wait=self._max_wait if max_wait is None else max_wait,
            allow_repeat=allow_repeat,
            priority=Priority.BULK if bulk else Priority.INTERACTIVE,
            on_sent=on_sent,
        )
        return await transport.send(call)

    @property
    def quota(self) -> QuotaView:
        """The limits as they are known now: what is left of each window, and what is being waited for."""
        return self._limits.quota

    @property
    def clock(self) -> Clock:
        """The clock this client lives by."""
        return self._clock

    def _ready(self) -> Transport:
        if self._closed:
            raise ClientStateError("This client is closed: make a new LushaClient.")
        if self._transport is None:
            raise ClientStateError("Open the client first: `async with LushaClient() as lusha`.")
        if asyncio.get_running_loop() is not self._loop:
            raise ClientStateError("This client belongs to another event loop: make one LushaClient per loop.")
        return self._transport

    async def _ask_usage(self) -> UsageWindows:
        """What the limiter wants to know of the account's windows; bulk calls may wait for it, so not for long."""
        from .v3.account import ACCOUNT_USAGE

        async with asyncio.timeout(LONGEST_ASKING):
            reply = await self.send(ACCOUNT_USAGE, max_wait=0)
        windows = reply.data.rate_limits
        if windows is None:
            return UsageWindows()
        return UsageWindows(
            minute=_usage_window(windows.minute), hour=_usage_window(windows.hourly), day=_usage_window(windows.daily)
        )

    # --- groups ------------------------------------------------------------------------------------------------

    @cached_property
    def contacts(self) -> Contacts:
        """People: search, enrich, prospect, lookalikes, buying groups, signals, tables."""
        from .v3.contacts import Contacts

        return Contacts(self)

    @cached_property
    def companies(self) -> Companies:
        """Companies: search, enrich, prospect, lookalikes, signals, website visits, tables."""
        from .v3.companies import Companies

        return Companies(self)

    @cached_property
    def subscriptions(self) -> ManagedSubscriptions:
        """Webhook subscriptions."""
        from .v3.subscription_management import ManagedSubscriptions

        return ManagedSubscriptions(self)

    @cached_property
    def audit_logs(self) -> AuditLogs:
        """What became of webhook deliveries."""
        from .v3.subscriptions import AuditLogs

        return AuditLogs(self)

    @cached_property
    def webhook_secret(self) -> ManagedSecret:
        """The account's secret that signs webhooks."""
        from .v3.subscription_management import ManagedSecret

        return ManagedSecret(self)

    @cached_property
    def account(self) -> Account:
        """Credits, limits and prices of the account."""
        from .v3.account import Account

        return Account(self)

    @cached_property
    def conversations(self) -> Conversations:
        """Recorded conversations and their transcripts."""
        from .v3.conversations import Conversations

        return Conversations(self)

    @cached_property
    def v2(self) -> V2:
        """The previous generation of the API, which Lusha is retiring."""
        from .v2 import V2

        return V2(self)


def _usage_window(window: RateWindow | None) -> UsageWindow | None:
    if window is None:
        return None
    try:
        resets_at = datetime.fromisoformat(window.resets_at) if window.resets_at else None
    except ValueError:
        resets_at = None
    return UsageWindow(
        limit=None if window.limit is None else int(window.limit),
        left=None if window.remaining is None else int(window.remaining),
        resets_at=resets_at,
    )


def _checked_key(api_key: str | None) -> str:
    key = (api_key or "").strip()
    if not key:
        raise InvalidRequest("no API key: pass api_key or set LUSHA_API_KEY", field="api_key")
    if not re.fullmatch(r"[!-~]{1,256}", key):
        raise InvalidRequest("the API key holds characters no key has: copy it again", field="api_key")
    return key


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidRequest("base_url is no URL: use https://host[:port][/path]", field="base_url") from None
    loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise InvalidRequest("base_url must be https (http is accepted for loopback only)", field="base_url")
    if not parts.hostname or parts.query or parts.fragment or parts.username or parts.password:
        raise InvalidRequest("base_url is https://host[:port][/path] and nothing else", field="base_url")
    return url.rstrip("/")
