"""`lusha enrich` and `lusha inspect`: their options, and what is made of them."""

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exit_codes import ExitCode
from .options import EXIT_CODES, access_options
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from .job import Job
    from .output import Output

FORMS = ["jsonl", "csv", "parquet", "arrow"]
NOT_REPEATED = {"pilot", "fresh", "overwrite", "estimate", "as_json", "quiet"}
"""Options that do not belong into the command that continues a run."""


@click.group(epilog=EXIT_CODES)
def enrich() -> None:
    """Look up every row of a list, and write the list with what Lusha knows.

    A ledger beside the output (FILE.ledger) remembers what was asked and bought: the same command again continues
    where it stopped, after a kill, too, and pays for nothing twice.
    """


def _decorated(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_reading = _decorated(
    click.argument("input_", metavar="INPUT"),
    click.option("--reveal", multiple=True, metavar="A,B", help="What to reveal. It decides the price."),
    click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="FIELD=COLUMN",
        help='Which column holds a field: --map email="Work Email". Again for a second choice.',
    ),
    click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Only the first N rows."),
    access_options,
    click.option("--input-format", type=click.Choice(FORMS), help="Of the input, if not recognised."),
    click.option("--encoding", metavar="NAME", help="Of the input: cp1252, utf-16-le, ...  [default: utf-8]"),
    click.option("--delimiter", metavar="SIGN", help="Of the input's CSV; tab for a tab.  [default: found]"),
)

_safety = _decorated(
    click.option("--estimate", is_flag=True, help="Say what it would take and cost, and stop. Spends nothing."),
    click.option(
        "--max-credits",
        type=click.FloatRange(min=0),
        metavar="N",
        help="Never be charged more than this, all starts of the same command together.",
    ),
    click.option(
        "--pilot",
        type=click.IntRange(min=1),
        metavar="N",
        help="The first N rows, and what the rest would cost. The same command without it goes on.",
    ),
    click.option("--wait", is_flag=True, help="Sleep through used-up windows of the plan instead of ending with 5."),
    click.option(
        "--ledger", metavar="FILE", help="Where to write down what is asked and bought.  [default: OUTPUT.ledger]"
    ),
    click.option("--no-ledger", is_flag=True, help="Write nothing down: nothing can be continued."),
    click.option("--retry-failed", is_flag=True, help="Ask again about rows that Lusha answered with an error."),
    click.option(
        "--reuse",
        metavar="AGE",
        help="Take results up to this old from the ledger, those of other options included: 90d, 12h.",
    ),
    click.option(
        "--on-doubt",
        type=click.Choice(["resend", "hold"]),
        help="Rows on their way when a run was killed: ask again (default), or keep them as unknown.",
    ),
    click.option("--fresh", is_flag=True, help="Start over: delete output and ledger, buy everything anew."),
    click.option("--overwrite", "--force", is_flag=True, help="Write the output anew; the ledger stays."),
)

_writing = _decorated(
    click.option("-o", "--output", required=True, metavar="FILE", help="Where to write; - for standard output."),
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        help="Of the output. Without it, by the suffix (.jsonl, .csv, .tsv, .parquet, .arrow, .feather); else jsonl.",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(min=1),
        metavar="N",
        help="Requests of 100 rows on their way at once. Without it, as many as the limits can use.",
    ),
    click.option(
        "--max-wait",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="Longest wait for a window of the plan; beyond it the run ends with code 5.  [default: 120]",
    ),
    click.option("--prefix", default="lusha", show_default=True, metavar="NAME", help="Of the names of what is added."),
    click.option(
        "--escape/--no-escape",
        default=True,
        show_default=True,
        help="Put an apostrophe before CSV cells, the input's own included, that a spreadsheet would run.",
    ),
    click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output."),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no summary."),
)


