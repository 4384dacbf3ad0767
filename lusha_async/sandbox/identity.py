"""Who is meant: one canonical text per person and company, and ids that carry it.

A person is an e-mail address (``zoe.muller@nordwind.example.com``) or, when only a LinkedIn address is known,
``in:zoe-muller-7b1``. A company is its domain. Every spelling of a question leads to the same text, and an id is that
text, packed and blurred: the sandbox answers for any id it ever gave without remembering one of them.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from urllib.parse import unquote, urlsplit

CONTACT = b"contact"
COMPANY = b"company"

_ENDINGS = {
    ".example.com": "A",
    ".example.org": "B",
    ".example.net": "C",
    ".example": "D",
    ".com": "E",
    ".test": "F",
    ".org": "G",
    ".net": "H",
}
_LONG = {letter: ending for ending, letter in _ENDINGS.items()}
_SYMBOLS = "\0abcdefghijklmnopqrstuvwxyz0123456789.@-_:" + "".join(_LONG)
_VALUES = {symbol: value for value, symbol in enumerate(_SYMBOLS)}
_BASE = len(_SYMBOLS)
_PLAIN = re.compile(r"[a-z0-9.@\-_:]+")
_EMAIL = re.compile(r"[^\s@\"\\<>(),;:\[\]\x00-\x1f]+@[^\s@\"\\<>(),;:\[\]\x00-\x1f]+\.[^\s@.\"\\\x00-\x1f]+")


def is_email(text: str) -> bool:
    """Whether the API would take this for an e-mail address."""
    return len(text) <= 320 and _EMAIL.fullmatch(text.strip()) is not None


_ENCODED = "xn--"
"""Begins the part of an address before the @ that could not be written in ASCII."""


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """Lower-case words joined by hyphens, accents folded: "Zoë  Müller" -> "zoe-muller"."""
    if text.isascii():
        folded = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[^\W_]+", folded))


@lru_cache(maxsize=8192)
def domain(text: str) -> str:
    """The bare domain of a domain, a URL or a host with "www."; "" when there is none."""
    text = text.strip().lower()
    host = text.partition("//")[2] if "//" in text else text
    host = re.split(r"[/?#:\s]", host, maxsplit=1)[0].strip(".")
    host = host.removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ".".join(slug(label) for label in host.split("."))
    return re.sub(r"[^a-z0-9.-]", "", host)


def from_email(text: str) -> str:
    """The person behind an address: case and a "+tag" make no difference."""
    local, _, host = text.strip().rpartition("@")
    local = local.lower().partition("+")[0]
    if local.startswith(_ENCODED):
        with suppress(UnicodeError):  # somebody's own, which only looks like ours
            local = local.removeprefix(_ENCODED).encode().decode("punycode")
    return f"{local}@{domain(host)}"


def address(person: str) -> str:
    """The e-mail address of a person known by one, in ASCII, such that `from_email` finds the person again."""
    local, _, host = person.rpartition("@")
    return person if local.isascii() else f"{_ENCODED}{local.encode('punycode').decode()}@{host}"


def from_linkedin(text: str) -> str | None:
    """The person behind a LinkedIn address in any of its spellings; None when there is no profile in it."""
    text = text.strip()
    try:
        path = urlsplit(text if "//" in text else f"//{text}").path
    except ValueError:
        return None
    parts = [part for part in unquote(path).split("/") if part]
    if len(parts) < 2 or parts[0].lower() not in {"in", "pub"}:
        return None
    name = parts[1].lower()
    if "---" in name:
        return name.replace("---", "@").replace("--", ".")
    return f"in:{name}"


def linkedin_slug(person: str) -> str:
    """The profile name of a person, such that `from_linkedin` finds the person again."""
    return person[3:] if person.startswith("in:") else person.replace(".", "--").replace("@", "---")


def from_names(first: str, last: str, company_domain: str) -> str:
    """A person by name and employer: the address such a person would have there."""
    return f"{slug(first)}.{slug(last)}@{company_domain}"


def domain_of_name(name: str) -> str:
    """The domain of a company known by name only."""
    return f"{slug(name) or 'unnamed'}.example.com"


class Codec:
    """Turns identities into ids and back. Another `seed` gives other ids."""

    def __init__(self, seed: int) -> None:
        self._secret = hashlib.blake2b(str(seed).encode(), digest_size=32).digest()

    def digest(self, identity: str, kind: bytes) -> bytes:
        """16 bytes that decide everything about a person or company."""
        text = identity.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=16, key=self._secret, person=kind).digest()

    def encode(self, identity: str, kind: bytes, digest: bytes | None = None) -> str:
        """The V3 id of an identity."""
        check = (digest or self.digest(identity, kind))[:3]
        plain = _pack(identity)
        smallest = 20 + check[0] % 3
        plain = plain.rjust(smallest, b"\0")
        return "v1." + base64.urlsafe_b64encode(check + self._blur(plain, check)).rstrip(b"=").decode()

    def decode(self, text: str, kind: bytes) -> str | None:
        """The identity inside an id; None for an id this sandbox cannot have given."""
        try:
            raw = base64.urlsafe_b64decode(text[3:] + "=" * (-(len(text) - 3) % 4))
        except ValueError:
            return None
        if not text.startswith("v1.") or len(raw) < 23:
            return None
        check = raw[:3]
        identity = _unpack(self._blur(raw[3:], check))
        if identity is None or self.digest(identity, kind)[:3] != check:
            return None
        return identity

    def _blur(self, data: bytes, check: bytes) -> bytes:
        stream = hashlib.shake_128(self._secret + check).digest(len(data))
        return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")


def _pack(identity: str) -> bytes:
    """A number in base 50 where the letters allow it, UTF-8 otherwise; the last byte tells which."""
    short = identity
    for ending, letter in _ENDINGS.items():
        if identity.endswith(ending):
            short = identity[: -len(ending)] + letter
            break
    if not _PLAIN.fullmatch(identity):
        return identity.encode("utf-8", "surrogatepass") + b"\1"
    number = 0
    for symbol in short:
        number = number * _BASE + _VALUES[symbol]
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + b"\0"


def _unpack(plain: bytes) -> str | None:
    body, tag = plain[:-1].lstrip(b"\0"), plain[-1]
    if tag:
        try:
            return body.decode("utf-8", "surrogatepass") or None
        except UnicodeDecodeError:
            return None
    number = int.from_bytes(body, "big")
    symbols: list[str] = []
    while number:
        number, value = divmod(number, _BASE)
        symbols.append(_SYMBOLS[value])
    short = "".join(reversed(symbols))
    return short[:-1] + _LONG[short[-1]] if short[-1:] in _LONG else short or None
