"""One run of `lusha enrich`, from the first row to the summary."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio

from ..bulk import BudgetExhausted, Status
from ..errors import RateLimited
from .columns import recognise
from .exit_codes import ExitCode, code_of
from .feed import Feed, LimitReached
from .interrupts import interrupts
from .lineup import Lineup
from .output import OutputFailed
from .progress import REFRESH, Look
from .refusal import Refused
from .summary import Projection, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..bulk import BulkRun
    from ..client import LushaClient
    from ..ledger import Ledger
    from .columns import Columns
    from .job import Job
    from .progress import Progress
    from .reading import Table
    from .writing import Lines

FOLD = 2_000
"""Unique records kept in memory to fold duplicates; the ledger knows all of them."""
PATIENCE = 15.0
"""Seconds that requests on their way get to come home after Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Source:
    """The input, opened."""

    table: Table
    lines: Lines
    columns: Columns
    piped: bool
    rows: int | None
    """How many there are, where that is known."""


class Run:
    """`begin` is called once, when nothing stands against the run any more and before anything is sent.

    `spent`: credits charged or in doubt in runs of the same job that the ledger has closed.
    """

    def __init__(
        self,
        job: Job,
        progress: Progress,
        source: Source,
        *,
        continuing: bool,
        spent: float,
        begin: Callable[[], None],
    ) -> None:
        self._job = job
        self._progress = progress
        self._source = source
        self._lines = source.lines
        self._continuing = continuing
        self._begin = begin
        rows = source.rows
        self._total = rows if rows is None or job.limit is None else min(rows, job.limit)
        self._lineup = Lineup(source.lines)
        self._feed = Feed(
            source.table,
            self._lineup,
            columns=source.columns,
            limit=job.limit,
            piped=source.piped,
            learn=self._learn,
            pause=job.ledger is not None,
        )
        self._scope: anyio.CancelScope | None = None
        self._signalled: ExitCode | None = None
        self._signalled_at = 0.0
        self._taken = 0
        self._fault: Refused | None = None
        self._spent_before = spent
        self.spent = spent
        """Credits charged or in doubt in runs the ledger has closed, this one included if it is."""
        self.ledger_is_new = False

    @property
    def whole(self) -> bool:
        """Whether the whole input was read, and every row written."""
        limited = self._job.limit is not None and self._feed.read >= self._job.limit and self._feed.read != self._rows
        return self._feed.ended and self._lineup.backlog == 0 and not limited

    @property
    def _rows(self) -> int | None:
        return self._source.rows

    async def go(self) -> Summary:
        """Run to the end, whatever kind of end that is."""
        async with AsyncExitStack() as stack:
            lusha = await stack.enter_async_context(self._job.access.connect())
            ledger = await self._open_ledger(lusha, stack)
            source = self._feed.records()
            run = self._start(lusha, source, ledger)
            with interrupts(self._interrupt):
                watch = asyncio.create_task(self._watch(run, lusha))
                try:
                    async with run:
                        self._begin()
                        self._job.output.open(self._lines, continuing=self._continuing)
                        await self._consume(run)
                except BaseException as error:
                    self._say_mismatch(error)
                    raise
                finally:
                    watch.cancel()
                    await asyncio.wait([watch])
                    await source.aclose()
            self._write_rest(run)
            closed = ledger is not None and not any(one.unfinished for one in (await ledger.summary()).asked)
            return self._summary(run, closed=closed)

    async def _open_ledger(self, lusha: LushaClient, stack: AsyncExitStack) -> Ledger | None:
        if self._job.ledger is None:
            return None
        from ..ledger import Ledger

        ledger = Ledger(self._job.ledger, keep="results")
        self.ledger_is_new = not ledger.exists()
        try:
            await ledger.open(account=lusha.fingerprint)
        except BaseException as error:
            self._say_mismatch(error)
            raise
        stack.push_async_callback(ledger.close)
        return ledger

    def _start(self, lusha: LushaClient, source: Any, ledger: Ledger | None) -> BulkRun[dict[str, str], Any]:
        job = self._job
        ceiling = None if job.max_credits is None else max(0.0, job.max_credits - self._spent_before)
        options: dict[str, Any] = {
            "concurrency": job.concurrency,
            "max_credits": ceiling,
            "typed": job.output_form != "jsonl",  # there results are written as they came
        }
        if ledger is not None:
            options |= {
                "ledger": ledger,
                "fold": FOLD,
                "on_doubt": job.on_doubt,
                "reuse": job.reuse,
                "retry_failed": job.retry_failed,
            }
        return job.kind.start(lusha, source, job.reveal, **options)

    def _say_mismatch(self, error: BaseException) -> None:
        """A ledger that was made for something else, in the words of the command line."""
        from ..ledger import LedgerMismatch

        if isinstance(error, LedgerMismatch):
            raise Refused(
                f"{self._job.ledger} is the ledger of something else ({'; '.join(error.differences)}): choose another "
                "output, or another ledger with --ledger, or let both use it with --reuse 90d, or start over with "
                "--fresh."
            ) from None

    async def _consume(self, run: BulkRun[dict[str, str], Any]) -> None:
        self._scope = anyio.CancelScope()
        try:
            with self._scope:
                async for outcomes in run.batches():
                    self._taken += len(outcomes)
                    self._job.output.write(self._lineup.settle(outcomes))
        except LimitReached:
            pass
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
            self._job.output.finish(whole=self.whole)
        except OutputFailed as failed:
            self._fault = failed

    def _summary(self, run: BulkRun[dict[str, str], Any], *, closed: bool) -> Summary:
        report, output, job = run.report, self._job.output, self._job
        code, reason = self._verdict(run)
        if code is ExitCode.ACCESS and not self._continuing and not any(report.statuses[s] for s in _ASKED):
            output.discard()
            output.written = 0
        ended = report.ended_by
        resume_at = ended.resume_at if isinstance(ended, RateLimited) else None
        spent = report.credits_charged + report.credits_before + report.credits_in_doubt
        self.spent = self._spent_before + (spent if closed else 0.0)
        return Summary(
            kind=job.kind.name,
            input=job.source,
            output=output.name,
            sandbox=job.access.sandbox,
            code=code,
            rows_in=self._feed.read,
            rows_left=0 if self._feed.ended else None if self._total is None else self._total - self._feed.read,
            rows_out=output.written,
            statuses={status.value: report.statuses[status] for status in Status},
            duplicates=report.duplicates,
            requests=report.requests,
            retries=report.retries,
            credits=report.credits_charged,
            credits_before=self._spent_before + report.credits_before,
            credits_in_doubt=report.credits_in_doubt,
            from_ledger=report.from_ledger,
            in_doubt=report.in_doubt,
            waited=report.waited,
            seconds=report.elapsed,
            reason=reason,
            resume_at=None if resume_at is None else resume_at.isoformat(timespec="seconds"),
            ledger=None if job.ledger is None else str(job.ledger),
            command=None if job.ledger is None or (code is ExitCode.DONE and self.whole) else job.command,
            projection=self._projection(spent + self._spent_before) if job.pilot else None,
        )

    def _projection(self, spent: float) -> Projection | None:
        rows, done = self._rows, self._feed.read
        if not rows or not done or rows <= done:
            return None
        return Projection(rows=rows - done, credits=spent / done * (rows - done))

    def _verdict(self, run: BulkRun[dict[str, str], Any]) -> tuple[ExitCode, str | None]:
        counts = run.report.statuses
        complete = self._feed.ended and self._lineup.backlog == 0
        if self._fault is not None:
            return self._fault.code, self._fault.sentence
        if self._signalled is not None and not complete:
            return self._signalled, None
        ended = run.report.ended_by
        if ended is not None:
            return code_of(ended), _in_words(ended)
        unanswered = counts[Status.FAILED] + counts[Status.UNKNOWN] + counts[Status.NOT_SENT]
        if not unanswered:
            return ExitCode.DONE, None
        answered = counts[Status.FOUND] + counts[Status.NOT_FOUND] + counts[Status.RESTRICTED]
        return (ExitCode.INCOMPLETE if answered else ExitCode.UNAVAILABLE), None


_ASKED = (Status.FOUND, Status.NOT_FOUND, Status.RESTRICTED, Status.FAILED, Status.UNKNOWN)


def _in_words(error: Exception) -> str:
    """Why a run ended, in the words of the command line."""
    if isinstance(error, BudgetExhausted):
        said = str(error).removesuffix(error.hint).strip()
        return said.replace("max_credits=", "--max-credits ") + " Raise it to go on."
    return str(error)