@enrich.command(epilog=EXIT_CODES)
@_reading
@_writing
@_safety
def contacts(**options: Any) -> None:
    """Enrich the people in INPUT: CSV, JSON Lines, Parquet or Arrow; - for standard input.

    People are looked up by e-mail address, by LinkedIn URL, or by first and last name with a company's name or website.
    Columns are recognised by the names CRM exports give them (Email, E-mail Address, First Name, Full Name, Account
    Name, Website, LinkedIn URL, ...). One line is written for every row, in the order of the rows, with the row's own
    columns first. CSV gets columns such as lusha_status, lusha_email_1, lusha_json; JSONL gets one object "lusha" with
    the status and, untouched, what the API sent; Parquet and Arrow get the columns of CSV with types.

    \b
    --reveal emails            e-mail addresses (1 credit each on the published list)
    --reveal emails,phones     phone numbers, too (5 credits each)
    """
    _enrich("contacts", **options)


@enrich.command(epilog=EXIT_CODES)
@_reading
@_writing
@_safety
def companies(**options: Any) -> None:
    """Enrich the companies in INPUT: CSV, JSON Lines, Parquet or Arrow; - for standard input.

    Companies are looked up by domain (or website) or by name. Columns are recognised by the names CRM exports give
    them (Company, Account Name, Website, Domain, ...). Without --reveal the profile alone is asked for. One line is
    written for every row, in the order of the rows, with the row's own columns first.
    """
    _enrich("companies", **options)


