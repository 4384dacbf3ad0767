"""Keyed digests: the ledger recognises people by them without holding who they are."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import msgspec

from ..identity import email_key, is_profile, linkedin_key, phone_key
from ..plain import is_object, texts

SIZE = 16
"""Bytes of a digest."""


def fingerprint(api_key: str) -> str:
    """A digest of an API key: tells accounts apart and cannot be turned back. The same as `LushaClient.fingerprint`."""
    return hashlib.blake2b(api_key.encode(), digest_size=16, person=b"lusha_async").hexdigest()


def account_from_environment() -> str | None:
    """The fingerprint of LUSHA_API_KEY, if that is set."""
    key = os.environ.get("LUSHA_API_KEY", "").strip()
    return fingerprint(key) if key else None


def account_check(account: str, salt: str) -> str:
    """What a ledger keeps to recognise its account."""
    return hashlib.blake2b(account.encode(), key=bytes.fromhex(salt), digest_size=16, person=b"account").hexdigest()


def secret_of(account: str, salt: str) -> bytes:
    """The key of the digests of a ledger that keeps no results: derived, so that the file alone does not hold it."""
    return hashlib.blake2b(account.encode(), key=bytes.fromhex(salt), digest_size=32, person=b"digests").digest()


class Digests:
    """Digests under one secret."""

    def __init__(self, secret: bytes) -> None:
        self._record = hashlib.blake2b(key=secret, digest_size=SIZE, person=b"record")
        self._handle = hashlib.blake2b(key=secret, digest_size=SIZE, person=b"handle")

    def of(self, family: str, identity: Hashable) -> bytes:
        """The digest of a record's identity."""
        try:
            text = msgspec.msgpack.encode((family, identity))
        except (TypeError, OverflowError):
            text = repr((family, identity)).encode("utf-8", "surrogatepass")
        return _digest(self._record, text)

    def handle(self, kind: str, value: str) -> bytes:
        """The digest of something a person can be found by: ``id``, ``email``, ``phone`` or ``linkedin``."""
        text = f"{kind}\0{_KEYS[kind](value)}".encode("utf-8", "surrogatepass")
        return _digest(self._handle, text)


def _digest(begun: hashlib.blake2b, text: bytes) -> bytes:
    """Goes on from a copy: the secret is worked in once only."""
    digest = begun.copy()
    digest.update(text)
    return digest.digest()


_KEYS: dict[str, Callable[[str], str]] = {
    "id": str.strip,
    "email": email_key,
    "phone": phone_key,
    "linkedin": linkedin_key,
}


class Item(msgspec.Struct, rename="camel", gc=False):
    """The parts of a result that somebody can be found by, of either generation of the API."""

    id: Any = None
    person_id: Any = None
    contact_id: Any = None
    linkedin_url: Any = None
    social_links: Any = None
    emails: Any = None
    email_addresses: Any = None
    phones: Any = None
    phone_numbers: Any = None
    data: Any = None


_decoder = msgspec.json.Decoder(Item)


def read_item(raw: bytes) -> Item:
    """The findable parts of a result as raw JSON; nothing for something strange."""
    try:
        item = _decoder.decode(raw)
        return msgspec.convert(item.data, Item) if is_object(item.data) else item
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Item()


def lusha_id(item: Item) -> str | None:
    """The V3 id of a result."""
    return item.id if isinstance(item.id, str) and item.id else None


def handles_of_item(item: Item) -> Iterator[tuple[str, str]]:
    """Kind and value of everything a result can be found by."""
    for value in (item.id, item.person_id, item.contact_id):
        if isinstance(value, str | int) and value:
            yield "id", str(value)
    for value in (*texts(item.emails), *texts(item.email_addresses)):
        if "@" in value:
            yield "email", value
    for value in (*texts(item.phones), *texts(item.phone_numbers)):
        if _may_be_phone(value):
            yield "phone", value
    for value in (*texts(item.linkedin_url), *texts(item.social_links)):
        if is_profile(linkedin_key(value)):
            yield "linkedin", value


def _may_be_phone(text: str) -> bool:
    if _DATE.match(text) or any(map(str.isalpha, text)):
        return False
    return sum(map(str.isdigit, text)) >= 6


_DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:$|[T ])")
"""Beside a number stands when it was updated. Only what can be a day: a purge finds no number that was left out."""


def handles_of_record(record: Any) -> Iterator[tuple[str, str]]:
    """Kind and value of everything a record of a source can be found by."""
    if isinstance(record, str):
        yield "id", record
        return
    for name, kind in (("id", "id"), ("email", "email"), ("linkedin_url", "linkedin")):
        value = getattr(record, name, None)
        if isinstance(value, str) and value:
            yield kind, value
