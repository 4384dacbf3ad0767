"""Verifying and signing."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.webhooks import ForgedWebhook, StaleWebhook, UnreadableWebhook, sign, verify

from .helpers import NOW, SECRET, delivery

BODY = b'{"id":"1","type":"promotion"}'
SIGNATURE, TIMESTAMP = "X-Lusha-Signature", "X-Lusha-Timestamp"


def signed(stamp: str | float = NOW, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return sign(body, secret, timestamp=stamp)


@given(
    body=st.binary(max_size=300),
    secret=st.text(min_size=1, max_size=40).filter(lambda s: s == s.strip() and s.isprintable()),
)
def test_what_was_signed_is_accepted(body: bytes, secret: str) -> None:
    assert verify(sign(body, secret, timestamp=NOW), body, secret, now=NOW).payload == body


@given(body=st.binary(min_size=1, max_size=200), place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_a_changed_byte_is_not(body: bytes, place: int, flip: int) -> None:
    changed = bytearray(body)
    changed[place % len(body)] ^= flip
    with pytest.raises(ForgedWebhook):
        verify(signed(body=body), bytes(changed), SECRET, now=NOW, reserialise=False)


@given(place=st.integers(0, 63), digit=st.sampled_from("0123456789abcdef"))
def test_a_changed_digit_of_the_signature_is_not(place: int, digit: str) -> None:
    headers = signed()
    genuine = headers[SIGNATURE]
    headers[SIGNATURE] = genuine[:place] + digit + genuine[place + 1 :]
    if headers[SIGNATURE] == genuine:
        return
    with pytest.raises(ForgedWebhook, match="does not match"):
        verify(headers, BODY, SECRET, now=NOW)


def test_the_timestamp_is_part_of_what_was_signed() -> None:
    headers = signed() | {TIMESTAMP: str(int(NOW) + 1)}
    with pytest.raises(ForgedWebhook):
        verify(headers, BODY, SECRET, now=NOW)


@pytest.mark.parametrize("secrets", [["new", SECRET], [SECRET, "new"], (SECRET.encode(),), {SECRET}, SECRET.encode()])
def test_any_of_several_secrets_will_do(secrets: object) -> None:
    assert verify(signed(), BODY, secrets, now=NOW)


def test_another_secret_will_not() -> None:
    with pytest.raises(ForgedWebhook) as caught:
        verify(signed(), BODY, ["one", "two"], now=NOW)
    assert caught.value.reason == "mismatch"


@pytest.mark.parametrize(
    "shape",
    [
        lambda h: h,
        lambda h: {name.lower(): value for name, value in h.items()},
        lambda h: {name.upper(): value for name, value in h.items()},
        lambda h: {name.encode(): value.encode() for name, value in h.items()},
        lambda h: {name: [value] for name, value in h.items()},
        lambda h: list(h.items()),
        lambda h: [(name.lower().encode(), value.encode()) for name, value in h.items()],
        lambda h: iter(h.items()),
        lambda h: {name: f"  {value} " for name, value in h.items()},
        lambda h: h | {SIGNATURE: "sha256=" + h[SIGNATURE]},
        lambda h: h | {SIGNATURE: "SHA256=" + h[SIGNATURE].upper()},
        lambda h: h | {"X-Other": ["several", "values"], "X-None": None, "X-Number": 5},
    ],
)
def test_headers_may_come_in_any_mapping_and_case(shape: object) -> None:
    assert verify(shape(signed()), BODY, SECRET, now=NOW).payload == BODY  # type: ignore[operator]


@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize("offset", [-300, -299, 0, 299, 300])
def test_seconds_and_milliseconds_within_the_tolerance(unit: int, offset: int) -> None:
    sent = verify(signed(int((NOW + offset) * unit)), BODY, SECRET, now=NOW).sent_at
    assert sent == datetime.fromtimestamp(NOW + offset, UTC)


@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize("offset", [-301, 301, -11 * 86400, 11 * 86400, -NOW])
def test_too_old_and_too_far_ahead_are_both_stale(unit: int, offset: float) -> None:
    with pytest.raises(StaleWebhook) as caught:
        verify(signed(int((NOW + offset) * unit)), BODY, SECRET, now=NOW)
    assert caught.value.age == pytest.approx(-offset, abs=1e-6) or offset == -NOW


@given(offset=st.integers(-10_000, 10_000), tolerance=st.integers(1, 5_000))
def test_the_tolerance_is_the_same_on_both_sides(offset: int, tolerance: int) -> None:
    def accepted(moment: float) -> bool:
        try:
            verify(signed(moment), BODY, SECRET, now=NOW, tolerance=timedelta(seconds=tolerance))
        except StaleWebhook:
            return False
        return True

    assert accepted(NOW + offset) == accepted(NOW - offset) == (abs(offset) <= tolerance)


@pytest.mark.parametrize("tolerance", [timedelta(0), timedelta(seconds=-1), timedelta.max, timedelta(days=31)])
def test_a_tolerance_that_checks_nothing_is_refused(tolerance: timedelta) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        verify(signed(), BODY, SECRET, now=NOW, tolerance=tolerance)


@pytest.mark.parametrize("tolerance", [None, 0, 300, 5.0, "5m"])
def test_a_tolerance_that_is_no_duration_is_refused(tolerance: object) -> None:
    with pytest.raises(TypeError, match="timedelta"):
        verify(signed(), BODY, SECRET, now=NOW, tolerance=tolerance)  # type: ignore[arg-type]


@pytest.mark.parametrize("secrets", ["", b"", [], (), ["good", ""], "   ", "ends with a line end\n", " begins"])
def test_secrets_that_would_protect_nobody_are_refused(secrets: object) -> None:
    with pytest.raises(ValueError, match="secret") as caught:
        verify(signed(), BODY, secrets, now=NOW)  # type: ignore[arg-type]
    assert "begins " not in str(caught.value).replace("begins or", "")


@pytest.mark.parametrize("secrets", [None, 5, [None], [b"x", 7]])
def test_what_is_no_secret_is_refused(secrets: object) -> None:
    with pytest.raises(TypeError):
        verify(signed(), BODY, secrets, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("now", [math.nan, math.inf, datetime(2026, 1, 1)])  # noqa: DTZ001 - the point
def test_a_moment_that_would_let_anything_pass_is_refused(now: object) -> None:
    with pytest.raises(ValueError, match=r"moment|zone"):
        verify(signed(), BODY, SECRET, now=now)  # type: ignore[arg-type]


def test_text_instead_of_bytes_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="before any decoding"):
        verify(signed(), BODY.decode(), SECRET, now=NOW)  # type: ignore[arg-type]


def test_now_may_be_a_datetime_and_defaults_to_the_present() -> None:
    assert verify(signed(), BODY, SECRET, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert verify(sign(BODY, SECRET), BODY, SECRET)


def test_a_body_over_the_limit_is_not_looked_at() -> None:
    with pytest.raises(UnreadableWebhook) as caught:
        verify({}, b"x" * 11, SECRET, now=NOW, max_body=10)
    assert (caught.value.reason, caught.value.status) == ("too-large", 413)


# --- the re-serialised form


PRETTY = b'{\n  "b": 1.0,\n  "10": [1e2, -0],\n  "2": "\\u00e9\\/"\n}'
COMPACT = '{"2":"é/","10":[100,0],"b":1}'.encode()


def test_a_body_that_was_reformatted_on_its_way_is_accepted_as_what_was_signed() -> None:
    verified = verify(signed(body=COMPACT), PRETTY, SECRET, now=NOW)
    assert verified.reserialised
    assert verified.payload == COMPACT


def test_unless_that_is_switched_off() -> None:
    with pytest.raises(ForgedWebhook):
        verify(signed(body=COMPACT), PRETTY, SECRET, now=NOW, reserialise=False)


@pytest.mark.parametrize(
    "trick",
    [
        b'{"credits":1,"credits":5}',  # another parser could take the first
        b'{"credits":5.0000000000000000001}',
        b'{"credits":\n5}',
        b'{"cr\\u0065dits":5}',
    ],
)
def test_what_other_parsers_read_differently_cannot_slip_in(trick: bytes) -> None:
    verified = verify(signed(body=b'{"credits":5}'), trick, SECRET, now=NOW)
    assert verified.payload == b'{"credits":5}', "only what was signed is handed on"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_whitespace_never_matters_and_the_payload_never_depends_on_it(content: object) -> None:
    from lusha_async.webhooks.javascript import restringify

    plain = json.dumps(content).encode()
    written = restringify(plain)
    if written is None:
        return
    spaced = json.dumps(content, indent=3).encode()
    assert verify(signed(body=written), spaced, SECRET, now=NOW).payload == written


def test_large_bodies_are_not_reserialised() -> None:
    body = json.dumps({"a": ["x" * 50] * 1000}).encode()
    compact = json.dumps({"a": ["x" * 50] * 1000}, separators=(",", ":")).encode()
    with pytest.raises(ForgedWebhook):
        verify(signed(body=compact), body, SECRET, now=NOW)


# --- sign


def test_sign_makes_the_documented_headers() -> None:
    headers, body = delivery(b"{}")
    assert headers == {
        SIGNATURE: headers[SIGNATURE],
        TIMESTAMP: "1767225600",
        "Content-Type": "application/json",
        "User-Agent": "Lusha-Webhooks/1.0",
    }
    assert sign("{}", SECRET, timestamp=datetime(2026, 1, 1, tzinfo=UTC)) == headers
    assert sign(body, SECRET, timestamp="1767225600") == headers


def test_nothing_shows_the_secret_or_the_body() -> None:
    verified = verify(signed(), BODY, SECRET, now=NOW)
    assert "promotion" not in repr(verified)
    with pytest.raises(ForgedWebhook) as caught:
        verify(signed(), b'{"email":"jane.doe@corp.example"}', [SECRET + "2"], now=NOW)
    assert "jane" not in str(caught.value) + repr(caught.value)
    assert SECRET not in str(caught.value) + repr(caught.value)
