"""`lusha ledger`: what was bought, when, for how much; what is kept; and people who are to be forgotten."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from .exit_codes import ExitCode
from .options import EXIT_CODES
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..ledger import AuditEntry, Ledger, LedgerSummary


@click.group(epilog=EXIT_CODES)
def ledger() -> None:
    """Ledgers: what `lusha enrich` wrote down of what it asked, bought and paid.

    LEDGER is the file itself, or the output beside which it stands.
    """


@ledger.command(epilog=EXIT_CODES)
@click.argument("path", metavar="LEDGER")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(path: str, as_json: bool) -> None:
    """Counts, credits and dates. Nobody's data. Works beside a run."""
    found = asyncio.run(_summary(_open(path, read_only=True)))
    click.echo(json.dumps(_as_json(found)) if as_json else _as_text(found))


@ledger.command(epilog=EXIT_CODES)
@click.argument("path", metavar="LEDGER")
@click.option("-o", "--output", default="-", metavar="FILE", help="Where to write JSON Lines.  [default: stdout]")
@click.option("--audit", is_flag=True, help="The audit log instead: every request, when, and for how many credits.")
@click.option("--overwrite", "--force", is_flag=True, help="Replace FILE if there is one.")
def export(path: str, output: str, audit: bool, overwrite: bool) -> None:
    """Everything it keeps of records, as JSON Lines, with the answers as they came: people's data.

    With --audit nobody's data: one line for each request.
    """
    book = _open(path, read_only=True)
    with _target(output, overwrite=overwrite) as file:
        asyncio.run(_audit(book, file) if audit else _results(book, file))


@ledger.command(epilog=EXIT_CODES)
@click.argument("path", metavar="LEDGER")
@click.option("--email", "emails", multiple=True, metavar="ADDRESS", help="E-mail address. Any number of times.")
@click.option("--phone", "phones", multiple=True, metavar="NUMBER", help="Phone number.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Id at Lusha.")
@click.option("--linkedin", "linkedin_urls", multiple=True, metavar="URL", help="LinkedIn profile.")
@click.option(
    "--from",
    "list_",
    type=click.File("r"),
    metavar="FILE",
    help="A file with one of them a line; - for stdin.",
)
@click.option(
    "--suppress/--no-suppress",
    default=True,
    show_default=True,
    help="Remember digests of who it was, so that later runs do not buy them again.",
)
def purge(path: str, list_: IO[str] | None, suppress: bool, **named: tuple[str, ...]) -> None:
    """Remove people for good (opt-outs). Output files are not touched: what stands in those is up to you."""
    who = {name: list(values) for name, values in named.items()}
    for line in list_ or ():
        value = line.strip()
        for kind in _kinds(value) if value else ():
            who[kind].append(value)
    if not any(who.values()):
        raise Refused("Say who is to go: --email, --phone, --id, --linkedin, or --from FILE.")
    removed = asyncio.run(_purge(_open(path, read_only=False), who, suppress=suppress))
    click.echo(f"{removed:,} records removed.")


def _kinds(value: str) -> tuple[str, ...]:
    """What a line of a list may be. Bare digits may be a phone number or an id of V2: both go."""
    if "linkedin.com/" in value:
        return ("linkedin_urls",)
    if "@" in value:
        return ("emails",)
    if any(sign.isalpha() for sign in value):
        return ("ids",)
    return ("phones", "ids") if value.isdigit() else ("phones",)


def _open(path: str, *, read_only: bool) -> Ledger:
    from ..ledger import Ledger
    from .jobfile import LEDGER_SUFFIX

    beside = Path(path + LEDGER_SUFFIX)
    target = beside if beside.is_file() else Path(path)
    if not target.is_file():
        raise Refused(f"There is no ledger {path}.")
    return Ledger(target, read_only=read_only)


async def _summary(book: Ledger) -> LedgerSummary:
    async with book:
        return await book.summary()


async def _purge(book: Ledger, who: dict[str, list[str]], *, suppress: bool) -> int:
    async with book:
        return await book.purge(
            emails=who["emails"],
            phones=who["phones"],
            ids=who["ids"],
            linkedin_urls=who["linkedin_urls"],
            suppress=suppress,
        )


async def _results(book: Ledger, file: IO[str]) -> None:
    async with book:
        async for one in book.results():
            line: dict[str, Any] = {
                "operation": one.operation,
                "options": one.options,
                "key": one.key,
                "status": one.status,
                "at": one.at.isoformat(timespec="seconds"),
                "row": None if one.place is None else one.place + 1,
            }
            text = json.dumps(line, ensure_ascii=False)
            if one.item is not None:
                raw = one.item.decode("utf-8", "replace").replace("\n", " ").replace("\r", " ")
                text = f'{text[:-1]}, "result": {raw}}}'
            file.write(text + "\n")


async def _audit(book: Ledger, file: IO[str]) -> None:
    async with book:
        last = 0
        while page := await book.audit(after=last):
            last = page[-1].number
            file.writelines(json.dumps(_entry(entry)) + "\n" for entry in page)


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "operation": entry.operation,
        "options": entry.options,
        "sent": entry.sent.isoformat(timespec="milliseconds"),
        "ended": None if entry.ended is None else entry.ended.isoformat(timespec="milliseconds"),
        "state": entry.state,
        "records": entry.records,
        "found": entry.found,
        "credits": entry.credits,
        "in_doubt": entry.in_doubt,
    }


@contextmanager
def _target(output: str, *, overwrite: bool) -> Generator[IO[str]]:
    try:
        if output == "-":
            yield sys.stdout
            sys.stdout.flush()
            return
        with open(output, "w" if overwrite else "x", encoding="utf-8", newline="\n") as file:
            yield file
    except FileExistsError:
        raise Refused(f"{output} exists already: choose another name, or use --overwrite.") from None
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}.", ExitCode.OUTPUT) from None


def _as_json(found: LedgerSummary) -> dict[str, Any]:
    return {
        "keep": found.keep,
        "created": found.created.isoformat(timespec="seconds"),
        "asked": [
            {"operation": one.operation, "options": one.options, "runs": one.runs, "unfinished": one.unfinished}
            for one in found.asked
        ],
        "records": found.records,
        "requests": found.requests,
        "credits_charged": found.credits_charged,
        "credits_in_doubt": found.credits_in_doubt,
        "first": None if found.first is None else found.first.isoformat(timespec="seconds"),
        "last": None if found.last is None else found.last.isoformat(timespec="seconds"),
        "purged": found.purged,
    }


def _as_text(found: LedgerSummary) -> str:
    doubt = f", up to {found.credits_in_doubt:,.10g} in doubt" if found.credits_in_doubt else ""
    lines = [
        *(
            (
                "Asked",
                f"{one.operation}, {_options(one.options)}; {one.runs:,} runs"
                + (", the last can be continued" if one.unfinished else ""),
            )
            for one in found.asked
        ),
        ("Records", _counts(found.records)),
        ("Requests", _counts(found.requests)),
        ("Credits", f"{found.credits_charged:,.10g} charged{doubt}"),
        ("Keeps", "results as they came" if found.keep == "results" else "keyed digests only"),
    ]
    if found.first is not None and found.last is not None:
        lines.append(("From, to", f"{found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC"))
    if found.purged:
        lines.append(("Purged", f"{found.purged:,} digests of people who are not to be asked about again"))
    return "\n".join(f"{name:<11}{text}" for name, text in lines)


def _options(options: dict[str, Any]) -> str:
    told = {name: value for name, value in options.items() if value not in (None, [], False)}
    return json.dumps(told, ensure_ascii=False) if told else "no options"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(counts.items())) or "none"
