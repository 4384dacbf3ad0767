"""One call: wait for the limits, send, judge the answer, repeat where that is allowed, decode.

The only module of the client side that knows aiohttp.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp
import msgspec
from yarl import URL

from .decode import Decoded, decode
from .endpoint import Repeat
from .errors import (
    APIError,
    DecodeError,
    InvalidRequest,
    LushaConnectionError,
    LushaError,
    LushaTimeout,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    api_error,
    read_error_body,
)
from .inflate import ACCEPTED, LARGEST, Packed, Unreadable
from .limits import Limits, PathWatcher, Permit, Priority, Quota, Scope
from .plain import is_object, texts
from .resource import Reply
from .retry import Failure, RetryPolicy, failure_of, pause_before_repeat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import SimpleNamespace

    from .clock import Clock
    from .endpoint import Endpoint

LONGEST_CONNECT = 15.0
"""Seconds to open a connection."""

logger = logging.getLogger("lusha_async")


class Call(NamedTuple):
    """A request ready to be sent as often as needed."""

    endpoint: Endpoint[Any]
    url: URL
    body: bytes | None
    timeout: float
    max_wait: float
    allow_repeat: bool
    priority: Priority
    on_sent: Callable[[float], None] | None

    def values(self) -> list[str]:
        """Every text of the request: what an error text must not repeat."""
        in_url = [str(value) for value in self.url.query.values()]
        return in_url + (texts(msgspec.json.decode(self.body)) if self.body else [])


class Arrived(NamedTuple):
    """A complete answer, unread."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    packed: Packed | None


class Departure:
    """Follows one attempt through aiohttp's tracing: whether, and when, the request really left."""

    __slots__ = ("_on_sent", "left", "permit", "watched")

    def __init__(self, permit: Permit, on_sent: Callable[[float], None] | None) -> None:
        self.permit = permit
        self.watched = False
        """Whether tracing works on this session at all: only then does silence mean that nothing left."""
        self.left = False
        self._on_sent = on_sent

    def watch(self) -> None:
        """The request begins, and tracing works."""
        self.watched = True

    def connecting(self) -> None:
        """The request opens a connection of its own."""
        if isinstance(self.permit, PathWatcher):
            self.permit.connecting()

    def connected(self) -> None:
        """The connection is open."""
        if isinstance(self.permit, PathWatcher):
            self.permit.connected()

    def headers_sent(self) -> None:
        """The headers went out: from here on the request counts, and its outcome may be unknown."""
        self.left = True
        self.permit.sent()
        if self._on_sent is not None:
            self._on_sent(self.permit.waited)

    def body_sent(self) -> None:
        """The body goes out only now, and with it the headers: aiohttp holds them back for it (3.11: a loop turn)."""
        self.permit.sent()

    def close(self) -> None:
        """No answer will come: tell the limiter what became of the slot."""
        if self.surely_unsent():
            self.permit.unsent()
        else:
            self.permit.lost()

    def surely_unsent(self, error: BaseException | None = None) -> bool:
        """Whether the request cannot have reached the server."""
        if self.left:
            return False
        return self.watched or isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


def _tell(
    what: Callable[[Departure], None],
) -> Callable[[aiohttp.ClientSession, SimpleNamespace, object], Awaitable[None]]:
    """A hook of aiohttp's tracing that passes on what happened, to nobody but a `Departure`."""

    async def hook(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
        departure = getattr(context, "trace_request_ctx", None)
        if isinstance(departure, Departure):
            what(departure)

    return hook


def departures() -> aiohttp.TraceConfig:
    """The tracing that tells a `Departure` of its connection and that its request has left. Blind to all else."""
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_tell(Departure.watch))
    trace.on_connection_create_start.append(_tell(Departure.connecting))
    trace.on_connection_create_end.append(_tell(Departure.connected))
    trace.on_request_headers_sent.append(_tell(Departure.headers_sent))
    trace.on_request_chunk_sent.append(_tell(Departure.body_sent))
    trace.freeze()
    return trace


class Success(NamedTuple):
    """An answer with a success status, decoded."""

    arrived: Arrived
    decoded: Decoded[Any]


class Failed(NamedTuple):
    """How one attempt failed."""

    failure: Failure
    error: LushaError