@click.command(epilog=EXIT_CODES)
@_reading
@click.option("--companies", is_flag=True, help="A list of companies. Without it: of people.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def inspect(companies: bool, as_json: bool, **options: Any) -> None:
    """What is in INPUT, how each column will be used, and what enriching it would cost. Spends nothing.

    Needs no key. With one (or --sandbox) the prices, the balance and the windows are the account's own; without one
    they are the documented ones. Contacts are priced with --reveal emails unless told otherwise.
    """
    from .estimate import inspect as look

    if not companies and not any(options["reveal"]):
        options["reveal"] = ("emails",)
    told = {**_UNTOLD, **options}
    found = look(_job("companies" if companies else "contacts", **told))
    click.echo(json.dumps(found.as_json()) if as_json else found.as_text())


_UNTOLD: dict[str, Any] = {
    **dict.fromkeys(("form", "concurrency", "max_wait", "max_credits", "pilot", "ledger", "reuse", "on_doubt")),
    **dict.fromkeys(("overwrite", "wait", "retry_failed", "fresh"), False),
    "output": "-",
    "prefix": "lusha",
    "escape": True,
    "no_ledger": True,
}
"""What `lusha inspect` is not asked."""


def _enrich(kind: str, *, as_json: bool, quiet: bool, estimate: bool, **options: Any) -> None:
    from .enrich import enrich as run
    from .progress import progress

    output = options["output"]
    if as_json and output == "-" and not estimate:
        raise Refused("--json and -o - would both write to standard output: give the output a file.")
    job = _job(kind, **options)
    if estimate:
        from .estimate import estimate as look

        plan = look(job)
        click.echo(json.dumps(plan.as_json()) if as_json else plan.as_text())
        return
    summary = run(job, progress(quiet=quiet))
    if as_json:
        click.echo(json.dumps(summary.as_json()))
    elif not quiet:
        click.echo(summary.as_text(), err=output == "-")
    if (as_json or quiet) and summary.code is not ExitCode.DONE:
        click.echo(f"Error: {summary.reason or summary.as_json()['meaning']}", err=True)
    raise click.exceptions.Exit(int(summary.code))


def _job(
    kind: str,
    *,
    input_: str,
    output: str,
    form: str | None,
    reveal: tuple[str, ...],
    mapping: tuple[str, ...],
    limit: int | None,
    concurrency: int | None,
    max_wait: float | None,
    sandbox: bool,
    base_url: str | None,
    api_key_file: str | None,
    timeout: float | None,
    input_format: str | None,
    encoding: str | None,
    delimiter: str | None,
    prefix: str,
    escape: bool,
    overwrite: bool,
    max_credits: float | None,
    pilot: int | None,
    wait: bool,
    ledger: str | None,
    no_ledger: bool,
    retry_failed: bool,
    reuse: str | None,
    on_doubt: Any,
    fresh: bool,
) -> Job:
    from .access import PATIENCE, Access
    from .columns import parse_map
    from .job import Job
    from .kinds import COMPANIES, CONTACTS, parse_reveal
    from .output import form_of
    from .text import check_encoding

    what = CONTACTS if kind == "contacts" else COMPANIES
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise Refused("--delimiter is one character, or the word tab.")
    if not prefix:
        raise Refused("--prefix is a name, such as lusha.")
    if wait and max_wait is not None:
        raise Refused("--wait and --max-wait contradict each other: leave one out.")
    output_form = form or form_of(output) or "jsonl"
    target = _target(output, output_form, overwrite=overwrite)
    path = _ledger(target.lasting, output, ledger, no_ledger=no_ledger)
    _check_safety(path, ledger, fresh=fresh, retry_failed=retry_failed, reuse=reuse, on_doubt=on_doubt)
    given = [number for number in (limit, pilot) if number is not None]
    return Job(
        kind=what,
        input=input_,
        output=target,
        access=Access(
            sandbox=sandbox,
            base_url=base_url,
            api_key_file=api_key_file,
            timeout=timeout,
            max_wait=PATIENCE if wait else max_wait,
        ),
        reveal=parse_reveal(reveal, what),
        columns=parse_map(mapping, what.headers),
        input_form=input_format or (None if input_ == "-" else form_of(input_)),
        output_form=output_form,
        encoding=None if encoding is None else check_encoding(encoding),
        delimiter=delimiter,
        prefix=prefix,
        escape=escape,
        limit=min(given) if given else None,
        concurrency=concurrency,
        ledger=path,
        on_doubt=on_doubt,
        reuse=_age(reuse),
        retry_failed=retry_failed,
        max_credits=max_credits,
        pilot=pilot is not None,
        fresh=fresh,
        command=again(click.get_current_context()),
    )


def _target(path: str, form: str, *, overwrite: bool) -> Output:
    from .output import TABLES, Output

    if form not in TABLES:
        return Output(path, overwrite=overwrite)
    from .tables import TableOutput

    return TableOutput(path, form, overwrite=overwrite)


def _ledger(lasting: bool, output: str, told: str | None, *, no_ledger: bool) -> Path | None:
    """Where the ledger is: beside the output, if that is a file that stays."""
    from .jobfile import LEDGER_SUFFIX

    if no_ledger:
        if told is not None:
            raise Refused("--ledger and --no-ledger contradict each other: leave one out.")
        return None
    if told is not None:
        return Path(told)
    return Path(output + LEDGER_SUFFIX) if lasting else None


def _check_safety(path: Path | None, told: str | None, *, fresh: bool, **needing: Any) -> None:
    if fresh and told is not None:
        raise Refused(
            "--fresh deletes the ledger beside the output only: to start over with another one, delete that yourself."
        )
    for name, given in needing.items():
        if given and path is None:
            raise Refused(
                f"--{name.replace('_', '-')} needs a ledger: leave --no-ledger out, or name one with --ledger."
            )


def _age(text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,5})\s*([dhw])", text.strip().lower())
    if not found:
        raise Refused("--reuse is an age such as 90d, 2w or 12h.")
    number = int(found[1])
    return {"d": timedelta(days=number), "h": timedelta(hours=number), "w": timedelta(weeks=number)}[found[2]]


def again(context: click.Context) -> str:
    """The command line that continues this one."""
    words = context.command_path.split()
    for param in context.command.params:
        name = param.name or ""
        told = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if not told or name in NOT_REPEATED:
            continue
        value: Any = context.params[name]
        if isinstance(param, click.Argument):
            words.append(str(value))
        elif isinstance(param, click.Option) and param.is_flag:
            words.append((param.opts if value else param.secondary_opts)[-1])
        else:
            flag = max(param.opts, key=len)
            for one in value if param.multiple else (value,):
                words += [flag, f"{one:g}" if isinstance(one, float) else str(one)]
    return shlex.join(words)
