"""Anybody can send anything to a public URL. Each of these kinds gets a refusal, none gets in, none makes a 5xx."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lusha_async.webhooks import WebhookReceiver, sign

from .helpers import NOW, SECRET, ManualClock, delivery, payload, to_json

SIGNATURE, TIMESTAMP = "X-Lusha-Signature", "X-Lusha-Timestamp"
GOOD, BODY = delivery(delivery_id="f3b87e05")
HEX = GOOD[SIGNATURE]
STAMP = GOOD[TIMESTAMP]
MAX_BODY = 64 * 1024


class Kind(NamedTuple):
    """One kind of hostile request and the status it gets."""

    name: str
    status: int
    headers: Any = GOOD
    body: bytes = BODY
    method: str = "POST"
    query: str = ""


def changed(**headers: Any) -> dict[str, Any]:
    """Good headers with some replaced (None: left out)."""
    given = {SIGNATURE: headers.get("signature", HEX), TIMESTAMP: headers.get("timestamp", STAMP)}
    return {name: value for name, value in given.items() if value is not None}


def signed(body: bytes) -> dict[str, str]:
    return sign(body, SECRET, timestamp=NOW)


def signed_kind(name: str, body: bytes, status: int = 400) -> Kind:
    """Genuinely signed, and still not readable: what a broken sender or a stolen secret could bring."""
    return Kind(name, status, signed(body), body)


KINDS = [
    # signature headers
    Kind("no headers", 401, {}),
    Kind("no signature", 401, changed(signature=None)),
    Kind("empty signature", 401, changed(signature="")),
    Kind("blank signature", 401, changed(signature="   ")),
    Kind("prefix only", 401, changed(signature="sha256=")),
    Kind("wrong prefix", 401, changed(signature="sha1=" + HEX)),
    Kind("double prefix", 401, changed(signature="sha256=sha256=" + HEX)),
    Kind("too short", 401, changed(signature=HEX[:-1])),
    Kind("too long", 401, changed(signature=HEX + "0")),
    Kind("half", 401, changed(signature=HEX[:32])),
    Kind("not hex", 401, changed(signature="g" * 64)),
    Kind("base64", 401, changed(signature="q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")),
    Kind("all zeros", 401, changed(signature="0" * 64)),
    Kind("all of another secret", 401, sign(BODY, "another", timestamp=NOW)),
    Kind("the word null", 401, changed(signature="null")),
    Kind("signature of the empty body", 401, changed(signature=signed(b"")[SIGNATURE])),
    Kind("a line break inside", 401, changed(signature=HEX[:32] + "\n" + HEX[32:])),
    Kind("a line break behind", 401, changed(signature="sha256=" + HEX[:-1] + "\n")),
    Kind("a NUL inside", 401, changed(signature=HEX[:-1] + "\x00")),
    Kind("full-width digits", 401, changed(signature="\uff10" * 64)),
    Kind("non-ASCII", 401, changed(signature="é" * 64)),
    Kind("a megabyte of signature", 401, changed(signature="a" * 1_000_000)),
    Kind("two, comma-joined", 401, changed(signature=f"{HEX}, {HEX}")),
    Kind("two in a list", 401, changed(signature=[HEX, "0" * 64])),
    Kind("an empty list", 401, changed(signature=[])),
    Kind("two headers of one name", 401, [*GOOD.items(), (SIGNATURE.lower(), HEX)]),
    Kind("the good one last", 401, [(SIGNATURE, "0" * 64), *GOOD.items()]),
    Kind("undecodable bytes", 401, [(SIGNATURE.encode(), b"\xff\xfe"), (TIMESTAMP.encode(), STAMP.encode())]),
    Kind("not a text at all", 401, changed(signature=12345)),
    Kind("the names swapped", 401, {SIGNATURE: STAMP, TIMESTAMP: HEX}),
    Kind("signed without the timestamp", 401, changed(signature=sign(BODY, SECRET, timestamp="")[SIGNATURE])),
    # timestamps
    Kind("no timestamp", 401, changed(timestamp=None)),
    Kind("empty timestamp", 401, changed(timestamp="")),
    Kind("timestamp not a number", 401, changed(timestamp="soon")),
    Kind("timestamp negative", 401, changed(timestamp="-" + STAMP)),
    Kind("timestamp with a plus", 401, changed(timestamp="+" + STAMP)),
    Kind("timestamp with a fraction", 401, changed(timestamp=STAMP + ".5")),
    Kind("timestamp NaN", 401, changed(timestamp="NaN")),
    Kind("timestamp Infinity", 401, changed(timestamp="Infinity")),
    Kind("timestamp in exponents", 401, changed(timestamp="1e9")),
    Kind("timestamp in hex", 401, changed(timestamp="0x69a")),
    Kind("timestamp with underscores", 401, changed(timestamp="1_767_225_600")),
    Kind("timestamp in other digits", 401, changed(timestamp="".join(chr(0x0660 + int(d)) for d in STAMP))),
    Kind("timestamp of a million digits", 401, changed(timestamp="1" * 1_000_000)),
    Kind("timestamp as a date", 401, changed(timestamp="2026-01-01T00:00:00Z")),
    Kind("timestamp twice", 401, [*GOOD.items(), (TIMESTAMP, STAMP)]),
    Kind("timestamp changed by a second", 401, changed(timestamp=str(int(STAMP) + 1))),
    Kind("timestamp padded with zeros", 401, changed(timestamp="0" + STAMP)),
    Kind("the dot moved", 401, changed(timestamp=STAMP + "."), BODY),
    Kind("the boundary moved", 401, changed(timestamp=STAMP[:-1]), STAMP[-1:].encode() + b"." + BODY),
    Kind("signed six minutes ago", 401, sign(BODY, SECRET, timestamp=NOW - 360)),
    Kind("signed in six minutes", 401, sign(BODY, SECRET, timestamp=NOW + 360)),
    Kind("signed in 1970", 401, sign(BODY, SECRET, timestamp="0")),
    Kind("signed in the year 3000", 401, sign(BODY, SECRET, timestamp="32503680000000")),
    Kind("signed at the largest number", 401, sign(BODY, SECRET, timestamp="9" * 16)),
    # bodies that were changed
    Kind("no body", 401, GOOD, b""),
    Kind("cut short", 401, GOOD, BODY[:-1]),
    Kind("something appended", 401, GOOD, BODY + b"{}"),
    Kind("another entity", 401, GOOD, BODY.replace(b"4158887495", b"4158887496")),
    Kind("a field added", 401, GOOD, BODY.replace(b"{", b'{"x":1,', 1)),
    Kind("fields reordered", 401, GOOD, to_json(dict(reversed(payload(delivery_id="f3b87e05").items())))),
    Kind("another case", 401, GOOD, BODY.upper()),
    Kind("a byte order mark before it", 401, GOOD, b"\xef\xbb\xbf" + BODY),
    Kind("UTF-16", 401, GOOD, BODY.decode().encode("utf-16")),
    Kind("unsigned bytes", 401, GOOD, bytes(range(256))),
    Kind("unsigned deep nesting", 401, GOOD, b"[" * 60_000),
    Kind("unsigned deep objects", 401, GOOD, b'{"a":' * 10_000),
    Kind("unsigned NaN", 401, GOOD, b"NaN"),
    Kind("an endless string of escapes", 401, GOOD, b'"' + b'\\"' * 15_000),
    Kind("quotes and brackets", 401, GOOD, b'["' * 15_000),
    Kind("a number of 30,000 digits", 401, GOOD, b"9" * 30_000),
    Kind("ten thousand keys", 401, GOOD, to_json({str(number): 1 for number in range(3000)})),
    # bodies that are signed and cannot be read
    signed_kind("signed nothing", b""),
    signed_kind("signed white space", b" \n"),
    signed_kind("signed text", b"hello"),
    signed_kind("signed number", b"5"),
    signed_kind("signed null", b"null"),
    signed_kind("signed string", b'"promotion"'),
    signed_kind("signed NaN", b'{"id":NaN}'),
    signed_kind("signed Infinity", b'{"id":-Infinity}'),
    signed_kind("signed half", BODY[:50]),
    signed_kind("signed twice over", BODY + BODY),
    signed_kind("signed trailing comma", b'{"id":"1",}'),
    signed_kind("signed comment", b'{"id":"1"/*x*/}'),
    signed_kind("signed single quotes", b"{'id':'1'}"),
    signed_kind("signed control character", b'{"id":"\n"}'),
    signed_kind("signed duplicate keys", b'{"id":"1","id":"2","type":"promotion"}'),
    signed_kind("signed duplicate keys inside", b'{"id":"1","data":{"a":[{"b":1,"b":1}]}}'),
    signed_kind("signed Latin-1", '{"id":"é"}'.encode("latin-1")),
    signed_kind("signed overlong UTF-8", b'{"id":"\xc0\xaf"}'),
    signed_kind("signed surrogate bytes", b'{"id":"\xed\xa0\x80"}'),
    signed_kind("signed UTF-16", '{"id":"1"}'.encode("utf-16")),
    signed_kind("signed byte order mark", b'\xef\xbb\xbf{"id":"1"}'),
    signed_kind("signed nesting of lists", b"[" * 5000 + b"]" * 5000),
    signed_kind("signed nesting of objects", b'{"a":' * 65 + b"1" + b"}" * 65),
    signed_kind("signed form", b"payload=%7B%7D"),
    signed_kind("signed XML", b"<xml/>"),
    signed_kind("signed gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
    Kind("signed and said to be gzip", 415, {**GOOD, "Content-Encoding": "gzip"}),
    Kind("signed and said to be br", 415, {**GOOD, "content-encoding": "br, identity"}),
    signed_kind("signed and too large", b'{"id":"' + b"x" * MAX_BODY + b'"}', 413),
    Kind("unsigned and too large", 413, GOOD, b"x" * (MAX_BODY + 1)),
    Kind("ten megabytes", 413, GOOD, b"{" * 10_000_000),
    # methods and queries
    Kind("GET without a challenge", 400, {}, b"", "GET"),
    Kind("GET with an empty challenge", 400, {}, b"", "GET", "challenge="),
    Kind("GET with two challenges", 400, {}, b"", "GET", "challenge=a&challenge=b"),
    Kind("GET with a long challenge", 400, {}, b"", "GET", "challenge=" + "a" * 2000),
    Kind("GET with an endless query", 400, {}, b"", "GET", "a=b&" * 100_000),
    Kind("GET with broken escapes only", 400, {}, b"", "GET", "%%%&=&;;"),
    Kind("PUT", 405, GOOD, BODY, "PUT"),
    Kind("DELETE", 405, GOOD, BODY, "DELETE"),
    Kind("PATCH", 405, GOOD, BODY, "PATCH"),
    Kind("OPTIONS", 405, GOOD, BODY, "OPTIONS"),
    Kind("HEAD", 405, GOOD, BODY, "HEAD"),
    Kind("TRACE", 405, GOOD, BODY, "TRACE"),
    Kind("an invented method", 405, GOOD, BODY, "DELIVER"),
    Kind("post in lower case", 405, GOOD, BODY, "post"),
]


@pytest.fixture
async def receiver():
    handled: list[Any] = []
    receiver = WebhookReceiver(SECRET, waive_opt_outs=True, clock=ManualClock(), max_body=MAX_BODY)
    receiver.fallback(lambda event: handled.append(event))
    async with receiver:
        yield receiver
    assert not handled, "nothing hostile reached a handler"


def test_there_are_more_than_sixty_kinds() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) > 60


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
async def test_it_is_refused(kind: Kind, receiver: WebhookReceiver) -> None:
    response = await receiver.handle(kind.method, kind.query, kind.headers, kind.body)
    assert response.status == kind.status
    assert json.loads(response.body)["error"], "and the answer is JSON"
    assert b"f3b87e05" not in response.body
    assert receiver.in_hand == receiver.counts.accepted == 0


async def test_the_same_request_unchanged_is_accepted() -> None:
    """Or the table above would prove nothing."""
    handled: list[Any] = []
    receiver = WebhookReceiver(SECRET, waive_opt_outs=True, clock=ManualClock(), max_body=MAX_BODY)
    receiver.fallback(handled.append)
    async with receiver:
        assert (await receiver.handle("POST", "", GOOD, BODY)).status == 201
        assert (await receiver.handle("POST", "ignored=1", GOOD, BODY)).status == 201, "a repeat is acknowledged again"
    assert len(handled) == 1


HEADER = (
    st.text(max_size=80)
    | st.binary(max_size=80)
    | st.none()
    | st.integers()
    | st.lists(st.text(max_size=5), max_size=3)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", ""]),
    query=st.text(max_size=60),
    headers=st.dictionaries(
        st.sampled_from([SIGNATURE, TIMESTAMP, SIGNATURE.lower(), "Content-Encoding"]) | st.text(), HEADER
    ),
    body=st.binary(max_size=200) | st.just(BODY),
)
async def test_whatever_is_sent_gets_a_refusal(
    receiver: WebhookReceiver, method: str, query: str, headers: Any, body: bytes
) -> None:
    response = await receiver.handle(method, query, headers, body)
    assert response.status in {200, 400, 401, 405, 413, 415}
    assert response.status != 200 or "challenge" in query
    assert receiver.counts.accepted == 0


async def test_a_flood_of_forgeries_leaves_nothing_behind(
    receiver: WebhookReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(2000):
        await receiver.handle("POST", "", sign(BODY, f"guess {number}", timestamp=NOW), BODY)
    assert receiver.counts.forged == 2000
    assert len(receiver._store) == 0  # type: ignore[arg-type]
    assert len(caplog.records) == 1, "one line a minute, not two thousand"
    assert SECRET not in caplog.text
    assert "Bartender" not in caplog.text
