"""A ledger: the file that remembers what was asked, what came back, and what it cost."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import ClientStateError, InvalidRequest
from .accounts import AuditEntry, LedgerSummary, StoredResult, audit_entries, stored_results, summarize
from .digests import Digests, account_check, account_from_environment, fingerprint, secret_of
from .errors import LedgerError, LedgerMismatch, LedgerUnwritable
from .lock import Lock
from .pages import Pages, resolve_doubts, spec_of
from .purging import Identities, handles_of, purge_people
from .schema import connect, make_private, meta, new_secret, write_meta
from .worker import Worker, explain

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ..bulk.operation import BulkOperation

Keep = Literal["results", "keys"]


class Ledger:
    """A SQLite file (WAL mode, readable by its owner only) that one process uses at a time.

    Bulk methods take a path, or a `Ledger` for more than the defaults:

        async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"], ledger="run.db") as run: ...

        async with Ledger("memory.db") as ledger:
            await ledger.purge(event.identities())

    path: the file; made when it is first used. A lock file and SQLite's own two stand beside it.
    keep: "results" (default) keeps what came back, as it came. "keys" keeps digests under a key derived from the API
        key, and no data: your output is the only copy, and `Outcome.result` of what comes from the ledger is None.
    api_key: for ``keep="keys"`` outside of a run; by default from LUSHA_API_KEY.
    read_only: look only. Needs no lock, so it works beside a run.
    now: the wall clock in seconds, for tests.

    Raises `LedgerBusy`, `LedgerMismatch`, `LedgerDamaged`, `LedgerUnwritable`, all `LedgerError`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        keep: Keep | None = None,
        api_key: str | None = None,
        read_only: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        if keep not in (None, "results", "keys"):
            raise InvalidRequest('keep is "results" or "keys"', field="keep")
        self.path = Path(path)
        self._keep: Keep | None = keep
        self._account = fingerprint(api_key.strip()) if api_key else None
        self._read_only = read_only
        self._now = now
        self._lock = Lock(self.path.with_name(self.path.name + ".lock"))
        self._worker: Worker | None = None
        self._digests: Digests | None = None
        self._values: dict[str, str] = {}
        self._active: set[int] = set()

    def __repr__(self) -> str:
        return f"Ledger({'open' if self.is_open else 'closed'})"

    # --- lifetime --------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether it can be used now."""
        return self._worker is not None

    @property
    def keep(self) -> Keep:
        """What it keeps: of an open ledger what stands in the file."""
        return "keys" if self._values.get("keep", self._keep) == "keys" else "results"

    def exists(self) -> bool:
        """Whether the file is there and something was written to it."""
        return self.path.is_file() and self.path.stat().st_size > 0

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self, *, account: str | None = None) -> None:
        """Lock and open the file, making it if need be. `account`: a fingerprint it must belong to."""
        if self._worker is not None:
            raise ClientStateError("This ledger is open already.")
        if self._read_only and not self.exists():
            raise LedgerUnwritable("There is no such ledger.")
        suspicious = False
        if not self._read_only:
            self._lock.acquire()
            suspicious = self._lock.left_behind
        try:
            if not self._read_only:
                make_private(self.path)
            worker = Worker(lambda: connect(self.path, read_only=self._read_only, suspicious=suspicious))
            try:
                self._values = await worker.submit(lambda connection: self._enter(connection, account))
            except BaseException:
                await worker.close()
                raise
        except (OSError, sqlite3.Error) as error:
            self._lock.release()
            raise explain(error) from None
        except BaseException:
            self._lock.release()
            raise
        self._worker = worker
        self._digests = self._make_digests(account)

    def _enter(self, connection: sqlite3.Connection, account: str | None) -> dict[str, str]:
        values = meta(connection)
        if not values and not self._read_only:
            salt = new_secret()
            values = {"salt": salt, "keep": self._keep or "results", "created": str(self._now())}
            if values["keep"] == "results":
                values["secret"] = new_secret()
            write_meta(connection, values)
        if self._keep is not None and values.get("keep") != self._keep:
            difference = f"keep: {values.get('keep')} there, {self._keep} now"
            raise LedgerMismatch(f"The ledger was made with other options: {difference}.", differences=(difference,))
        given = account if account is not None else self._account
        if given is not None:
            check = account_check(given, values["salt"])
            if not self._read_only and "account" not in values:
                values["account"] = check
                write_meta(connection, {"account": check})
            elif values.get("account", check) != check:
                raise LedgerMismatch(
                    "The ledger was made with another API key, for another account perhaps.",
                    differences=("API key: another one",),
                )
        if not self._read_only:
            resolve_doubts(connection, self._now())
        return values

    def _make_digests(self, account: str | None) -> Digests | None:
        if "secret" in self._values:
            return Digests(bytes.fromhex(self._values["secret"]))
        known = account if account is not None else self._account or account_from_environment()
        if known is None:
            return None
        if self._values.get("account", "") not in ("", account_check(known, self._values["salt"])):
            return None
        return Digests(secret_of(known, self._values["salt"]))

    async def close(self) -> None:
        """Write what is waiting to be written, and let go of the file. Safe to call twice."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.close()
            self._lock.release()

    def _open_worker(self) -> Worker:
        if self._worker is None:
            raise ClientStateError("Open the ledger first: `async with Ledger(path) as ledger`.")
        return self._worker

    def _known_digests(self) -> Digests:
        if self._digests is None:
            raise LedgerError("This ledger keeps keys only: pass the api_key it was made with, or set LUSHA_API_KEY.")
        return self._digests

    # --- for runs ----------------------------------------------------------------------------------------------------

    async def begin(
        self,
        operation: BulkOperation[Any, Any],
        request: Any,
        *,
        account: str,
        hold: bool,
        retry_failed: bool,
        reuse: timedelta | None,
        reading: bool = False,
    ) -> Pages:
        """The pages of a run: of the one to continue, or new ones. `reading` begins nothing."""
        worker = self._open_worker()
        if self._values.get("account") not in (None, account_check(account, self._values["salt"])):
            raise LedgerMismatch(
                "The ledger was made with another API key, for another account perhaps.",
                differences=("API key: another one",),
            )
        pages = Pages(
            worker,
            self._known_digests(),
            operation,
            keep_results=self.keep == "results",
            hold=hold,
            retry_failed=retry_failed,
            reuse=reuse,
            now=self._now,
            leave=self._active.discard,
        )
        await pages.begin(spec_of(operation, request), claim=self._claim, reading=reading)
        return pages

    def _claim(self, spec: int) -> bool:
        if spec in self._active:
            return False
        self._active.add(spec)
        return True

    # --- for people --------------------------------------------------------------------------------------------------

    async def summary(self) -> LedgerSummary:
        """What is in it: counts, credits, when. No personal data."""
        return await self._open_worker().submit(lambda connection: summarize(connection, self._values))

    async def audit(self, *, after: int = 0, limit: int = 1000) -> list[AuditEntry]:
        """What was asked, when, for how many credits: one entry for each request, oldest first. No personal data.

        after: the `number` of the last entry seen; limit: the most entries returned.
        """
        return await self._open_worker().submit(lambda connection: audit_entries(connection, after, limit))

    async def results(self) -> AsyncIterator[StoredResult]:
        """Everything it keeps of records, oldest first; with ``keep="keys"`` without data."""
        last = 0
        while True:
            after = last
            page = await self._open_worker().submit(lambda connection: stored_results(connection, after))  # noqa: B023
            if not page:
                return
            for number, result in page:
                last = number
                yield result

    async def purge(
        self,
        who: Identities | None = None,
        *,
        ids: tuple[str, ...] | list[str] = (),
        emails: tuple[str, ...] | list[str] = (),
        phones: tuple[str, ...] | list[str] = (),
        linkedin_urls: tuple[str, ...] | list[str] = (),
        suppress: bool = True,
    ) -> int:
        """Remove people by Lusha id, e-mail, phone or LinkedIn address; returns how many records went.

        `who` is what ``OptOut.identities()`` gives. The records are overwritten in the file, its log included. With
        `suppress` keyed digests of what they were found by stay, so that a later run does not buy them again: it gives
        `restricted`.
        """
        handles = handles_of(self._known_digests(), who, ids, emails, phones, linkedin_urls)
        if not handles:
            raise InvalidRequest("nobody named: give ids, emails, phones or linkedin_urls", field="who")
        worker = self._open_worker()
        at = self._now() if suppress else None
        removed = await worker.submit(lambda connection: purge_people(connection, handles, at))
        await worker.clean()
        return removed
