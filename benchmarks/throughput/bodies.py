"""Answers of realistic shape and size, prepared so that only the references have to be put in.

An answer is a chain of constant pieces with a slot of fixed width before each: the reference, padded with blanks (JSON
does not mind). The pieces exist twice: as text, and as parts of a deflate stream in which every slot is a stored
block, so that a gzipped answer costs its server a join and a checksum instead of a compression.
"""

from __future__ import annotations

import itertools
import json
import random
import struct
import zlib
from typing import Any, NamedTuple

RECORDS = 100
"""Records in a full answer."""
SLOT = 24
"""Bytes of a slot: a quoted reference of at most 22 bytes."""
_KEY = b'{"clientReferenceId":'
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

_TITLES = ("Senior Data Engineer", "Head of Revenue Operations", "VP Marketing", "Account Executive", "Product Manager")
_DEPARTMENTS = ("Engineering & Technical", "Sales", "Marketing", "Operations", "Product")
_INDUSTRIES = ("Technology, Information & Media", "Financial Services", "Manufacturing", "Hospitals & Healthcare")
_CITIES = ("Springfield", "Rivertown", "Lakeside", "Hillview", "Oakfield", "Mapleton")


class Sums(NamedTuple):
    """What every contender has to find out of its answers. `pairs` comes out right only if results meet their rows."""

    contacts: int = 0
    connections: int = 0
    emails: int = 0
    phones: int = 0
    pairs: int = 0


class Figures(NamedTuple):
    """The countable things of one record."""

    connections: int
    emails: int
    phones: int


def figures(place: int) -> Figures:
    """What the record at `place` of an answer holds."""
    return Figures(100 + place * 7 % 400, 1 + place % 2, place % 3)


def expected(contacts: int, *, start: int = 0) -> Sums:
    """The sums over `contacts` rows from `start` on, asked about in order and in chunks of a hundred."""
    connections = emails = phones = pairs = 0
    held = [figures(place) for place in range(RECORDS)]
    for number, of in zip(range(start, start + contacts), itertools.cycle(held), strict=False):
        connections += of.connections
        emails += of.emails
        phones += of.phones
        pairs += number * of.connections
    return Sums(contacts, connections, emails, phones, pairs)


def row(number: int) -> dict[str, str]:
    """A row as it stands in somebody's list: nobody real."""
    return {
        "email": f"person{number}@company{number % 977}.example.com",
        "first_name": "Person",
        "last_name": f"Number{number}",
        "company_domain": f"company{number % 977}.example.com",
    }


class Answer:
    """The answer of one shape, ready to be filled with references."""

    def __init__(self, *, wide: bool) -> None:
        draw = random.Random(7)
        head = json.dumps({"requestId": _uuid(draw)}, separators=(",", ":")).encode()[:-1] + b',"results":['
        self._leads = [(b"," if place else head) + _KEY for place in range(RECORDS)]
        rests = [json.dumps(_record(place, draw, wide=wide), separators=(",", ":")) for place in range(RECORDS)]
        self._rests = [b"," + rest.encode()[1:] for rest in rests]
        self._packed = self._deflated(draw)

    def plain(self, references: list[bytes]) -> bytes:
        """The answer as text."""
        parts: list[bytes] = []
        for lead, reference, rest in zip(self._leads, references, self._rests, strict=False):
            parts += (lead, _slot(reference), rest)
        parts.append(_tail(len(references)))
        return b"".join(parts)

    def gzipped(self, references: list[bytes]) -> bytes:
        """The answer as a gzip file."""
        text = self.plain(references)
        parts = [_GZIP_HEAD]
        for lead, reference, packed in zip(self._leads, references, self._packed, strict=False):
            parts += (_stored(lead + _slot(reference)), packed)
        parts.append(_stored(_tail(len(references)), last=True))
        parts.append(struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF))
        return b"".join(parts)

    def _deflated(self, draw: random.Random) -> list[bytes]:
        """The constant pieces as one stream compresses them; what stands in the slots is never referred back to."""
        stream = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed: list[bytes] = []
        for lead, rest in zip(self._leads, self._rests, strict=True):
            noise = bytes(draw.randrange(128, 256) for _ in range(SLOT))
            stream.compress(lead + noise)
            stream.flush(zlib.Z_SYNC_FLUSH)
            packed.append(stream.compress(rest) + stream.flush(zlib.Z_SYNC_FLUSH))
        return packed


