"""The receiver's judgement, without I/O: a request in, and out comes an answer or a delivery to be taken in.

`open_request` decides what a request is; the receiver then stores and queues a `Delivery` (the only effects there are)
and `acknowledge` writes the answer. Every face (ASGI, WSGI, aiohttp) and every test goes through these.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import msgspec

from .errors import ForgedWebhook, ReplayedWebhook, StaleWebhook, UnreadableWebhook
from .parsing import parse
from .reading import MAX_BODY, check_size
from .signature import DEFAULT_TOLERANCE, Headers, check_tolerance, header_values, reusable, verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .events import Event

MAX_CHALLENGE = 1024
"""Characters. A longer challenge is not echoed."""

Refusal = ForgedWebhook | StaleWebhook | UnreadableWebhook


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What is accepted. `tolerance` counts on both sides of the clock and cannot be zero; `max_body` is in bytes."""

    tolerance: timedelta = DEFAULT_TOLERANCE
    max_body: int = MAX_BODY
    reserialise: bool = True

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)
        if self.max_body < 1024:
            raise ValueError("max_body must be at least 1024 bytes: deliveries have a few thousand")


class Response(msgspec.Struct, frozen=True):
    """An HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A genuine delivery: the event, its signed JSON, and what repeats of it are recognised by."""

    event: Event
    key: str
    sent_at: datetime | None = None
    """When Lusha signed it; None when it came back from a store."""

    @property
    def payload(self) -> bytes:
        """The signed JSON."""
        return self.event.raw


def open_request(
    method: str,
    query: str | Mapping[str, str],
    headers: Headers,
    body: bytes,
    *,
    secrets: tuple[bytes, ...],
    policy: Policy,
    now: float,
) -> Response | Delivery | Refusal:
    """What a request is: something to answer at once, a genuine delivery, or a refusal (see `refuse`). Never raises."""
    if method == "GET":
        return answer_challenge(query)
    if method != "POST":
        return respond(405, {"error": "method not allowed"}, ("Allow", "GET, POST"))
    try:
        return read_delivery(headers, body, secrets=secrets, policy=policy, now=now)
    except (ForgedWebhook, StaleWebhook, UnreadableWebhook) as refusal:
        return refusal


def read_delivery(headers: Headers, body: bytes, *, secrets: tuple[bytes, ...], policy: Policy, now: float) -> Delivery:
    """Verify, then parse. Raises `ForgedWebhook`, `StaleWebhook` or `UnreadableWebhook`."""
    headers = reusable(headers)
    if any(value.strip().lower() not in {"", "identity"} for value in header_values(headers, "content-encoding")):
        raise UnreadableWebhook("The body is compressed; Lusha's are not.", reason="encoded")
    verified = verify(
        headers,
        body,
        secrets,
        tolerance=policy.tolerance,
        now=now,
        max_body=policy.max_body,
        reserialise=policy.reserialise,
    )
    event = parse(verified.payload, max_body=policy.max_body)
    return Delivery(event=event, key=event.key, sent_at=verified.sent_at)


def check_announced(length: str, limit: int) -> None:
    """Refuse by Content-Length, before a byte is read: too large, or no length at all. Absent is no reason."""
    length = length.strip()
    if not length:
        return
    if not (length.isascii() and length.isdecimal()):
        raise UnreadableWebhook("Content-Length is not a number.", reason="bad-length")
    check_size(int(length[:20]), limit)


def acknowledge(webhook_id: str, *, now: float) -> Response:
    """The documented answer to a delivery: 201 with `received`, `timestamp` and the delivery's id."""
    moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return respond(201, {"received": True, "timestamp": moment, "webhookId": webhook_id})


def refuse(refusal: Refusal) -> Response:
    """The answer to what is not accepted. Says which of the kinds it was and nothing else."""
    kind = type(refusal).__name__.removesuffix("Webhook").lower()
    return respond(refusal.status, {"received": False, "error": kind})


def busy(seconds: int = 5) -> Response:
    """503: nothing was taken in, deliver it again. Lusha does, three times."""
    return respond(503, {"received": False, "error": "busy"}, ("Retry-After", str(seconds)))


def too_slow() -> Response:
    """408: the body did not arrive in time."""
    return respond(408, {"received": False, "error": "too slow"})


def answer_challenge(query: str | Mapping[str, str]) -> Response:
    """The check of a subscription's URL: ``?challenge=x`` is answered with ``{"challenge": "x"}``.

    >>> answer_challenge("challenge=a%2Bb").body
    b'{"challenge":"a+b"}'
    """
    values = _challenges(query)
    if len(values) != 1 or not 0 < len(values[0]) <= MAX_CHALLENGE:
        return respond(400, {"error": "one challenge expected"})
    return respond(200, {"challenge": values[0]})


def _challenges(query: str | Mapping[str, str]) -> list[str]:
    if not isinstance(query, str):
        return [value for name, value in query.items() if name == "challenge"]
    try:
        return parse_qs(query[:16_384], keep_blank_values=True, max_num_fields=32, errors="replace")["challenge"]
    except (KeyError, ValueError):
        return []


def respond(status: int, content: dict[str, object], *headers: tuple[str, str]) -> Response:
    """A JSON answer that no browser takes for anything else."""
    body = msgspec.json.encode(content)
    fixed = (
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    )
    return Response(status, fixed + headers, body)


def replayed(delivery: Delivery) -> ReplayedWebhook:
    """The error for a delivery that is known already."""
    return ReplayedWebhook("This delivery was received before.", webhook_id=delivery.event.webhook_id)