class Transport:
    """Sends calls for one account over one session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str,
        api_key: str,
        limits: Limits,
        retries: RetryPolicy,
        clock: Clock,
        user_agent: str,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._headers = {
            "api_key": api_key,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED,
            "User-Agent": user_agent,
        }
        self._limits = limits
        self._retries = retries
        self._clock = clock
        self._random = random.Random()
        self._noticed: set[str] = set()

    def call(
        self,
        endpoint: Endpoint[Any],
        *,
        path: Mapping[str, str] | None,
        query: Any,
        body: Any,
        timeout: float,
        max_wait: float,
        allow_repeat: bool,
        priority: Priority,
        on_sent: Callable[[float], None] | None,
    ) -> Call:
        """Encode a request. Raises `InvalidRequest` when it cannot be."""
        url = URL(self._base_url + endpoint.url_path(path), encoded=True)
        if query is not None:
            url = url.with_query(_query_pairs(query))
        try:
            data = None if body is None else msgspec.json.encode(body)
        except (TypeError, ValueError) as error:
            raise InvalidRequest(f"{endpoint.name}: the body cannot be written as JSON ({error})") from None
        return Call(endpoint, url, data, timeout, max_wait, allow_repeat, priority, on_sent)

    async def send(self, call: Call) -> Reply[Any]:
        """Send until there is an answer, or an error that a repeat would not mend, or must not."""
        started = self._clock.monotonic()
        attempt, refusals, waited, in_doubt = 0, 0, 0.0, False
        while True:
            try:
                permit = await self._limits.acquire(
                    Scope(call.endpoint.name, call.endpoint.limit), priority=call.priority, max_wait=call.max_wait
                )
            except LushaError as error:
                raise _counted(error, attempt, waited, in_doubt) from None
            waited += permit.waited
            attempt += 1
            outcome = await self._attempt(call, permit)
            elapsed = self._clock.monotonic() - started
            if isinstance(outcome, Success):
                return self._reply(outcome, attempt, elapsed, waited)
            refusals += outcome.failure is Failure.LIMITED
            pause = pause_before_repeat(
                outcome.failure,
                repeat=call.endpoint.repeat,
                allow_repeat=call.allow_repeat,
                attempt=refusals if outcome.failure is Failure.LIMITED else attempt - refusals,
                elapsed=elapsed - waited,
                policy=self._retries,
                jitter=self._random.random(),
            )
            if pause is None or isinstance(outcome.error, QuotaExhausted):
                raise _counted(self._final(call, outcome), attempt, waited, in_doubt)
            in_doubt = in_doubt or outcome.failure is Failure.UNKNOWN
            logger.info("%s: %s, sent again in %.1f s", call.endpoint.name, outcome.failure.value, pause)
            await self._clock.sleep(pause)

    async def _attempt(self, call: Call, permit: Permit) -> Success | Failed:
        """Send once. A success comes back whole; everything else as a failure and its error."""
        departure = Departure(permit, call.on_sent)
        try:
            arrived = await self._exchange(call, departure)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            departure.close()
            return self._broken(call, error, left=not departure.surely_unsent(error))
        except BaseException:
            departure.close()
            raise
        return self._judge(call, permit, arrived)

    async def _exchange(self, call: Call, departure: Departure) -> Arrived:
        headers = dict(self._headers)
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        connect = min(LONGEST_CONNECT, call.timeout)
        async with self._session.request(
            call.endpoint.method,
            call.url,
            data=call.body,
            headers=headers,
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=call.timeout, sock_connect=connect),
            trace_request_ctx=departure,
        ) as response:
            body = await _read(response)
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if not encoding:
            return Arrived(response.status, response.headers, body, None)
        packed = Packed(body, encoding)
        try:
            return Arrived(response.status, response.headers, packed.unpacked(), packed)
        except Unreadable as error:
            raise aiohttp.ClientPayloadError(str(error)) from None

    def _broken(self, call: Call, error: Exception, *, left: bool) -> Failed:
        """No complete answer: what that means depends on whether the request had left."""
        name = call.endpoint.name
        kind = type(error).__name__
        logger.debug("%s: %s %s", name, kind, "after sending" if left else "before sending")
        if not left:
            ours: LushaError = LushaConnectionError(f"{name}: no connection ({kind}).")
            return Failed(Failure.NOT_SENT, _caused(ours, error))
        if isinstance(error, TimeoutError):
            ours = LushaTimeout(f"{name}: no complete answer within {call.timeout:g} s.")
        else:
            ours = LushaConnectionError(f"{name}: the connection broke before the answer was complete ({kind}).")
        return Failed(Failure.UNKNOWN, _caused(ours, error))

    def _judge(self, call: Call, permit: Permit, arrived: Arrived) -> Success | Failed:
        """Tell a success from everything else, and let the limiter learn from both."""
        name = call.endpoint.name
        status, headers, body, _ = arrived
        logger.debug("%s: %d, %d bytes", name, status, len(body))
        self._notice(name, headers)
        if 200 <= status < 300:
            hidden = _hidden_error(body)
            if hidden is None:
                permit.answered(status, headers)
                return self._read_success(call, arrived)
            status = hidden
        said = read_error_body(body) if status == 429 else None
        verdict = permit.answered(status, headers, said.message if said else None)
        error = api_error(
            status,
            body,
            endpoint=name,
            sent=call.values(),
            quota=Quota.from_headers(headers) or None,
            retired_endpoint=call.endpoint.successor is not None,
            successor=call.endpoint.successor,
        )
        if isinstance(error, RateLimited) and verdict is not None:
            error.window, error.resume_at = verdict.window, verdict.resume_at
            if verdict.trial:
                error = QuotaExhausted(
                    error.message, window="trial", endpoint=name, code=error.code, body=body, quota=error.quota
                )
        return Failed(failure_of(status), error)

    def _read_success(self, call: Call, arrived: Arrived) -> Success | Failed:
        endpoint = call.endpoint
        if endpoint.response is type(None):
            return Success(arrived, Decoded(None))
        try:
            return Success(arrived, decode(arrived.body, endpoint.response))
        except msgspec.DecodeError:
            shown = f"{len(arrived.body)} bytes" if arrived.body.strip() else "empty"
            error = DecodeError(
                f"{endpoint.name}: {arrived.status}, but the answer is not JSON ({shown}).",
                endpoint=endpoint.name,
                body=arrived.body,
            )
            return Failed(Failure.UNKNOWN, error)

    def _final(self, call: Call, attempt: Failed) -> LushaError:
        """The error to raise: where the outcome is unknown and could have cost something, it says so."""
        harmless = call.endpoint.repeat is Repeat.FREE or isinstance(attempt.error, DecodeError)
        if attempt.failure is not Failure.UNKNOWN or harmless:
            return attempt.error
        status = attempt.error.status if isinstance(attempt.error, APIError) else None
        unknown = OutcomeUnknown(
            f"{call.endpoint.name}: sent, but no readable answer came back ({type(attempt.error).__name__}).",
            endpoint=call.endpoint.name,
            status=status,
        )
        unknown.__cause__ = attempt.error
        return unknown

    def _reply(self, success: Success, attempts: int, elapsed: float, waited: float) -> Reply[Any]:
        arrived, decoded = success
        return Reply(
            data=decoded.value,
            raw=arrived.body,
            status=arrived.status,
            headers=arrived.headers,
            attempts=attempts,
            elapsed=elapsed,
            waited=waited,
            problems=decoded.problems,
            packed=arrived.packed,
        )

    def _notice(self, name: str, headers: Mapping[str, str]) -> None:
        """Say once per operation that the API announces its end."""
        date = headers.get("Sunset") or headers.get("Deprecation")
        if date and name not in self._noticed:
            self._noticed.add(name)
            logger.warning("%s: the API announces the end of this operation (%.40s)", name, date)


class _AnswerTooLarge(aiohttp.ClientError):
    """An answer beyond `LARGEST`."""


async def _read(response: aiohttp.ClientResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LARGEST:
            raise _AnswerTooLarge
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class _Hidden(msgspec.Struct, rename="camel"):
    status_code: int | None = None
    message: str | list[str] | None = None


def _hidden_error(body: bytes) -> int | None:
    """The status of an error that came with a success status (seen once at lookalikes), or None."""
    if b'"statusCode"' not in body[:256]:
        return None
    try:
        said = msgspec.json.decode(body, type=_Hidden)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return said.status_code if said.status_code is not None and said.status_code >= 400 and said.message else None


def _query_pairs(query: Any) -> list[tuple[str, str]]:
    """Query parameters from a struct or mapping: None left out, lists repeated, booleans in lower case."""
    plain: Any = msgspec.to_builtins(query)
    if not is_object(plain):
        raise InvalidRequest("a query is a struct or a mapping", field="query")
    pairs: list[tuple[str, str]] = []
    for name, value in plain.items():
        parts: list[Any] = [*value] if isinstance(value, tuple | list) else [value]
        pairs += [(name, _query_text(part)) for part in parts if part is not None]
    return pairs


def _query_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _caused(error: LushaError, cause: Exception) -> LushaError:
    """`error` with its cause chained, unless the text of the cause could hold a URL and with it somebody's data."""
    error.__cause__ = None if isinstance(cause, aiohttp.ClientResponseError | aiohttp.InvalidURL) else cause
    return error


def _counted(error: LushaError, attempts: int, waited: float, in_doubt: bool) -> LushaError:
    error.attempts, error.waited, error.in_doubt = attempts, waited, in_doubt
    return error


def own_session(trace: aiohttp.TraceConfig, *, connections: int) -> aiohttp.ClientSession:
    """A pooled session that keeps no cookies."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections),
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace],
    )
