"""Signatures of deliveries: `sign` and `verify`. Pure: no clock but the one given, no I/O.

Lusha signs ``timestamp + "." + body`` with HMAC-SHA256 and the account's webhook secret, and sends the result in hex as
``X-Lusha-Signature`` beside ``X-Lusha-Timestamp`` (https://docs.lusha.com/webhooks/security).
"""

from __future__ import annotations

import hmac
import math
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

import msgspec

from .errors import ForgedWebhook, StaleWebhook
from .javascript import restringify
from .reading import MAX_BODY, check_size

SIGNATURE_HEADER = "X-Lusha-Signature"
TIMESTAMP_HEADER = "X-Lusha-Timestamp"
USER_AGENT = "Lusha-Webhooks/1.0"
DEFAULT_TOLERANCE = timedelta(minutes=5)
MAX_TOLERANCE = timedelta(days=30)

HeaderText: TypeAlias = str | bytes
Headers: TypeAlias = (
    Mapping[str, str]
    | Mapping[str, Sequence[str]]
    | Mapping[bytes, bytes]
    | Mapping[str, HeaderText | Sequence[HeaderText]]
    | Iterable[tuple[HeaderText, HeaderText]]
)
"""Any mapping of header names in any case, or pairs as ASGI has them; a value may be a list of values."""

Secret: TypeAlias = str | bytes
Moment: TypeAlias = datetime | float
"""An aware datetime, or Unix time in seconds."""

_HEX_DIGEST = re.compile(r"(?:sha256=)?([0-9a-f]{64})\Z", re.IGNORECASE | re.ASCII)
_UNIX_TIME = re.compile(r"[0-9]{1,16}\Z", re.ASCII)
_FIRST_MILLISECONDS = 10**11
"""From here on a number means milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973."""


class Verified(msgspec.Struct, frozen=True, gc=False):
    """What a valid signature vouches for."""

    payload: bytes
    """The bytes that were signed. Read these, not the body: see `verify`."""
    sent_at: datetime
    """When it was signed, UTC."""
    reserialised: bool
    """True when the body itself did not match, and its form as `JSON.stringify` writes it did."""

    def __repr__(self) -> str:
        return f"Verified(payload=<{len(self.payload)} bytes>, sent_at={self.sent_at.isoformat()})"


def verify(
    headers: Headers,
    body: bytes,
    secrets: Secret | Iterable[Secret],
    *,
    tolerance: timedelta = DEFAULT_TOLERANCE,
    now: Moment | None = None,
    max_body: int = MAX_BODY,
    reserialise: bool = True,
) -> Verified:
    """Prove that Lusha signed this delivery with one of `secrets`, no longer than `tolerance` ago or ahead.

    `body` is the body as it was received, before any decoding. Give both secrets during a rotation. `now` is for
    tests. The comparison takes constant time, and every secret is tried.

    The documents describe the signed text as a re-serialised body. So where the bytes themselves do not match, their
    form after ``JSON.stringify(JSON.parse(body))`` is tried (unless `reserialise` is False; up to 32 KiB). That
    accepts nothing but what was signed: `Verified.payload` is then the signed text, so a number or a key that
    another parser would read differently in the body cannot slip through. Parse `payload`, never the body.

    Raises `ForgedWebhook`, `StaleWebhook` or `UnreadableWebhook` (larger than `max_body` bytes), and nothing else
    whatever was sent; `ValueError` or `TypeError` for a configuration that would protect nobody: no secret, an empty
    one, a tolerance of zero or less.

    >>> body = b'{"id":"f3b87e05","type":"promotion"}'
    >>> headers = sign(body, "whsec", timestamp=1_767_225_600)
    >>> verify(headers, body, ["new", "whsec"], now=1_767_225_660).payload == body
    True
    """
    keys = secret_keys(secrets)
    check_tolerance(tolerance)
    moment = unix_time(now)
    if isinstance(body, str):
        raise TypeError("body is the received bytes, before any decoding, not text")
    check_size(len(body), max_body)
    signature, stamp = _signature_headers(reusable(headers))
    payload = _signed_payload(stamp.encode(), bytes(body), signature, keys, reserialise=reserialise)
    seconds = _seconds(stamp)
    age = moment - seconds
    if abs(age) > tolerance.total_seconds():
        when = f"{age:.0f} s ago" if age > 0 else f"{-age:.0f} s in the future"
        limit = f"{tolerance.total_seconds():g} s"
        raise StaleWebhook(f"The delivery was signed {when}; more than {limit} is not accepted.", age=age)
    sent_at = datetime.fromtimestamp(seconds, UTC)
    return Verified(payload=payload, sent_at=sent_at, reserialised=payload != body)


def sign(body: bytes | str, secret: Secret, *, timestamp: Moment | str | None = None) -> dict[str, str]:
    """The headers of a delivery of `body`, as Lusha would send them: for tests and local senders.

    `timestamp` is a moment (default: now; a whole number is written as it is, so milliseconds can be tried) or the
    exact text of the header.

    >>> sign(b"{}", "whsec", timestamp=1_767_225_600)["X-Lusha-Timestamp"]
    '1767225600'
    """
    if timestamp is None:
        timestamp = time.time()
    if isinstance(timestamp, datetime):
        timestamp = unix_time(timestamp)
    stamp = timestamp if isinstance(timestamp, str) else str(int(timestamp))
    data = body.encode() if isinstance(body, str) else body
    return {
        SIGNATURE_HEADER: _digest(secret_keys(secret)[0], stamp.encode(), data).hex(),
        TIMESTAMP_HEADER: stamp,
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
    }


