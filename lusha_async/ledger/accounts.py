"""What a ledger tells people: a summary, the audit log, what it keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

PAGE = 500
"""Results read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecSummary:
    """What was asked with one set of options."""

    operation: str
    options: dict[str, Any]
    runs: int
    unfinished: bool
    """Whether the last run can be continued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSummary:
    """What is in a ledger. Credits as billed; nobody's data."""

    keep: str
    created: datetime
    asked: tuple[SpecSummary, ...]
    records: dict[str, int]
    """Records per status."""
    requests: dict[str, int]
    """Requests per state: sent, answered, refused, failed, lost, unsent."""
    credits_charged: float
    credits_in_doubt: float
    """The worst case of requests whose outcome is unknown."""
    first: datetime | None
    last: datetime | None
    purged: int
    """Handles of purged people that are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One request: when, what, for how much."""

    number: int
    operation: str
    options: dict[str, Any]
    sent: datetime
    ended: datetime | None
    state: str
    records: int
    found: int
    credits: float | None
    """Charged, as the answer said; None when it did not say, or none came."""
    in_doubt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A record as it is kept."""

    operation: str
    options: dict[str, Any]
    key: str
    """Digest of the record's identity, in hexadecimal."""
    status: str
    at: datetime
    place: int | None
    """Index in the source of the run that bought it."""
    item: bytes | None = field(repr=False)
    """The result as raw JSON; None where nothing came, or with ``keep="keys"``."""


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _options(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any])


def summarize(connection: sqlite3.Connection, values: Mapping[str, str]) -> LedgerSummary:
    """Count what is there."""
    asked = tuple(
        SpecSummary(operation=operation, options=_options(options), runs=runs, unfinished=bool(unfinished))
        for operation, options, runs, unfinished in connection.execute(
            "SELECT operation, options, count(runs.id), max(runs.ended IS NULL) FROM specs"
            " JOIN runs ON runs.spec = specs.id GROUP BY specs.id ORDER BY specs.id"
        )
    )
    charged, doubtful, first, last = connection.execute(
        "SELECT total(charged), total(CASE state WHEN 'sent' THEN reserved ELSE doubtful END), min(sent), max(sent)"
        " FROM requests"
    ).fetchone()
    return LedgerSummary(
        keep=values.get("keep", "results"),
        created=datetime.fromtimestamp(float(values.get("created", "0")), UTC),
        asked=asked,
        records=dict(connection.execute("SELECT status, count(*) FROM records GROUP BY status").fetchall()),
        requests=dict(connection.execute("SELECT state, count(*) FROM requests GROUP BY state").fetchall()),
        credits_charged=charged,
        credits_in_doubt=doubtful,
        first=_moment(first),
        last=_moment(last),
        purged=connection.execute("SELECT count(*) FROM purged").fetchone()[0],
    )


def audit_entries(connection: sqlite3.Connection, after: int, limit: int) -> list[AuditEntry]:
    """A page of the audit log."""
    rows = connection.execute(
        "SELECT requests.id, requests.operation, specs.options, sent, requests.ended, state, records, found, charged,"
        " CASE state WHEN 'sent' THEN reserved ELSE doubtful END"
        " FROM requests JOIN runs ON runs.id = requests.run JOIN specs ON specs.id = runs.spec"
        " WHERE requests.id > ? ORDER BY requests.id LIMIT ?",
        (after, limit),
    )
    return [
        AuditEntry(
            number=number,
            operation=operation,
            options=_options(options),
            sent=datetime.fromtimestamp(sent, UTC),
            ended=_moment(ended),
            state=state,
            records=records,
            found=found,
            credits=charged,
            in_doubt=doubtful,
        )
        for number, operation, options, sent, ended, state, records, found, charged, doubtful in rows
    ]


def stored_results(connection: sqlite3.Connection, after: int) -> list[tuple[int, StoredResult]]:
    """A page of what is kept, each with its number."""
    rows = connection.execute(
        "SELECT records.id, operation, options, key, status, at, place, item FROM records"
        " JOIN specs ON specs.id = records.spec WHERE records.id > ? ORDER BY records.id LIMIT ?",
        (after, PAGE),
    )
    return [
        (
            number,
            StoredResult(
                operation=operation,
                options=_options(options),
                key=key.hex(),
                status=status,
                at=datetime.fromtimestamp(at, UTC),
                place=place,
                item=item,
            ),
        )
        for number, operation, options, key, status, at, place, item in rows
    ]
