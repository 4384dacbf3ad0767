"""Removing people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Protocol

from .digests import SIZE, Digests


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
    """Remove all records that any handle leads to; with `at` remember digests of all their handles.

    Reads the whole table: people are purged seldom, and an index of handles would cost more than all the rest.
    """
    theirs = set(handles)
    keys: set[bytes] = set()
    for handle in handles:
        rows = connection.execute("SELECT key, handles FROM records WHERE instr(handles, ?) > 0", (handle,))
        for key, found in rows.fetchall():
            keys.add(key)
            theirs |= {found[start : start + SIZE] for start in range(0, len(found), SIZE)}
    removed = sum(connection.execute("DELETE FROM records WHERE key = ?", (key,)).rowcount for key in keys)
    if at is not None:
        connection.executemany("INSERT OR IGNORE INTO purged VALUES (?, ?)", [(handle, at) for handle in theirs])
    return removed
