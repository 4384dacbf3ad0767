"""`lusha enrich`: a list in, the same list with Lusha's data out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from .columns import recognise, require
from .exit_codes import ExitCode
from .jobfile import JobFile, State, Terms, remove_ledger
from .output import TABLES
from .reading import survey
from .running import Run, Source
from .summary import Summary

if TYPE_CHECKING:
    from .columns import Columns
    from .job import Job
    from .progress import Progress
    from .reading import Survey, Table


def enrich(job: Job, progress: Progress) -> Summary:
    """Do it. Raises `Refused` for whatever makes the whole of it impossible, before a request is made."""
    output = job.output
    output.check(inputs=job.input)
    paper = JobFile(output.path) if output.lasting else None
    if job.fresh:
        _forget(job, paper)
    if paper is None or paper.state is None or job.ledger is None:
        output.check_new()
    found = None if job.piped else surveyed(job)
    table = job.table()
    try:
        headers = table.headers if found is None else found.headers
        columns = recognise(headers, job.kind.headers, job.columns)
        require(columns, headers, source=job.source, company=job.kind.company)
        lines = job.lines(headers, table)
        _narrow(job, table, columns)
        job.access.check()
        rows = None if found is None else found.rows
        terms = job.terms if job.ledger is not None and paper is not None else None
        continuing = paper is not None and terms is not None and not output.overwrite and paper.check(terms)
        if continuing and paper is not None and (done := _done(job, paper.state)):
            return done
        progress.say(f"{job.source}: {'' if rows is None else f'{rows:,} rows; '}{columns}.")
        if continuing:
            progress.say(f"{output.name} is continued.")
        source = Source(table, lines, columns, piped=job.piped, rows=rows)
        spent = (
            paper.state.spent if paper is not None and paper.state is not None and paper.state.terms == terms else 0.0
        )
        run = Run(job, progress, source, continuing=continuing, spent=spent, begin=lambda: _begin(paper, terms, spent))
        summary = asyncio.run(run.go())
        _end(job, paper, terms, run, summary)
        return summary
    finally:
        progress.close()
        output.close()
        if not job.piped:  # a thread may still be reading from a pipe
            table.close()


def _narrow(job: Job, table: Table, columns: Columns) -> None:
    """From a table to a table, the columns that are not used need not become Python's."""
    if job.output_form in TABLES:
        from .tables import TableInput

        if isinstance(table, TableInput):
            table.use(name for names in columns.of.values() for name in names)


def surveyed(job: Job) -> Survey:
    """A first pass through the input."""
    table = job.table()
    try:
        return survey(table)
    finally:
        table.close()


def _forget(job: Job, paper: JobFile | None) -> None:
    """Start anew: the output of this command and the ledger beside it go."""
    if paper is not None and paper.state is not None:
        job.output.discard()
        paper.remove()
    if job.ledger is not None:
        job.output.check_new()
        remove_ledger(job.ledger)


def _done(job: Job, state: State | None) -> Summary | None:
    """How it ended, if everything was done before and nothing is asked for that would change that."""
    if state is None or not state.complete or state.size is None or state.terms.digest is None:
        return None
    if job.retry_failed or job.reuse is not None:
        return None
    try:
        told: dict[str, Any] = msgspec.convert(state.summary, dict[str, Any])
        rows = int(told["rows_out"])
        return Summary(
            kind=job.kind.name,
            input=job.source,
            output=job.output.name,
            sandbox=job.access.sandbox,
            code=ExitCode.DONE,
            rows_in=rows,
            rows_left=0,
            rows_out=rows,
            statuses=msgspec.convert(told["statuses"], dict[str, int]),
            duplicates=int(told["duplicates"]),
            from_ledger=rows,
            credits_before=state.spent,
            ledger=str(job.ledger),
            unchanged=True,
        )
    except (KeyError, ValueError, TypeError, msgspec.ValidationError):
        return None


def _begin(paper: JobFile | None, terms: Terms | None, spent: float) -> None:
    """Write down that this output is being made."""
    if paper is not None and terms is not None:
        paper.save(State(terms=terms, spent=spent))
    elif paper is not None:
        paper.remove()


def _end(job: Job, paper: JobFile | None, terms: Terms | None, run: Run, summary: Summary) -> None:
    """Write down how it ended, or take back what was made for nothing."""
    if summary.rows_out == 0 and summary.code is ExitCode.ACCESS:
        if paper is not None and not Path(job.output.path).exists():
            paper.remove()
        if job.ledger is not None and run.ledger_is_new:
            remove_ledger(job.ledger)
    elif paper is not None and terms is not None and paper.state is not None and Path(job.output.path).is_file():
        paper.save(
            State(
                terms=terms,
                size=Path(job.output.path).stat().st_size,
                complete=summary.code is ExitCode.DONE and run.whole,
                spent=run.spent,
                summary=summary.as_json(),
            )
        )