def _slot(reference: bytes) -> bytes:
    return b'"%b"' % reference + b" " * (SLOT - 2 - len(reference))


def _stored(data: bytes, *, last: bool = False) -> bytes:
    return struct.pack("<BHH", last, len(data), len(data) ^ 0xFFFF) + data


def _tail(records: int) -> bytes:
    return b'],"billing":{"creditsCharged":%d,"resultsReturned":%d}}' % (records, records)


def _uuid(draw: random.Random) -> str:
    digits = f"{draw.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _id(draw: random.Random) -> str:
    return "v1." + "".join(draw.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", k=32))


def _company(draw: random.Random) -> dict[str, Any]:
    number = draw.randrange(10_000)
    return {
        "id": _id(draw),
        "name": f"Company {number} Holdings Inc.",
        "domain": f"www.company{number}.example.com",
        "industry": draw.choice(_INDUSTRIES),
    }


def _title(draw: random.Random) -> dict[str, Any]:
    return {
        "title": draw.choice(_TITLES),
        "departments": draw.sample(_DEPARTMENTS, 2),
        "seniority": draw.choice(("Senior", "Director", "Vice President", "Manager")),
        "startDate": f"{draw.randrange(2005, 2026)}-{draw.randrange(1, 13):02d}-01",
    }


def _record(place: int, draw: random.Random, *, wide: bool) -> dict[str, Any]:
    """An enriched contact of about 2.5 KB, or one three times as wide, with fields no struct knows of."""
    of = figures(place)
    city = draw.choice(_CITIES)
    record: dict[str, Any] = {
        "id": _id(draw),
        "firstName": "Person",
        "lastName": f"Number{place}",
        "fullName": f"Person Number{place}",
        "jobTitle": _title(draw),
        "company": _company(draw),
        "location": {
            "country": "United States",
            "countryIso2": "US",
            "state": "Oregon",
            "stateCode": "OR",
            "city": city,
            "continent": "North America",
            "zipCode": f"{draw.randrange(10_000, 99_999)}",
            "coordinates": [round(draw.uniform(-124, -70), 4), round(draw.uniform(30, 48), 4)],
            "isEuContact": False,
        },
        "emails": [
            {
                "email": f"person{place}.{n}@company.example.com",
                "type": "work" if n == 0 else "private",
                "confidence": None,
                "updateDate": "2026-03-14",
                "dataSource": "lusha",
            }
            for n in range(of.emails)
        ],
        "phones": [
            {
                "number": f"+1 555-01{draw.randrange(100):02d}",
                "type": "mobile" if n == 0 else "direct",
                "doNotCall": False,
                "updateDate": "2026-02-01",
                "dataSource": "lusha",
            }
            for n in range(of.phones)
        ],
        "socialLinks": {
            "linkedin": f"https://www.linkedin.example.com/in/person-number-{draw.getrandbits(40):010x}",
            "xUrl": f"https://x.example.com/person{place}",
        },
        "linkedinConnections": of.connections,
        "linkedinFollowers": draw.randrange(5_000),
        "previousEmployment": [
            {"company": _company(draw), "jobTitle": _title(draw)} for _ in range(18 if wide else 3 + place % 2)
        ],
        "tags": [{"id": _id(draw), "name": "target account", "color": "#3b6fd4"}],
        "updateDate": "2026-04-02T09:41:27.000Z",
        "partialProfile": False,
        "profileHistory": {"verifiedAt": "2026-04-01", "sources": ["lusha"], "score": round(draw.random(), 6)},
    }
    if wide:
        record["skills"] = [{"name": f"skill {n}", "endorsements": draw.randrange(99)} for n in range(24)]
        record["summary"] = " ".join(draw.choices(_TITLES + _INDUSTRIES, k=24))
    return record
