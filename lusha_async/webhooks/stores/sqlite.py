"""An SQLite file as the inbox: what was acknowledged is handled, also after a crash, and repeats stay known.

One thread owns the connection and commits everything that waits in one transaction, so that the cost of a commit is
shared by all the deliveries that arrive during the one before.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from .base import Kept

T = TypeVar("T")
_Operation = Callable[[sqlite3.Connection], Any]
_Job = tuple[_Operation, "asyncio.Future[Any]"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    payload BLOB,              -- NULL once handled
    state INTEGER NOT NULL,    -- 0 pending, 1 done, 2 dead letter
    claims INTEGER NOT NULL DEFAULT 0,
    received REAL NOT NULL,
    lease_until REAL NOT NULL,
    forget_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pending ON deliveries (lease_until) WHERE state = 0;
CREATE INDEX IF NOT EXISTS expiry ON deliveries (forget_at) WHERE state = 1;
"""


class SQLiteStore:
    """A durable store in one file, for one machine; several processes may share it.

    `synchronous="NORMAL"` survives the death of the process; ``"FULL"`` survives a power cut too, for one flush of the
    disk per group of deliveries. The file holds deliveries until they are handled (personal data): it is created
    readable for its owner only.
    """

    durable = True

    def __init__(self, path: str | os.PathLike[str], *, synchronous: Literal["NORMAL", "FULL"] = "FULL") -> None:
        if synchronous not in {"NORMAL", "FULL"}:
            raise ValueError('synchronous is "NORMAL" or "FULL"')
        self._path = Path(path)
        self._synchronous = synchronous
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Create or open the file. Raises `sqlite3.Error` or `OSError` when that fails."""
        if self._thread is not None:
            raise RuntimeError("this store is open already")
        self._loop = asyncio.get_running_loop()
        self._jobs = queue.SimpleQueue()
        opened: asyncio.Future[Any] = self._loop.create_future()
        self._thread = threading.Thread(target=self._work, args=(opened,), name="lusha-webhook-store", daemon=True)
        self._thread.start()
        try:
            await opened
        except BaseException:
            self._thread = None
            raise

    async def close(self) -> None:
        """Finish what waits and close the file."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(thread.join)

    # --- the inbox

    async def add(self, key: str, payload: bytes, *, now: float, lease: float, window: float, guard: float) -> bool:
        def run(db: sqlite3.Connection) -> bool:
            db.execute("DELETE FROM deliveries WHERE key = ? AND state = 1 AND forget_at <= ?", (key, now))
            new = db.execute(
                "INSERT OR IGNORE INTO deliveries (key, payload, state, claims, received, lease_until, forget_at)"
                " VALUES (?, ?, 0, 1, ?, ?, ?)",
                (key, payload, now, now + lease, now + window),
            )
            return new.rowcount == 1

        return await self._do(run)

    async def claim(self, limit: int, *, now: float, lease: float) -> Sequence[Kept]:
        def run(db: sqlite3.Connection) -> list[Kept]:
            rows = db.execute(
                "UPDATE deliveries SET lease_until = ?, claims = claims + 1 WHERE key IN"
                " (SELECT key FROM deliveries WHERE state = 0 AND lease_until <= ? ORDER BY lease_until LIMIT ?)"
                " RETURNING received, key, payload, claims",
                (now + lease, now, limit),
            ).fetchall()
            return [Kept(key, payload, claims) for _, key, payload, claims in sorted(rows, key=lambda row: row[0])]

        return await self._do(run)

    async def renew(self, keys: Sequence[str], *, now: float, lease: float) -> None:
        rows = [(now + lease, key) for key in keys]
        await self._do(
            lambda db: db.executemany("UPDATE deliveries SET lease_until = ? WHERE key = ? AND state = 0", rows)
        )

    async def done(self, key: str) -> None:
        await self._do(lambda db: db.execute("UPDATE deliveries SET state = 1, payload = NULL WHERE key = ?", (key,)))

    async def bury(self, key: str) -> None:
        await self._do(lambda db: db.execute("UPDATE deliveries SET state = 2 WHERE key = ?", (key,)))

    async def forget(self, key: str) -> None:
        await self._do(lambda db: db.execute("DELETE FROM deliveries WHERE key = ?", (key,)))

    async def prune(self, *, now: float) -> None:
        await self._do(lambda db: db.execute("DELETE FROM deliveries WHERE state = 1 AND forget_at <= ?", (now,)))

    # --- for people

    async def pending(self) -> int:
        """How many deliveries are acknowledged and not handled."""
        return await self._do(lambda db: db.execute("SELECT count(*) FROM deliveries WHERE state = 0").fetchone()[0])

    async def dead_letters(self, limit: int = 100) -> Sequence[Kept]:
        """Deliveries whose handler failed for good, oldest first; `parse` reads their payload."""
        query = "SELECT key, payload, claims FROM deliveries WHERE state = 2 ORDER BY received LIMIT ?"
        return await self._do(lambda db: [Kept(*row) for row in db.execute(query, (limit,))])

    async def revive(self, key: str | None = None) -> int:
        """Put one dead letter, or all, back into the inbox; a running receiver takes them up. How many it were."""
        query = (
            "UPDATE deliveries SET state = 0, claims = 0, lease_until = 0 WHERE state = 2 AND (?1 IS NULL OR key = ?1)"
        )
        return await self._do(lambda db: db.execute(query, (key,)).rowcount)

    # --- the thread

    async def _do(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        if self._thread is None or self._loop is None:
            raise RuntimeError("this store is not open")
        waiting: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((operation, waiting))
        return await waiting

    def _work(self, opened: asyncio.Future[Any]) -> None:
        try:
            db = self._connect()
        except (sqlite3.Error, OSError) as error:
            self._tell([(opened, None, error)])
            return
        self._tell([(opened, None, None)])
        try:
            while jobs := self._waiting():
                self._commit(db, jobs)
        finally:
            db.close()

    def _waiting(self) -> list[_Job]:
        """All that waits, at least one; nothing once the store is closed."""
        first = self._jobs.get()
        if first is None:
            return []
        jobs = [first]
        while len(jobs) < 256:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
        return jobs

    def _commit(self, db: sqlite3.Connection, jobs: list[_Job]) -> None:
        """Run the jobs in one transaction; what one of them cannot do, none of them has done."""
        try:
            db.execute("BEGIN IMMEDIATE")
            results = [operation(db) for operation, _ in jobs]
            db.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - handed to every task that waits
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._tell([(waiting, None, error) for _, waiting in jobs])
        else:
            self._tell([(job[1], result, None) for job, result in zip(jobs, results, strict=True)])

    def _tell(self, answers: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
        """Hand results to their tasks, one wake-up for all; a loop that is gone needs no answer."""
        if self._loop is not None and not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(_settle, answers)
            except RuntimeError:
                return

    def _connect(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(self._path, timeout=5, isolation_level=None, check_same_thread=True)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {self._synchronous}")
        db.executescript(_SCHEMA)
        return db


def _settle(answers: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for waiting, result, error in answers:
        if waiting.done():
            continue
        if error is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(result)
