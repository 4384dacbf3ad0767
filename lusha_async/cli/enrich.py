"""`lusha enrich`: a list in, the same list with Lusha's data out."""

from __future__ import annotations

import asyncio
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import anyio

from ..bulk import Status
from ..errors import RateLimited
from .columns import recognise, require
from .exit_codes import ExitCode, code_of
from .feed import Feed
from .interrupts import interrupts
from .lineup import Lineup
from .output import OutputFailed
from .progress import REFRESH, Look
from .reading import open_table, survey
from .refusal import Refused
from .summary import Summary
from .text import Text
from .writing import CsvLines, JsonLines

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable

    from ..bulk import BulkRun
    from ..client import LushaClient
    from .access import Access
    from .columns import Columns
    from .kinds import Kind
    from .output import Output
    from .progress import Progress
    from .reading import Survey, Table
    from .writing import Lines

STANDARD_INPUT = "-"
PATIENCE = 15.0
"""Seconds that requests on their way get to come home after Ctrl-C."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What `lusha enrich` was asked to do."""

    kind: Kind
    input: str
    output: Output
    access: Access
    reveal: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    """What `--map` said."""
    input_form: str | None = None
    output_form: str = "jsonl"
    encoding: str | None = None
    delimiter: str | None = None
    prefix: str = "lusha"
    escape: bool = True
    limit: int | None = None
    concurrency: int | None = None

    @property
    def source(self) -> str:
        """The input's name for messages."""
        return "standard input" if self.input == STANDARD_INPUT else self.input

    def table(self) -> Table:
        """The input, opened at its beginning."""
        text = Text(_open(self.input), source=self.source, encoding=self.encoding)
        try:
            return open_table(text, source=self.source, form=self.input_form, delimiter=self.delimiter)
        except BaseException:
            text.close()
            raise

    def lines(self, headers: tuple[str, ...], table: Table) -> Lines:
        """The maker of output lines for these columns of the input. Raises `Refused` where they collide."""
        lines: Lines
        if self.output_form == "jsonl":
            lines = JsonLines(self.prefix)
        else:
            tabbed = self.output.path.lower().endswith(".tsv")
            lines = CsvLines(
                headers,
                self.kind.columns,
                prefix=self.prefix,
                delimiter="\t" if tabbed else table.delimiter or ",",
                marked=table.marked,
                escape=self.escape,
            )
        lines.check(headers)
        return lines


def enrich(job: Job, progress: Progress) -> Summary:
    """Do it. Raises `Refused` for whatever makes the whole of it impossible, before a request is made."""
    job.output.check(inputs=job.input)
    piped = job.input == STANDARD_INPUT or not _is_regular(job.input)
    found = None if piped else _surveyed(job)
    table = job.table()
    try:
        headers = table.headers if found is None else found.headers
        columns = recognise(headers, job.kind.headers, job.columns)
        require(columns, headers, source=job.source, company=job.kind.company)
        lines = job.lines(headers, table)
        job.access.check()
        rows = None if found is None else found.rows
        progress.say(f"{job.source}: {'' if rows is None else f'{rows:,} rows; '}{columns}.")
        run = _Run(job, progress, table, lines, columns, piped=piped, rows=rows)
        job.output.open(lines.head())
        return asyncio.run(run.go())
    finally:
        progress.close()
        job.output.close()
        if not piped:  # a thread may still be reading from a pipe
            table.close()


def _surveyed(job: Job) -> Survey:
    table = job.table()
    try:
        return survey(table)
    finally:
        table.close()


