"""What stands in a cell of a CRM export, as the API wants it. Pure code; nothing here ever raises.

Each kind of cell has a function for one, and one for a column of many rows: most columns need no cleaning at all, and
that can be seen of all their cells at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from ..identity import SHARED_HOSTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NOTHING = frozenset({"n/a", "#n/a", "-", "--", "?", ".", "(blank)", "[blank]", "#ref!", "#value!"})
"""What people and programs write for "nothing"; none of it is anybody's name."""
_NO_IDENTIFIER = _NOTHING | {"na", "none", "null", "nil", "unknown", "tbd", "no", "not available", "undefined", "nan"}
"""The same where a name is out of the question: "Null" and "Na" are people, but not domains."""
_INVISIBLE = re.compile("[\u200b\u200c\u200e\u200f\u2060\ufeff\u00ad]")
"""What comes along when people paste: zero-width spaces and marks, soft hyphens."""
_BRACKETED = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_BETWEEN_EMAILS = re.compile(r"[;,\s]+")
_AFTER_HOST = re.compile(r"[?#\\\s,;]")
_CLEAN = re.compile(r"(?:(?:[!-~]++(?: [!-~]++)*+)?\n)*+")
"""Lines of plain ASCII without superfluous space."""
_NOTHING_LINE, _NO_IDENTIFIER_LINE = (
    re.compile(rf"\n(?:{'|'.join(map(re.escape, sorted(words)))})\n") for words in (_NOTHING, _NO_IDENTIFIER)
)
_CLEAN_EMAILS = re.compile(r"(?:(?!mailto:)[^ <,;\n]*+\n)*+", re.IGNORECASE)
"""Lines that are nothing but one address, or empty."""
_CLEAN_DOMAINS = re.compile(r"(?:(?:(?!www\.)[a-z0-9-]++(?:\.[a-z0-9-]++)++)?\n)*+")
"""Lines that are bare domains, or empty."""
_PROFILE = re.compile(r"linkedin\.com/(?:in|pub|sales)/", re.IGNORECASE)


def text_of(value: Any) -> str:
    """A cell as text: of a list the first that says something; of anything that is no text or number, nothing."""
    if isinstance(value, str):
        text = " ".join((value if value.isascii() else _INVISIBLE.sub("", value)).split())
        return "" if text.casefold() in _NOTHING else text
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return next((text for part in cast("list[object]", value) if (text := text_of(part))), "")
    return ""


def email_of(value: Any) -> str:
    """The first address in a cell: without "mailto:", without the name in front of "<address>"."""
    text = _identifier(value)
    if "@" not in text:
        return text
    bracketed = _BRACKETED.search(text) if "<" in text else None
    if bracketed:
        text = bracketed[1]
    first = next((part for part in _BETWEEN_EMAILS.split(text) if "@" in part), text)
    return first[7:] if first[:7].casefold() == "mailto:" else first


def linkedin_of(value: Any) -> str:
    """The address of a person's profile; nothing for a company's page or any other link."""
    text = _identifier(value)
    return text if _PROFILE.search(text) else ""


def domain_of(value: Any) -> str:
    """The bare domain of a website: without scheme, "www.", path, port. A page at a host that many share has none."""
    return _domain_in(_identifier(value))


@lru_cache(maxsize=4096)
def _domain_in(text: str) -> str:
    """Cached, because the people of a list work for the same companies."""
    host, _, path = (text.partition("//")[2] if "//" in text else text).partition("/")
    host = _AFTER_HOST.split(host.strip(), maxsplit=1)[0]
    host = host.rpartition("@")[2].partition(":")[0].strip(".").lower().removeprefix("www.")
    shared = path.strip("/") and (host in SHARED_HOSTS or host.endswith(".linkedin.com"))
    return "" if shared or "." not in host else host


def _identifier(value: Any) -> str:
    text = text_of(value)
    return "" if text.casefold() in _NO_IDENTIFIER else text


# --- columns ---------------------------------------------------------------------------------------------------------


def texts_of(column: Sequence[Any]) -> Sequence[str]:
    """`text_of` each."""
    return column if _lines(column, _NOTHING_LINE) is not None else list(map(text_of, column))


def emails_of(column: Sequence[Any]) -> Sequence[str]:
    """`email_of` each."""
    return _cleaned(column, _CLEAN_EMAILS, email_of)


def linkedins_of(column: Sequence[Any]) -> Sequence[str]:
    """`linkedin_of` each."""
    return list(map(linkedin_of, column))


def domains_of(column: Sequence[Any]) -> Sequence[str]:
    """`domain_of` each."""
    return _cleaned(column, _CLEAN_DOMAINS, domain_of)


def _cleaned(column: Sequence[Any], clean: re.Pattern[str], mend: Callable[[Any], str]) -> Sequence[str]:
    lines = _lines(column, _NO_IDENTIFIER_LINE)
    return column if lines is not None and clean.fullmatch(lines) else list(map(mend, column))


def _lines(column: Sequence[Any], nothing: re.Pattern[str]) -> str | None:
    """The cells, each with a line end, if they are plain ASCII without superfluous space, and none of them is one of
    the words for nothing; else None."""
    if set(map(type, column)) != {str}:
        return None
    lines = "\n".join([*column, ""])
    if lines.count("\n") != len(column) or not _CLEAN.fullmatch(lines) or nothing.search("\n" + lines.lower()):
        return None
    return lines
