"""Removing people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Protocol

from .digests import Digests


class Identities(Protocol):
    """Who is to go; `lusha_async.webhooks` makes it of an opt-out."""

    @property
    def contact_id(self) -> str | None:
        """Id at Lusha."""
        ...

    @property
    def emails(self) -> Sequence[str]:
        """Addresses."""
        ...

    @property
    def phones(self) -> Sequence[str]:
        """Numbers."""
        ...

    @property
    def others(self) -> Sequence[str]:
        """Data points of unknown kind."""
        ...

    @property
    def linkedin_url(self) -> str | None:
        """Profile."""
        ...


def handles_of(
    digests: Digests,
    who: Identities | None,
    ids: Iterable[str],
    emails: Iterable[str],
    phones: Iterable[str],
    linkedin_urls: Iterable[str],
) -> list[bytes]:
    """Digests of everything people are named by."""
    named = [("id", value) for value in ids]
    named += [("email", value) for value in emails]
    named += [("phone", value) for value in phones]
    named += [("linkedin", value) for value in linkedin_urls]
    if who is not None:
        named += [("id", who.contact_id)] if who.contact_id else []
        named += [("email", value) for value in who.emails]
        named += [("phone", value) for value in who.phones]
        named += [("linkedin", who.linkedin_url)] if who.linkedin_url else []
        named += [("email" if "@" in value else "phone", value) for value in who.others]
    return [digests.handle(kind, value) for kind, value in named if value.strip()]


def purge_people(connection: sqlite3.Connection, handles: Sequence[bytes], at: float | None) -> int:
    """Remove all records that any handle leads to; with `at` remember digests of all their handles."""
    keys = {
        row[0]
        for handle in handles
        for row in connection.execute("SELECT key FROM handles WHERE handle = ?", (handle,))
    }
    theirs = set(handles)
    removed = 0
    for key in keys:
        theirs |= {row[0] for row in connection.execute("SELECT handle FROM handles WHERE key = ?", (key,))}
        removed += connection.execute("DELETE FROM records WHERE key = ?", (key,)).rowcount
        connection.execute("DELETE FROM handles WHERE key = ?", (key,))
    if at is not None:
        connection.executemany("INSERT OR IGNORE INTO purged VALUES (?, ?)", [(handle, at) for handle in theirs])
    return removed
