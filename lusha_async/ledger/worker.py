"""A database on a thread of its own: the event loop hands jobs over and is never held up by a disk."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from .errors import LedgerDamaged, LedgerError, LedgerUnwritable

T = TypeVar("T")

LARGEST_BATCH = 64
"""Jobs that may share a transaction."""


class _Job(NamedTuple):
    work: Callable[[sqlite3.Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Worker:
    """Runs jobs in the order they come, as many at a time as are waiting, in one transaction with one commit.

    A job that fails takes the transaction with it, and the worker with that: everything later fails the same way, so
    nothing can be sent after something could not be written down.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="lusha ledger", daemon=True)
        self._failure: LedgerError | None = None
        self._thread.start()

    def submit(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Hand a job over. It is done whether or not anybody waits for the future."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        future.add_done_callback(_look_at)
        self._jobs.put(_Job(work, loop, future))
        return future

    async def clean(self) -> None:
        """Rewrite the file without what was deleted from it, and empty its log."""
        await self.submit(_clean)

    async def close(self) -> None:
        """Do what was handed over, and end the thread."""
        self._jobs.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        try:
            connection = self._connect()
        except LedgerError as error:
            self._failure = error
        except (sqlite3.Error, OSError) as error:
            self._failure = explain(error)
        ended = False
        while not ended:
            batch, ended = self._next_batch()
            if batch:
                self._run(connection, batch)
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _next_batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        while len(batch) < LARGEST_BATCH:
            try:
                job = self._jobs.get(block=not batch)
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _run(self, connection: sqlite3.Connection | None, batch: list[_Job]) -> None:
        results: list[Any] = [self._failure] * len(batch)
        if self._failure is None and connection is not None:
            try:
                connection.execute("BEGIN")
                results = [_result(job, connection) for job in batch]
                connection.execute("COMMIT")
            except Exception as error:  # noqa: BLE001 - handed to whoever waits for the jobs
                self._failure = explain(error)
                results = [self._failure] * len(batch)
                _roll_back(connection)
        for loop in {job.loop for job in batch}:
            mine = [(job.future, result) for job, result in zip(batch, results, strict=True) if job.loop is loop]
            with contextlib.suppress(RuntimeError):  # a closed loop: nobody waits any more
                loop.call_soon_threadsafe(_deliver, mine)


def _result(job: _Job, connection: sqlite3.Connection) -> Any:
    """What a job gives. A refusal in words of the package is for that job alone; anything else is for the worker."""
    try:
        return job.work(connection)
    except LedgerError as refusal:
        return refusal


def _deliver(mine: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in mine:
        if future.done():
            continue
        if isinstance(result, LedgerError):
            future.set_exception(result)
        else:
            future.set_result(result)


def _look_at(future: asyncio.Future[Any]) -> None:
    """A failure nobody waits for has been told to those who did."""
    if not future.cancelled():
        future.exception()


def _clean(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.execute("BEGIN")


def _roll_back(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def explain(error: Exception) -> LedgerError:
    """A fault of the database or the disk in words of the package; a fault of ours under its own name."""
    text = str(error)
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return LedgerDamaged(f"The ledger is damaged or no ledger ({text}).")
    if isinstance(error, sqlite3.OperationalError | OSError):
        if "malformed" in text or "not a database" in text:
            return LedgerDamaged(f"The ledger is damaged or no ledger ({text}).")
        reason = error.strerror or type(error).__name__ if isinstance(error, OSError) else text
        return LedgerUnwritable(f"The ledger cannot be used ({reason}).")
    return LedgerError(f"The ledger failed ({type(error).__name__}).")