def secret_keys(secrets: Secret | Iterable[Secret]) -> tuple[bytes, ...]:
    """The secrets as keys. Raises `ValueError` or `TypeError` for what cannot be one; never quotes it."""
    given = (secrets,) if isinstance(secrets, str | bytes) else tuple(secrets)
    if not given:
        raise ValueError("no webhook secret given: every delivery would be refused")
    return tuple(_key(secret) for secret in given)


def _key(secret: object) -> bytes:
    if not isinstance(secret, str | bytes):
        raise TypeError(f"a webhook secret is text or bytes, not {type(secret).__name__}")
    key = secret.encode() if isinstance(secret, str) else secret
    if not key.strip():
        raise ValueError("an empty webhook secret would let anybody sign")
    if key != key.strip():
        raise ValueError("the webhook secret begins or ends with white space; strip it (a line end from a file?)")
    return key


def check_tolerance(tolerance: object) -> None:
    """Refuse a tolerance that is no duration, or not a positive one: zero does not mean "off"."""
    if not isinstance(tolerance, timedelta):
        raise TypeError(f"tolerance is a timedelta, not {type(tolerance).__name__}")
    if tolerance <= timedelta(0):
        raise ValueError("tolerance must be longer than zero; the check of the timestamp cannot be switched off")
    if tolerance > MAX_TOLERANCE:
        raise ValueError(f"a tolerance of more than {MAX_TOLERANCE.days} days would check nothing")


def unix_time(moment: Moment | None) -> float:
    """A moment as Unix time in seconds; None is now. Raises `ValueError` for a datetime without a zone and for NaN."""
    if moment is None:
        return time.time()
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone: datetime.now(UTC), not datetime.now()")
        return moment.timestamp()
    if not math.isfinite(moment):
        raise ValueError("a moment is a finite number of seconds")
    return float(moment)


def _signature_headers(headers: Headers) -> tuple[bytes, str]:
    signature = _one(headers, SIGNATURE_HEADER, "no-signature")
    stamp = _one(headers, TIMESTAMP_HEADER, "no-timestamp")
    digest = _HEX_DIGEST.match(signature)
    if digest is None:
        raise ForgedWebhook(f"{SIGNATURE_HEADER} is not an HMAC-SHA256 in hex.", reason="malformed-signature")
    if not _UNIX_TIME.match(stamp):
        raise ForgedWebhook(f"{TIMESTAMP_HEADER} is not a Unix time.", reason="malformed-timestamp")
    return bytes.fromhex(digest[1]), stamp


def _one(headers: Headers, name: str, missing: str) -> str:
    """The only value of a header; two would leave open which of them was checked."""
    values = [value.strip() for value in header_values(headers, name)]
    if len(values) > 1:
        raise ForgedWebhook(f"{name} was sent more than once.", reason="ambiguous-header")
    if not values or not values[0]:
        raise ForgedWebhook(f"{name} is missing.", reason=missing)
    return values[0]


def reusable(headers: Headers) -> Headers:
    """Headers that can be looked through more than once, even if they came as an iterator."""
    given = cast("Any", headers)
    return headers if isinstance(given, Mapping) else cast("Headers", list(given))


def header_values(headers: Headers, name: str) -> list[str]:
    """Every value of a header, whatever kind of mapping or pairs they come in and whatever case."""
    wanted = name.lower()
    given = cast("Any", headers)
    pairs: Iterable[tuple[object, object]] = given.items() if isinstance(headers, Mapping) else given
    found: list[str] = []
    for key, value in pairs:
        if header_text(key).lower() == wanted:
            several = isinstance(value, list | tuple)
            found.extend(header_text(part) for part in (cast("Iterable[object]", value) if several else (value,)))
    return found


def header_text(value: object) -> str:
    """A header's name or value as text; bytes as HTTP has them (Latin-1), anything else as nothing."""
    if isinstance(value, bytes | bytearray):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _signed_payload(
    stamp: bytes, body: bytes, signature: bytes, keys: tuple[bytes, ...], *, reserialise: bool
) -> bytes:
    """The bytes the signature belongs to: the body, or what JavaScript would make of it."""
    if _matches(stamp, body, signature, keys):
        return body
    written = restringify(body) if reserialise else None
    if written is not None and written != body and _matches(stamp, written, signature, keys):
        return written
    text = "The signature does not match the body (if Lusha sent it: is there a new webhook secret?)."
    raise ForgedWebhook(text, reason="mismatch")


def _matches(stamp: bytes, payload: bytes, signature: bytes, keys: tuple[bytes, ...]) -> bool:
    matched = False
    for key in keys:
        matched |= hmac.compare_digest(_digest(key, stamp, payload), signature)
    return matched


def _digest(key: bytes, stamp: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, stamp + b"." + payload, "sha256")


def _seconds(stamp: str) -> float:
    number = int(stamp)
    return number / 1000 if number >= _FIRST_MILLISECONDS else float(number)