class _Run:
    """One run, from the first row to the summary."""

    def __init__(
        self,
        job: Job,
        progress: Progress,
        table: Table,
        lines: Lines,
        columns: Columns,
        *,
        piped: bool,
        rows: int | None,
    ) -> None:
        self._job = job
        self._progress = progress
        self._lines = lines
        self._total = rows if rows is None or job.limit is None else min(rows, job.limit)
        self._lineup = Lineup(lines)
        self._feed = Feed(table, self._lineup, columns=columns, limit=job.limit, piped=piped, learn=self._learn)
        self._scope: anyio.CancelScope | None = None
        self._signalled: ExitCode | None = None
        self._signalled_at = 0.0
        self._taken = 0
        self._fault: Refused | None = None

    async def go(self) -> Summary:
        async with self._job.access.connect() as lusha:
            source = self._feed.records()
            run = self._job.kind.start(lusha, source, self._job.reveal, concurrency=self._job.concurrency)
            with interrupts(self._interrupt):
                watch = asyncio.create_task(self._watch(run, lusha))
                try:
                    async with run:
                        await self._consume(run)
                finally:
                    watch.cancel()
                    await asyncio.wait([watch])
                    await source.aclose()
            self._write_rest(run)
            return self._summary(run)

    async def _consume(self, run: BulkRun[dict[str, str], Any]) -> None:
        self._scope = anyio.CancelScope()
        try:
            with self._scope:
                async for outcomes in run.batches():
                    self._taken += len(outcomes)
                    self._job.output.write(self._lineup.settle(outcomes))
        except Refused as refused:
            self._fault = refused

    async def _watch(self, run: BulkRun[dict[str, str], Any], lusha: LushaClient) -> None:
        """Keep the display up to date; once interrupted, leave as soon as nothing is on its way any more."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        quiet_looks = 0
        while True:
            elapsed = loop.time() - started
            self._progress.show(Look(run.report, self._total, elapsed, lusha.quota.waiting))
            await asyncio.sleep(REFRESH)
            if self._signalled is None:
                continue
            at_rest = lusha.quota.in_flight == 0 and run.report.done == self._taken
            quiet_looks = quiet_looks + 1 if at_rest else 0
            if quiet_looks > 1 or loop.time() - self._signalled_at > PATIENCE:
                self._leave()

    def _leave(self) -> None:
        if self._scope is not None:
            self._scope.cancel()

    def _interrupt(self, code: ExitCode) -> None:
        if self._signalled is not None:
            self._leave()
            return
        self._signalled = code
        self._signalled_at = asyncio.get_running_loop().time()
        self._feed.stop()
        self._progress.say("Stopping: what is on its way is still received. Once more to leave at once.")

    def _learn(self, headers: Iterable[str]) -> Columns:
        """Fields of a row of JSON that no row before it had."""
        names = tuple(headers)
        self._lines.check(names)
        return recognise(names, self._job.kind.headers, self._job.columns)

    def _write_rest(self, run: BulkRun[dict[str, str], Any]) -> None:
        if isinstance(self._fault, OutputFailed):
            return
        status = Status.UNKNOWN if run.report.in_doubt else Status.NOT_SENT
        try:
            self._job.output.write(self._lineup.close_gaps(status))
        except OutputFailed as failed:
            self._fault = failed

    def _summary(self, run: BulkRun[dict[str, str], Any]) -> Summary:
        report, output = run.report, self._job.output
        code, reason = self._verdict(run)
        if code is ExitCode.ACCESS and not any(report.statuses[status] for status in _ASKED):
            output.discard()
            output.written = 0
        ended = report.ended_by
        resume_at = ended.resume_at if isinstance(ended, RateLimited) else None
        return Summary(
            kind=self._job.kind.name,
            input=self._job.source,
            output=output.name,
            sandbox=self._job.access.sandbox,
            code=code,
            rows_in=self._feed.read,
            rows_left=0 if self._feed.ended else None if self._total is None else self._total - self._feed.read,
            rows_out=output.written,
            statuses={status.value: report.statuses[status] for status in Status},
            duplicates=report.duplicates,
            requests=report.requests,
            retries=report.retries,
            credits=report.credits_charged,
            in_doubt=report.in_doubt,
            waited=report.waited,
            seconds=report.elapsed,
            reason=reason,
            resume_at=None if resume_at is None else resume_at.isoformat(timespec="seconds"),
        )

    def _verdict(self, run: BulkRun[dict[str, str], Any]) -> tuple[ExitCode, str | None]:
        counts = run.report.statuses
        complete = self._feed.ended and self._lineup.backlog == 0
        if self._fault is not None:
            return self._fault.code, self._fault.sentence
        if self._signalled is not None and not complete:
            return self._signalled, None
        if run.report.ended_by is not None:
            return code_of(run.report.ended_by), str(run.report.ended_by)
        unanswered = counts[Status.FAILED] + counts[Status.UNKNOWN] + counts[Status.NOT_SENT]
        if not unanswered:
            return ExitCode.DONE, None
        answered = counts[Status.FOUND] + counts[Status.NOT_FOUND] + counts[Status.RESTRICTED]
        return (ExitCode.INCOMPLETE if answered else ExitCode.UNAVAILABLE), None


_ASKED = (Status.FOUND, Status.NOT_FOUND, Status.RESTRICTED, Status.FAILED, Status.UNKNOWN)


def _open(path: str) -> IO[bytes] | io.RawIOBase:
    """The input's bytes, without a buffer of their own."""
    if path == STANDARD_INPUT:
        stream = sys.stdin.buffer
        with suppress(OSError, AttributeError, ValueError):
            # A file object of our own: a thread that still reads from sys.stdin would break the interpreter's exit.
            return open(stream.fileno(), "rb", buffering=0, closefd=False)
        return stream
    try:
        return open(path, "rb", buffering=0)
    except IsADirectoryError:
        raise Refused(f"{path} is a folder: name a file, or - for standard input.") from None
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return True  # let opening it say what is wrong
