"""Compressed answers: every encoding that was asked for, none that was not, and nothing beyond the bound."""

from __future__ import annotations

import gzip
import zlib

import pytest

from lusha_async import LushaClient, LushaConnectionError, Repeat
from lusha_async.inflate import Packed, Unreadable, inflate

from .server import answer, serving
from .test_transport import FAST, KEY, endpoint

TEXT = b'{"id":"a","name":"' + b"x" * 5000 + b'"}'
RAW_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]) + b"\0\0",
    "deflate": zlib.compress(TEXT),
    "": TEXT,
    "identity": TEXT,
}


@pytest.mark.parametrize("encoding", PACKED)
def test_what_was_packed_is_unpacked(encoding: str) -> None:
    assert inflate(PACKED[encoding], encoding) == TEXT
    assert Packed(PACKED[encoding], encoding).unpacked() == TEXT


def test_deflate_without_its_header() -> None:
    assert inflate(RAW_DEFLATE.compress(TEXT) + RAW_DEFLATE.flush(), "deflate") == TEXT


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(TEXT)[:-20], "gzip"),
        (TEXT, "gzip"),
        (TEXT, "deflate"),
        (gzip.compress(TEXT) + b"something else", "gzip"),
        (gzip.compress(TEXT), "br"),
    ],
    ids=["cut off", "not packed", "not packed either", "more behind it", "not asked for"],
)
def test_what_cannot_be_read(body: bytes, encoding: str) -> None:
    with pytest.raises(Unreadable):
        inflate(body, encoding)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    with pytest.raises(Unreadable, match="larger"):
        inflate(bomb, "gzip", most=1_000_000)
    assert len(inflate(bomb, "gzip", most=10_000_000)) == 10_000_000


async def test_an_answer_over_the_wire_keeps_both_forms() -> None:
    async with (
        serving([answer(PACKED["gzip"], extra="Content-Encoding: GZIP\r\n")]) as seen,
        LushaClient(KEY, base_url=seen.url) as lusha,
    ):
        reply = await lusha.send(endpoint(Repeat.FREE), body={})
    assert (reply.raw, reply.data.id) == (TEXT, "a")
    assert reply.packed is not None
    assert reply.packed.unpacked() == TEXT
    assert b"accept-encoding: gzip, deflate\r\n" in seen.requests[0].lower()


async def test_an_answer_that_cannot_be_unpacked_is_a_broken_one() -> None:
    broken = answer(PACKED["gzip"][:-20], extra="Content-Encoding: gzip\r\n")
    async with (
        serving([broken, broken, answer(TEXT)]) as seen,
        LushaClient(KEY, base_url=seen.url, retries=FAST) as lusha,
    ):
        reply = await lusha.send(endpoint(Repeat.FREE), body={})
        assert (reply.attempts, reply.packed) == (3, None)
    async with serving([broken]) as seen, LushaClient(KEY, base_url=seen.url, retries=FAST) as lusha:
        with pytest.raises(LushaConnectionError, match="broke before the answer was complete"):
            await lusha.send(endpoint(Repeat.FREE), body={})
