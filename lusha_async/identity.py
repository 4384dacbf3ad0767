"""When two records are the same person or company. The rules live here and nowhere else;
`tests/ledger/test_identity.py` holds the table of pairs.

Two mistakes are possible, and they do not weigh the same. Telling one person apart twice costs at most a search,
because what is revealed is not charged twice. Taking two people for one gives somebody another person's data. So a
rule merges only what cannot be two:

========================  ==========================================================================================
id                        Lusha's own: nothing else counts beside it.
e-mail                    Case and surrounding space never count. At Gmail dots and a ``+tag`` do not, and
                          ``googlemail.com`` is ``gmail.com``; at any other provider both may be another mailbox.
LinkedIn                  Scheme, country host, case, slashes, query, language and sub-pages of a profile do not count.
                          The opaque ids (``ACoAA...``) keep their case. A company page is nobody's profile.
name                      Case, space, Latin accents, kinds of apostrophe and hyphen do not count.
employer                  Its domain if there is one, else its name. Beside an e-mail or a profile it does not count:
                          people change jobs. Their names still do: families and teams share mailboxes.
domain                    A URL is its host; ``www.`` and the case do not count; Unicode is its punycode. On hosts that
                          many companies share (``facebook.com/acme``) the path counts, and so does the company's name.
company name              As names, and commas and full stops do not count. Legal forms do: Ltd and Inc are two firms.
phone                     Digits only, ``00`` before a country code is ``+``. Used to find people, never to merge them.
========================  ==========================================================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import cast
from urllib.parse import unquote

GMAIL = frozenset({"gmail.com", "googlemail.com"})
"""One provider under two names, which ignores dots and everything after a plus."""

SHARED_HOSTS = frozenset(
    {
        "about.me", "angel.co", "behance.net", "bit.ly", "blogspot.com", "crunchbase.com", "facebook.com", "fb.com",
        "github.com", "github.io", "gmail.com", "goo.gl", "google.com", "googlemail.com", "hotmail.com", "icloud.com",
        "instagram.com", "linkedin.com", "linktr.ee", "lnkd.in", "medium.com", "notion.site", "outlook.com",
        "pinterest.com", "sites.google.com", "t.co", "t.me", "tiktok.com", "tumblr.com", "twitter.com", "vimeo.com",
        "wa.me", "web.de", "wordpress.com", "x.com", "xing.com", "yahoo.com", "yelp.com", "youtube.com", "gmx.de",
        "gmx.net", "aol.com", "live.com", "proton.me", "protonmail.com", "qq.com", "163.com", "mail.ru", "yandex.ru",
    }
)  # fmt: skip
"""Hosts under which many companies have a page or a mailbox: such a host alone does not say which company it is."""

_PLAIN_HOST = re.compile(r"(?!www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+")
"""A host that is its own key already: most of them."""
_PLAIN_EMAILS = re.compile(
    r"(?: [a-z0-9._+-]++ @ (?! \. | www\. | g(?:oogle)?mail\.com\n ) [a-z0-9.-]++ (?<! \. ) \n )++", re.VERBOSE
)
"""Lines of addresses that are, in lower case, their own keys (if no dot follows another): most of them."""
_OPAQUE = re.compile(r"A[A-Za-z]o?AA[\w-]{20,}")
_LINKEDIN = re.compile(r"(?:[a-z]+:)?(?://)?(?:[\w-]+\.)*linkedin\.com(?::\d+)?/(.*)", re.IGNORECASE | re.DOTALL)
_APOSTROPHES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u00b4\u0060\u2032\uff07", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"),
    }
)

# --- parts ---------------------------------------------------------------------------------------------------------


def email_key(text: str) -> str:
    """An address in the form in which equal mailboxes are equal texts."""
    local, at, domain = text.strip().rpartition("@")
    if not at:
        return text.strip().casefold()
    domain = host_key(domain)
    local = local.lower() if local.isascii() else unicodedata.normalize("NFC", local.lower())
    if domain in GMAIL and not local.startswith('"'):
        domain = "gmail.com"
        local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}"


def linkedin_key(text: str) -> str:
    """A LinkedIn profile as ``in/<slug>``; any other address as the text it is."""
    text = text.strip()
    found = _LINKEDIN.fullmatch(text)
    if found is None:
        return text
    path = re.split(r"[?#]", found[1], maxsplit=1)[0]
    parts = [part for part in unquote(path).split("/") if part.strip()]
    kind = parts[0].lower() if parts else ""
    if kind in {"mwlite", "comm"} and len(parts) > 1:
        parts = parts[1:]
        kind = parts[0].lower()
    if kind == "in" and len(parts) > 1:
        return f"in/{_slug(parts[1])}"
    if kind == "sales" and len(parts) > 2 and parts[1].lower() in {"lead", "people"}:
        return f"sales/{parts[2].partition(',')[0]}"
    if kind == "pub" and len(parts) > 1:
        return "/".join(["pub", *(_slug(part) for part in parts[1:5])])
    return text


def is_profile(key: str) -> bool:
    """Whether a `linkedin_key` names one person."""
    return key.startswith(("in/", "sales/", "pub/"))


def _slug(text: str) -> str:
    text = text.strip()
    return text if _OPAQUE.fullmatch(text) else unicodedata.normalize("NFC", text).lower()


def host_key(text: str) -> str:
    """The host of a domain or URL: lower case, punycode, without ``www.``, port, path and the final dot."""
    return text if _PLAIN_HOST.fullmatch(text) else _host_key(text)


@lru_cache(maxsize=4096)
def _host_key(text: str) -> str:
    host = _without_scheme(text)
    host = re.split(r"[/?#\\\s]", host, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d*$", "", host)
    labels = [_label(label) for label in re.split(r"[.\u3002\uff0e\uff61]", host)]
    while labels and not labels[-1]:
        labels.pop()
    if len(labels) > 2 and labels[0] == "www":
        labels = labels[1:]
    return ".".join(labels)


def _without_scheme(text: str) -> str:
    text = text.strip()
    return text.partition("//")[2] if re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//", text) else text


def _label(label: str) -> str:
    """One part of a domain in its ASCII form. Written out because the `idna` codec of Python merges what the current
    rules keep apart (``stra\u00dfe`` and ``strasse``)."""
    label = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", label).lower())
    if label.isascii():
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return label


def domain_key(text: str) -> str:
    """A company's domain: its host; where many companies share a host, host and path. A text that is none stays one."""
    host = host_key(text)
    if "." not in host:
        return company_name_key(text)
    if host not in SHARED_HOSTS:
        return host
    path = _without_scheme(text).partition("/")[2]
    path = "/".join(part for part in unquote(re.split(r"[?#]", path, maxsplit=1)[0]).split("/") if part)
    return f"{host}/{path.lower()}" if path else host


