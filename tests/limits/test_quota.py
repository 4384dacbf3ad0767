"""What headers and refusals say, in every form seen, promised or broken."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.limits import Quota, Window, parse_wait
from lusha_async.limits.quota import QuotaView, WindowView, duration

NOW = 1_800_000_000.0


def test_lushas_own_headers() -> None:
    quota = Quota.from_headers(
        {
            "x-rate-limit-minute": "300",
            "X-Minute-Requests-Left": "299",
            "x-rate-limit-hourly": "5000",
            "x-hourly-requests-left": "4999",
            "x-rate-limit-daily": "50000",
            "x-daily-requests-left": "0",
            "x-daily-usage": "50000",
        }
    )
    assert quota.minute == Window(limit=300, left=299)
    assert quota.hour == Window(limit=5000, left=4999)
    assert quota.day == Window(limit=50_000, left=0, used=50_000)


def test_what_is_missing_or_garbage_is_none() -> None:
    assert Quota.from_headers({}) == Quota()
    assert not Quota.from_headers({"x-rate-limit-minute": "many", "x-minute-requests-left": ""})
    assert Quota.from_headers({"x-daily-requests-left": "12.0"}).day == Window(left=12)
    assert Quota.from_headers({"x-daily-requests-left": "-1"}).day is None


def test_left_follows_from_limit_and_usage() -> None:
    quota = Quota.from_headers({"x-rate-limit-hourly": "150", "x-hourly-usage": "151"})
    assert quota.hour == Window(limit=150, left=0, used=151)


def test_the_other_families() -> None:
    quota = Quota.from_headers({"X-RateLimit-Limit-day": "100", "X-RateLimit-Remaining-Daily": "7"})
    assert quota.day == Window(limit=100, left=7)


@given(st.dictionaries(st.text(max_size=40), st.text(max_size=40)))
def test_reading_headers_never_raises(headers: dict[str, str]) -> None:
    Quota.from_headers(headers)
    parse_wait(429, headers, None, NOW)


@pytest.mark.parametrize(
    ("message", "seconds", "window"),
    [
        ("Daily API limit reached. Reset in 81671 seconds", 81_671, "day"),
        ("Reset in 42 seconds", 42, None),
        ("Rate limit exceeded: 300 requests per minute. Try again in 2 min", 120, "minute"),
        ("hourly quota used up, retry after 1.5 h", 5_400, "hour"),
        ("25 requests per second", None, "second"),
        ("Too many requests", None, None),
        ("", None, None),
        (None, None, None),
        ("Reset in 99999999 seconds", None, None),
    ],
)
def test_the_text_of_a_refusal(message: str | None, seconds: float | None, window: str | None) -> None:
    wait = parse_wait(429, {}, message, NOW)
    assert wait is not None
    assert (wait.seconds, wait.window, wait.trial) == (seconds, window, False)


@pytest.mark.parametrize(
    ("headers", "seconds", "window"),
    [
        ({"Retry-After": "17"}, 17, None),
        ({"retry-after": "0"}, 0, None),
        ({"RETRY-AFTER": formatdate(NOW + 90, usegmt=True)}, 90, None),
        ({"Retry-After": formatdate(NOW - 90, usegmt=True)}, 0, None),
        ({"Retry-After": "2027-01-15T08:00:30Z"}, 30, None),
        ({"Retry-After": "soon"}, None, None),
        ({"Retry-After": "-5"}, None, None),
        ({"Retry-After": "nan"}, None, None),
        ({"RateLimit-Reset": "30"}, 30, None),
        ({"X-RateLimit-Reset": str(int(NOW) + 12)}, 12, None),
        ({"X-RateLimit-Reset": str(int(NOW + 12) * 1000)}, 12, None),
        ({"X-RateLimit-Reset-Daily": "3600"}, 3_600, "day"),
        ({}, None, None),
    ],
)
def test_the_headers_of_a_refusal(headers: dict[str, str], seconds: float | None, window: str | None) -> None:
    wait = parse_wait(429, headers, "Too many requests", NOW)
    assert wait is not None
    assert (wait.seconds, wait.window) == (seconds, window)


def test_the_text_goes_before_the_headers() -> None:
    wait = parse_wait(429, {"Retry-After": "1"}, "Reset in 600 seconds", NOW)
    assert wait is not None
    assert wait.seconds == 600


@pytest.mark.parametrize("text", ["Trial limit reached", "You have reached the limit of your trial", "trial API limit"])
def test_a_trials_limit_is_no_wait(text: str) -> None:
    wait = parse_wait(429, {"Retry-After": "5"}, text, NOW)
    assert wait is not None
    assert wait.trial
    assert wait.seconds is None


def test_other_statuses_are_no_refusals() -> None:
    assert parse_wait(200, {"Retry-After": "5"}, None, NOW) is None
    assert parse_wait(500, {}, "Reset in 5 seconds", NOW) is None
    assert parse_wait(503, {}, None, NOW) is None
    wait = parse_wait(503, {"Retry-After": "5"}, None, NOW)
    assert wait is not None
    assert wait.seconds == 5


@given(st.text(max_size=300), st.text(max_size=60))
def test_understanding_never_raises_and_never_waits_backwards(message: str, header: str) -> None:
    wait = parse_wait(429, {"Retry-After": header, "X-RateLimit-Reset": header}, message, NOW)
    assert wait is not None
    assert wait.seconds is None or 0 <= wait.seconds <= 32 * 86_400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (12.3, "12 s"), (720, "12 min"), (81_671, "22 h 41 min"), (7_200, "2 h"), (-1, "0.0 s")],
)
def test_durations_as_people_want_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_the_view_speaks() -> None:
    assert str(QuotaView()) == "limits not known yet"
    assert str(QuotaView(minute=WindowView(300, 12, None, exact=False))) == "12 of 300 left this minute"
    assert str(QuotaView(waiting="waiting for the hour window, 12 min")) == "waiting for the hour window, 12 min"
