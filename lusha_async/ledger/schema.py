"""The tables of a ledger, and how its file is opened."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from pathlib import Path

from .errors import LedgerDamaged, LedgerUnwritable

APPLICATION = 0x4C757368
"""Marks a SQLite file as a ledger."""
VERSION = 2
"""Of the format. 2: identities are texts, so the digests of 1 would not be recognised, and paid for again."""
PAGE = 8_192
"""Bytes of a page of a new file. Of SQLite's usual 4,096 most results would need one each, and waste a third of it."""
CACHE = 32_768
"""KiB of pages kept in memory: digests come in no order."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE specs (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, operation TEXT NOT NULL, options TEXT NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, spec INTEGER NOT NULL REFERENCES specs, started REAL NOT NULL, ended REAL
);
CREATE INDEX runs_by_spec ON runs (spec);
CREATE TABLE requests (                 -- one for every request that was about to leave: also the audit log
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, operation TEXT NOT NULL,
    sent REAL NOT NULL, ended REAL, state TEXT NOT NULL,
    records INTEGER NOT NULL, found INTEGER NOT NULL DEFAULT 0,
    reserved REAL NOT NULL, charged REAL, doubtful REAL NOT NULL DEFAULT 0,
    keys BLOB                           -- who was asked about, until it is known what became of them
);
CREATE INDEX requests_by_run ON requests (run);
CREATE INDEX requests_open ON requests (state) WHERE keys IS NOT NULL;
CREATE TABLE records (
    id INTEGER PRIMARY KEY, key BLOB NOT NULL, spec INTEGER NOT NULL, status TEXT NOT NULL,
    at REAL NOT NULL, run INTEGER NOT NULL, place INTEGER, request INTEGER NOT NULL,
    lusha_id TEXT, keyed INTEGER NOT NULL DEFAULT 0,
    handles BLOB,                       -- digests of everything the person can be found by, one after the other
    error TEXT, item BLOB
);
CREATE UNIQUE INDEX records_by_key ON records (key, spec);
CREATE TABLE purged (handle BLOB PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
"""


def make_private(path: Path) -> bool:
    """Create the file if it is not there, for its owner only; tell whether it was made. Raises `LedgerUnwritable`."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        with contextlib.suppress(OSError):
            os.chmod(path, 0o600)
        return False
    except OSError as error:
        raise LedgerUnwritable(f"The ledger cannot be created ({error.strerror}).") from None
    os.close(handle)
    return True


def connect(path: Path, *, read_only: bool, suspicious: bool) -> sqlite3.Connection:
    """Open a ledger, creating its tables in an empty file. `suspicious`: its last user died, look closer."""
    if read_only:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    else:
        connection = sqlite3.connect(path, isolation_level=None)
    try:
        _prepare(connection, read_only=read_only, suspicious=suspicious)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, *, read_only: bool, suspicious: bool) -> None:
    connection.execute("PRAGMA busy_timeout = 5000")
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if not empty and application != APPLICATION:
        raise LedgerDamaged("The file is a database of something else.")
    if not empty and version != VERSION:
        raise LedgerDamaged(f"The ledger has format {version}, this version of the package reads {VERSION}.")
    if empty and read_only:
        raise LedgerDamaged("The file is empty: nothing was ever written to it.")
    if suspicious and not empty:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise LedgerDamaged("The ledger is damaged: a check of the file failed.")
    if read_only:
        return
    connection.execute(f"PRAGMA page_size = {PAGE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE}")
    if empty:
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
        )


def meta(connection: sqlite3.Connection) -> dict[str, str]:
    """What the ledger says of itself."""
    return dict(connection.execute("SELECT name, value FROM meta").fetchall())


def write_meta(connection: sqlite3.Connection, values: dict[str, str]) -> None:
    """Set what the ledger says of itself."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))


def new_secret() -> str:
    """Key for digests that nobody else can compute."""
    return secrets.token_hex(32)
