"""What a 429 says about how long to wait: any of the forms seen or promised, garbage included. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 32 * 86_400.0
"""A longer wait than a month is no wait but a misunderstanding."""

_ANY_CASE = re.IGNORECASE | re.DOTALL
_RESET_IN = re.compile(
    r"\b(?:reset|retry|try again|wait)\w*\W+(?:\w+\W+){0,3}?(\d{1,9}(?:\.\d+)?)\s*([a-z]*)", _ANY_CASE
)
_UNITS = {"ms": 0.001, "mil": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}
_TRIAL = re.compile(r"\btrial\b.{0,40}\blimit|\blimit\b.{0,40}\btrial\b", _ANY_CASE)
_THING = r"(?:limit|rate|quota|request|window)"
_NAMES = (
    ("second", re.compile(rf"\bper[ -]second\b|/s(?:ec(?:ond)?)?\b|\bsecond(?:ly)? {_THING}", _ANY_CASE)),
    ("minute", re.compile(rf"\bper[ -]minute\b|\bminute(?:ly)? {_THING}", _ANY_CASE)),
    ("hour", re.compile(rf"\bper[ -]hour\b|\bhourly\b|\bhour {_THING}", _ANY_CASE)),
    ("day", re.compile(rf"\bper[ -]day\b|\bdaily\b|\bday {_THING}", _ANY_CASE)),
)
_EPOCH = 1_000_000_000.0


@dataclass(frozen=True, slots=True)
class Wait:
    """What a refusal said. `seconds` None: it did not say how long."""

    seconds: float | None = None
    window: str | None = None
    trial: bool = False
    """A trial's limit: waiting does not help."""


def parse_wait(status: int, headers: Mapping[str, str], message: str | None, now: float) -> Wait | None:
    """Understand a refusal. None unless `status` is 429, or 503 with a wait.

    `now` is Unix time, for waits given as a moment. In this order: ``Reset in N seconds`` in the text (what the live
    API says), ``Retry-After`` as number or date, ``RateLimit-Reset``, ``X-RateLimit-Reset`` and its variants as
    seconds, Unix time or date. Never raises.
    """
    if status not in (429, 503):
        return None
    lower = {str(name).lower(): str(value) for name, value in headers.items()}
    text = message or ""
    trial = bool(_TRIAL.search(text))
    seconds, window = _from_text(text), _named(text)
    if seconds is None:
        seconds = _moment(lower.get("retry-after"), now)
    if seconds is None:
        seconds, window = _from_reset_headers(lower, now, window)
    if status == 503 and seconds is None:
        return None
    return Wait(None if trial else seconds, window, trial)


def _from_text(text: str) -> float | None:
    match = _RESET_IN.search(text[:2_000])
    if not match:
        return None
    unit = match[2].lower()
    scale = next((_UNITS[key] for key in ("ms", "mil", "min") if unit.startswith(key)), None)
    return _bounded(float(match[1]) * (scale or _UNITS.get(unit[:1], 1.0)))


def _named(text: str) -> str | None:
    return next((name for name, pattern in _NAMES if pattern.search(text[:2_000])), None)


def _from_reset_headers(headers: Mapping[str, str], now: float, window: str | None) -> tuple[float | None, str | None]:
    for header, value in headers.items():
        if "ratelimit-reset" not in header and "rate-limit-reset" not in header:
            continue
        seconds = _moment(value, now)
        if seconds is not None:
            suffix = header.rsplit("reset", 1)[-1].strip("-")
            named = {"daily": "day", "hourly": "hour"}.get(suffix, suffix)
            return seconds, window or (named if named in ("minute", "hour", "day") else None)
    return None, window


def _moment(value: str | None, now: float) -> float | None:
    """Seconds from now: of a number of seconds, a Unix time (in s or ms), an HTTP date or an ISO date."""
    if not value or len(value) > 100:
        return None
    text = value.strip()
    try:
        number = float(text)
    except ValueError:
        return _date(text, now)
    if number > _EPOCH * 1_000:
        number /= 1_000
    return _bounded(max(number - now, 0.0) if number > _EPOCH else number)


def _date(text: str, now: float) -> float | None:
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return _bounded(max(moment.timestamp() - now, 0.0))
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _bounded(seconds: float) -> float | None:
    return seconds if 0.0 <= seconds <= LONGEST else None
