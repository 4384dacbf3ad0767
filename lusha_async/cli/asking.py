"""From a row of the user's file to the record that is asked about. Pure code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cells import domain_of, email_of, linkedin_of, text_of
from .columns import FULL_NAME
from .names import split_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .columns import Columns

_CLEANED: Mapping[str, Callable[[Any], str]] = {
    "email": email_of,
    "linkedin_url": linkedin_of,
    "company_domain": domain_of,
    "domain": domain_of,
}


def record_of(fields: Mapping[str, Any], columns: Columns) -> dict[str, str]:
    """The record that a row describes, with what `columns` found in it. It may be too little to look anybody up by."""
    record: dict[str, str] = {}
    for field, names in columns.of.items():
        clean = _CLEANED.get(field, text_of)
        for name in names:
            value = clean(fields.get(name))
            if value:
                record[field] = value
                break
    full = record.pop(FULL_NAME, None)
    if full and not ("first_name" in record and "last_name" in record):
        first, last = split_name(full)
        record = {"first_name": first, "last_name": last, **record}
    email = record.get("email")
    if email is not None and not _plausible(email) and _enough_without_email(record):
        del record["email"]
    return record


def _plausible(email: str) -> bool:
    local, _, domain = email.rpartition("@")
    return bool(local and domain)


def _enough_without_email(record: Mapping[str, str]) -> bool:
    """Whether a broken address may be passed over: the row can be looked up without it."""
    named = record.get("first_name") and record.get("last_name")
    employed = record.get("company_name") or record.get("company_domain")
    return bool(record.get("id") or record.get("linkedin_url") or (named and employed))
