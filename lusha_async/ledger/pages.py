"""The pages of one run in a ledger: what is known, what was sent, what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ..bulk.journal import Recalled, State
from ..bulk.matching import Match
from ..bulk.operation import Judgement
from ..bulk.outcome import Outcome, Status
from ..errors import OutcomeUnknown
from ..plain import is_array, is_object
from .digests import SIZE, Digests, handles_of_item, handles_of_record, lusha_id, read_item
from .errors import LedgerBusy, LedgerMismatch
from .stored import Row, matches_of, write_error

if TYPE_CHECKING:
    from ..bulk.memory import Entry
    from ..bulk.operation import BulkOperation, Route
    from .worker import Worker

_ROW = "key, spec, status, at, run, place, lusha_id, keyed, item, error"
_KEPT = {Status.FOUND, Status.NOT_FOUND, Status.RESTRICTED, Status.INVALID, Status.UNKNOWN}


class Spec(NamedTuple):
    """What a run asks, apart from its records."""

    operation: str
    options: dict[str, Any]

    def text(self) -> str:
        """As it is written down and compared."""
        return msgspec.json.encode(self.options, order="sorted").decode()

    def differences(self, operation: str, options: str) -> tuple[str, ...]:
        """What differs from a spec in the ledger, a line for each thing."""
        found = [] if operation == self.operation else [f"operation: {operation} there, {self.operation} now"]
        there: dict[str, Any] = msgspec.json.decode(options)
        for name in sorted({*there, *self.options}):
            old, new = there.get(name), self.options.get(name)
            if old != new:
                found.append(f"{name}: {_shown(old)} there, {_shown(new)} now")
        return tuple(found)


def spec_of(operation: BulkOperation[Any, Any], request: Any) -> Spec:
    """The spec of a request without records."""
    return Spec(operation.endpoint.name, _ordered(msgspec.json.decode(msgspec.json.encode(request))))


def _ordered(value: Any) -> Any:
    """Plain data in which the order of names in a list makes no difference."""
    if is_object(value):
        return {key: _ordered(part) for key, part in value.items()}
    if is_array(value):
        parts = [_ordered(part) for part in value]
        return sorted(parts) if all(isinstance(part, str) for part in parts) else parts
    return value


def _shown(value: Any) -> str:
    return "not set" if value is None else msgspec.json.encode(value).decode()[:200]


class Pages:
    """One run. Opened by `Ledger.begin`; the engine's `Book`."""

    def __init__(
        self,
        worker: Worker,
        digests: Digests,
        operation: BulkOperation[Any, Any],
        *,
        keep_results: bool,
        hold: bool,
        retry_failed: bool,
        reuse: timedelta | None,
        now: Callable[[], float],
        leave: Callable[[int], None],
    ) -> None:
        self.charged = 0.0
        self.in_doubt = 0.0
        self.run = 0
        self.spec = 0
        self._worker = worker
        self._digests = digests
        self._operation = operation
        self._family = operation.family or operation.endpoint.name
        self._keep_results = keep_results
        self._hold = hold
        self._retry_failed = retry_failed
        self._reuse = reuse
        self._now = now
        self._leave = leave

    async def begin(self, spec: Spec, *, claim: Callable[[int], bool], reading: bool) -> None:
        """Find the run to continue, or start one. Raises `LedgerMismatch` or `LedgerBusy`."""

        def work(connection: sqlite3.Connection) -> None:
            self.spec = self._find_spec(connection, spec, reading=reading)
            if not reading and not claim(self.spec):
                raise LedgerBusy("The ledger is in use by another run of this process.", holder="this process")
            self._find_run(connection, reading=reading)

        await self._worker.submit(work)

    def _find_spec(self, connection: sqlite3.Connection, spec: Spec, *, reading: bool) -> int:
        digest = f"{spec.operation} {spec.text()}"
        row = connection.execute("SELECT id FROM specs WHERE digest = ?", (digest,)).fetchone()
        if row is not None:
            return int(row[0])
        last = connection.execute(
            "SELECT operation, options FROM specs JOIN runs ON runs.spec = specs.id ORDER BY runs.id DESC LIMIT 1"
        ).fetchone()
        if last is not None and self._reuse is None:
            differences = spec.differences(*last)
            raise LedgerMismatch(
                f"The ledger was made with other options: {'; '.join(differences)}.", differences=differences
            )
        if reading:
            return 0
        cursor = connection.execute(
            "INSERT INTO specs (digest, operation, options) VALUES (?, ?, ?)", (digest, spec.operation, spec.text())
        )
        return int(cursor.lastrowid or 0)

    def _find_run(self, connection: sqlite3.Connection, *, reading: bool) -> None:
        row = connection.execute(
            "SELECT id FROM runs WHERE spec = ? AND ended IS NULL ORDER BY id DESC LIMIT 1", (self.spec,)
        ).fetchone()
        if row is not None:
            self.run = int(row[0])
        elif not reading:
            cursor = connection.execute("INSERT INTO runs (spec, started) VALUES (?, ?)", (self.spec, self._now()))
            self.run = int(cursor.lastrowid or 0)
        totals = connection.execute(
            "SELECT total(charged), total(doubtful) FROM requests WHERE run = ?", (self.run,)
        ).fetchone()
        self.charged, self.in_doubt = float(totals[0]), float(totals[1])

    # --- what is known -------------------------------------------------------------------------------------------

    def _key(self, identity: Hashable) -> bytes:
        return self._digests.of(self._family, identity)

    async def recall(self, entries: Sequence[Entry[Any, Any, Any]]) -> Sequence[Recalled | None]:
        """What is known of these records."""

        def work(connection: sqlite3.Connection) -> list[Recalled | None]:
            keys = [self._key(entry.key) for entry in entries]
            marks = ",".join("?" * len(keys))
            rows: dict[bytes, list[Row]] = {}
            for row in connection.execute(f"SELECT {_ROW} FROM records WHERE key IN ({marks})", keys):  # noqa: S608
                rows.setdefault(row[0], []).append(Row(*row))
            suppressed = self._suppressed(connection, entries)
            found: list[Recalled | None] = [None] * len(entries)
            usable: list[tuple[int, Row]] = []
            for number, key in enumerate(keys):
                if number in suppressed:
                    found[number] = Recalled(Match(Judgement(Status.RESTRICTED)))
                elif key in rows:
                    mine = next((row for row in rows[key] if row.spec == self.spec), None)
                    if mine is not None and self._counts(mine):
                        usable.append((number, mine))
                    else:
                        known = next((row.lusha_id for row in rows[key] if row.lusha_id), None)
                        found[number] = Recalled(known_id=known)
            matches = matches_of(self._operation, [row for _, row in usable])
            for (number, row), (match, answer) in zip(usable, matches, strict=True):
                found[number] = Recalled(match, answer, row.place if row.run == self.run else None)
            return found

        return await self._worker.submit(work)

    def _suppressed(self, connection: sqlite3.Connection, entries: Sequence[Entry[Any, Any, Any]]) -> set[int]:
        """Records of people who were purged: they are not asked about again."""
        if connection.execute("SELECT 1 FROM purged LIMIT 1").fetchone() is None:
            return set()
        found: set[int] = set()
        for number, entry in enumerate(entries):
            for kind, value in handles_of_record(entry.record):
                handle = self._digests.handle(kind, value)
                if connection.execute("SELECT 1 FROM purged WHERE handle = ?", (handle,)).fetchone() is not None:
                    found.add(number)
        return found

    def _counts(self, row: Row) -> bool:
        """Whether a row of this spec settles its record."""
        if row.status == Status.UNKNOWN:
            return self._hold
        if row.status == Status.FAILED and self._retry_failed and row.run != self.run:
            return False
        if self._reuse is None or row.run == self.run:
            return True
        return row.at >= self._now() - self._reuse.total_seconds()

    # --- what is sent, and what comes of it ------------------------------------------------------------------------

    async def sent(self, route: Route, entries: Sequence[Entry[Any, Any, Any]], reserved: float) -> int:
        """Write down that a request is about to leave; returns its number."""
        name = route.endpoint.name

        def work(connection: sqlite3.Connection) -> int:
            keys = b"".join(self._key(entry.key) for entry in entries)
            cursor = connection.execute(
                "INSERT INTO requests (run, operation, sent, state, records, reserved, keys)"
                " VALUES (?, ?, ?, 'sent', ?, ?, ?)",
                (self.run, name, self._now(), len(entries), reserved, keys),
            )
            return int(cursor.lastrowid or 0)

        return await self._worker.submit(work)

    async def closed(
        self,
        number: int,
        state: State,
        concluded: Sequence[tuple[Entry[Any, Any, Any], Outcome[Any, Any]]],
        *,
        charged: float | None,
        doubtful: float,
    ) -> None:
        """Write down how a request ended, and the outcomes it brought."""

        def work(connection: sqlite3.Connection) -> None:
            now = self._now()
            kept = [pair for pair in concluded if self._is_kept(pair[1], state)]
            connection.executemany(
                f"INSERT OR REPLACE INTO records ({_ROW}, request, handles) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                [self._written(number, entry, outcome, now) for entry, outcome in kept],
            )
            found = sum(outcome.status is Status.FOUND for _, outcome in concluded)
            self._close(connection, number, state, doubtful, charged=charged, found=found, now=now)
            if concluded or state in ("refused", "unsent"):
                connection.execute("UPDATE requests SET keys = NULL WHERE id = ?", (number,))

        await self._worker.submit(work)

    def close_soon(self, number: int, state: State, doubtful: float) -> None:
        """How a request ended whose task is being cancelled."""

        def work(connection: sqlite3.Connection) -> None:
            self._close(connection, number, state, doubtful, charged=None, found=0, now=self._now())
            if state == "unsent":
                connection.execute("UPDATE requests SET keys = NULL WHERE id = ?", (number,))

        self._worker.submit(work)

    def _close(
        self,
        connection: sqlite3.Connection,
        number: int,
        state: State,
        doubtful: float,
        *,
        charged: float | None,
        found: int,
        now: float,
    ) -> None:
        connection.execute(
            "UPDATE requests SET state = ?, ended = ?, charged = ?, doubtful = ?, found = ? WHERE id = ?",
            (state, now, charged, doubtful, found, number),
        )

    @staticmethod
    def _is_kept(outcome: Outcome[Any, Any], state: State) -> bool:
        """Whether an outcome settles its record for good; faults of the way there do not."""
        return outcome.status in _KEPT or (outcome.status is Status.FAILED and state == "answered")

    def _written(
        self, number: int, entry: Entry[Any, Any, Any], outcome: Outcome[Any, Any], now: float
    ) -> tuple[Any, ...]:
        """An outcome, as it goes into the table."""
        raw = outcome.raw
        item = read_item(raw) if raw is not None else None
        handles = [self._digests.handle(*one) for one in handles_of_record(entry.record)]
        if item is not None:
            handles += [self._digests.handle(*one) for one in handles_of_item(item)]
        return (
            self._key(entry.key),
            self.spec,
            outcome.status.value,
            now,
            self.run,
            entry.index,
            lusha_id(item) if item is not None and self._keep_results and self._operation.family else None,
            isinstance(outcome.place, str),
            raw if self._keep_results else None,
            write_error(outcome.error),
            number,
            b"".join(dict.fromkeys(handles)),
        )

    async def finish(self, *, complete: bool) -> None:
        """The run is over."""
        self._leave(self.spec)

        def work(connection: sqlite3.Connection) -> None:
            if complete:
                connection.execute("UPDATE runs SET ended = ? WHERE id = ?", (self._now(), self.run))

        await self._worker.submit(work)


def resolve_doubts(connection: sqlite3.Connection, now: float) -> None:
    """Requests that were on their way when their process died: who was asked about is in doubt from now on."""
    open_ones = connection.execute(
        "SELECT requests.id, requests.run, runs.spec, requests.keys FROM requests JOIN runs ON runs.id = requests.run"
        " WHERE requests.keys IS NOT NULL AND requests.state IN ('sent', 'lost')"
    ).fetchall()
    for number, run, spec, keys in open_ones:
        connection.executemany(
            "INSERT OR IGNORE INTO records (key, spec, status, at, run, request, error)"
            " VALUES (?, ?, 'unknown', ?, ?, ?, ?)",
            [(keys[at : at + SIZE], spec, now, run, number, _HELD) for at in range(0, len(keys), SIZE)],
        )
    connection.execute(
        "UPDATE requests SET state = 'lost', doubtful = reserved WHERE state = 'sent' AND keys IS NOT NULL"
    )
    connection.execute("UPDATE requests SET keys = NULL WHERE keys IS NOT NULL")


_HELD = write_error(
    OutcomeUnknown("The request with this record was on its way when the run was interrupted.", endpoint="")
)
