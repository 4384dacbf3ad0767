"""Dates as Lusha writes them in deliveries: ISO 8601 in signals, space-separated UTC in opt-outs. Never raises."""

from __future__ import annotations

from datetime import UTC, date, datetime


def utc_moment(text: object) -> datetime | None:
    """An aware UTC datetime from ``2026-04-22 14:32:11.412`` or ISO 8601; a text without a zone is UTC.

    >>> utc_moment("2026-04-22 14:32:11.412")
    datetime.datetime(2026, 4, 22, 14, 32, 11, 412000, tzinfo=datetime.timezone.utc)
    >>> utc_moment("soon") is None
    True
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def calendar_day(text: object) -> date | None:
    """A date from ``2025-07-01``, or the UTC day of a longer moment."""
    moment = utc_moment(text)
    return moment.date() if moment else None