def is_shared(key: str) -> bool:
    """Whether a `domain_key` may stand for several companies."""
    return key in SHARED_HOSTS


def name_key(text: str) -> str:
    """A name in the form in which spellings of it are equal texts."""
    text = " ".join(text.split())
    if text.isascii():
        return text.replace("`", "'").lower()
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()
    return " ".join(unicodedata.normalize("NFC", _without_latin_accents(text)).split())


def _without_latin_accents(text: str) -> str:
    """Accents on Latin letters are often lost on the way; the marks of other scripts make other letters."""
    kept: list[str] = []
    latin = False
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign):
            if latin:
                continue
        else:
            latin = "a" <= sign <= "z"
        kept.append(sign)
    return "".join(kept)


def company_name_key(text: str) -> str:
    """A company's name; commas, and full stops that end a word, do not count."""
    return " ".join(re.sub(r"[.,]+(?=\s|$)|,", " ", name_key(text)).split())


def phone_key(text: str) -> str:
    """The digits of a number with its country code, if it has one."""
    digits = re.sub(r"\D", "", text)
    return digits.removeprefix("00")


# --- columns: one field of many records, in fewer steps where all of it is plain ------------------------------------

Column = Sequence[str | None]
"""One field of many records: text, or None where it has none."""


def plain_email_keys(column: Column) -> list[str] | None:
    """`email_key` of each, if all are complete addresses of which only the case does not count; else None."""
    lines = _lines(column)
    if lines is None or ".." in lines or not _PLAIN_EMAILS.fullmatch(lines + "\n"):
        return None
    return lines.split("\n")


def email_keys(column: Column) -> list[str]:
    """`email_key` of each, nothing for nothing."""
    return plain_email_keys(column) or [email_key(text) if text else "" for text in column]


def name_keys(column: Column) -> list[str]:
    """`name_key` of each, nothing for nothing."""
    lines = _lines(column)
    if lines is not None and "  " not in lines and "`" not in lines and lines.replace("\n", "").isprintable():
        return lines.split("\n")
    return [name_key(text) if text else "" for text in column]


def _lines(column: Column) -> str | None:
    """A column of plain ASCII texts in lower case, one to a line; None if it is anything else."""
    if None in column:
        return None
    lines = "\n".join(cast("Sequence[str]", column))
    plain = lines.isascii() and lines.count("\n") == len(column) - 1
    return lines.lower() if plain else None


# --- records -------------------------------------------------------------------------------------------------------

Identity = str
"""Lines of keys: one text, because many of them are kept."""

_joined = "\n".join


def contact_key(
    *,
    id: str | None = None,  # noqa: A002 - the name the field has everywhere
    linkedin_url: str | None = None,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    company_name: str | None = None,
    company_domain: str | None = None,
) -> Identity:
    """What makes two contact records the same question: equal for the same person, never for two."""
    if id:
        return _joined(("id", id))
    profile = linkedin_key(linkedin_url) if linkedin_url else ""
    mailbox = email_key(email) if email else ""
    first, last = name_key(first_name) if first_name else "", name_key(last_name) if last_name else ""
    if mailbox or is_profile(profile):
        return _joined(("contact", profile, mailbox, first, last))
    return _joined(("contact", profile, "", first, last, *_employer(company_name, company_domain)))


def mailbox_keys(mailboxes: Sequence[str], first_names: Column, last_names: Column) -> list[Identity]:
    """`contact_key` of each of many records that have an e-mail (its key), and neither an id nor a profile."""
    firsts, lasts = name_keys(first_names), name_keys(last_names)
    return list(map(_joined, zip(repeat("contact"), repeat(""), mailboxes, firsts, lasts, strict=False)))


def company_key(
    *,
    id: str | None = None,  # noqa: A002 - the name the field has everywhere
    name: str | None = None,
    domain: str | None = None,
) -> Identity:
    """What makes two company records the same question: equal for the same company, never for two."""
    return _joined(("id", id) if id else ("company", *_employer(name, domain)))


def _employer(name: str | None, domain: str | None) -> tuple[str, str]:
    host = domain_key(domain) if domain else ""
    if host and not is_shared(host):
        return (host, "")
    return (host, company_name_key(name) if name else "")
