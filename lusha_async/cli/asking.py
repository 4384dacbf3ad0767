"""From rows of the user's file to the records that are asked about. Pure code."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from .cells import domains_of, emails_of, linkedins_of, texts_of
from .columns import FULL_NAME
from .names import split_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .columns import Columns

_CLEANED: Mapping[str, Callable[[Sequence[Any]], Sequence[str]]] = {
    "email": emails_of,
    "linkedin_url": linkedins_of,
    "company_domain": domains_of,
    "domain": domains_of,
}


def records_of(rows: Sequence[Mapping[str, Any]], columns: Columns) -> list[dict[str, str]]:
    """The records that rows describe, with what `columns` found in them. It may be too little to look anybody up by."""
    found = {field: _column(rows, field, names) for field, names in columns.of.items()}
    if not found:
        return [{} for _ in rows]
    records = list(map(dict, map(zip, repeat(tuple(found)), zip(*found.values(), strict=True))))
    whole = FULL_NAME not in found and all(map(all, found.values())) and _are_addresses(found.get("email", ()))
    return records if whole else list(map(_mended, records))


def _column(rows: Sequence[Mapping[str, Any]], field: str, names: tuple[str, ...]) -> Sequence[str]:
    """What the rows hold for a field: of several columns, the first that is filled."""
    clean = _CLEANED.get(field, texts_of)
    cells = clean([row.get(names[0]) for row in rows])
    for name in names[1:]:
        if all(cells):
            break
        others = clean([row.get(name) for row in rows])
        cells = [cell or other for cell, other in zip(cells, others, strict=True)]
    return cells


def _mended(record: dict[str, str]) -> dict[str, str]:
    """A record without its blanks, its full name as two, and without an address that is none if it can do without."""
    record = {field: text for field, text in record.items() if text}
    full = record.pop(FULL_NAME, None)
    if full and not ("first_name" in record and "last_name" in record):
        first, last = split_name(full)
        record = {"first_name": first, "last_name": last, **record}
    email = record.get("email")
    if email is not None and not _plausible(email) and _enough_without_email(record):
        del record["email"]
    return record


def _are_addresses(emails: Sequence[str]) -> bool:
    """Whether all of them surely are `_plausible`."""
    lines = "\n".join(["", *emails, ""])
    return not ("\n@" in lines or "@\n" in lines) and False not in ["@" in email for email in emails]


def _plausible(email: str) -> bool:
    local, _, domain = email.rpartition("@")
    return bool(local and domain)


def _enough_without_email(record: Mapping[str, str]) -> bool:
    """Whether a broken address may be passed over: the row can be looked up without it."""
    named = record.get("first_name") and record.get("last_name")
    employed = record.get("company_name") or record.get("company_domain")
    return bool(record.get("id") or record.get("linkedin_url") or (named and employed))
