"""The commands of `lusha`. What takes time to import is imported by the command that needs it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from .._version import __version__
from .exit_codes import ExitCode
from .options import EXIT_CODES, Commands, access_options
from .refusal import Refused
from .webhooks import webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..sandbox import Sandbox
    from .enrich import Job

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}


@click.group(cls=Commands, context_settings=SETTINGS, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="lusha", message="%(prog)s %(version)s")
def lusha() -> None:
    """Lusha's B2B data from the command line.

    \b
    lusha enrich contacts examples/contacts.csv -o out.jsonl --reveal emails --sandbox
    lusha usage
    """


lusha.add_command(webhooks)


@lusha.group(epilog=EXIT_CODES)
def enrich() -> None:
    """Look up every row of a list, and write the list with what Lusha knows."""


def _enrich_options(command: Callable[..., None]) -> Callable[..., None]:
    for decorate in reversed(
        (
            click.argument("input_", metavar="INPUT"),
            click.option(
                "-o", "--output", required=True, metavar="FILE", help="Where to write; - for standard output."
            ),
            click.option(
                "--format",
                "form",
                type=click.Choice(["jsonl", "csv"]),
                help="Of the output. Without it, by the suffix of FILE (.jsonl, .ndjson, .csv, .tsv); else jsonl.",
            ),
            click.option("--reveal", multiple=True, metavar="A,B", help="What to reveal. It decides the price."),
            click.option(
                "--map",
                "mapping",
                multiple=True,
                metavar="FIELD=COLUMN",
                help='Which column holds a field: --map email="Work Email". Again for a second choice.',
            ),
            click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Only the first N rows."),
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
            access_options,
            click.option(
                "--input-format", type=click.Choice(["jsonl", "csv"]), help="Of the input, if not recognised."
            ),
            click.option("--encoding", metavar="NAME", help="Of the input: cp1252, utf-16-le, ...  [default: utf-8]"),
            click.option("--delimiter", metavar="SIGN", help="Of the input's CSV; tab for a tab.  [default: found]"),
            click.option(
                "--prefix", default="lusha", show_default=True, metavar="NAME", help="Of the names of what is added."
            ),
            click.option(
                "--escape/--no-escape",
                default=True,
                show_default=True,
                help="Put an apostrophe before CSV cells, the input's own included, that a spreadsheet would run.",
            ),
            click.option("--overwrite", "--force", is_flag=True, help="Replace the output file if there is one."),
            click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output."),
            click.option("-q", "--quiet", is_flag=True, help="No progress and no summary."),
        )
    ):
        command = decorate(command)
    return command


@enrich.command(epilog=EXIT_CODES)
@_enrich_options
def contacts(**options: Any) -> None:
    """Enrich the people in INPUT: CSV or JSON Lines, - for standard input.

    People are looked up by e-mail address, by LinkedIn URL, or by first and last name with a company's name or website.
    Columns are recognised by the names CRM exports give them (Email, E-mail Address, First Name, Full Name, Account
    Name, Website, LinkedIn URL, ...). One line is written for every row, in the order of the rows, with the row's own
    columns first. CSV gets columns such as lusha_status, lusha_email_1, lusha_json; JSONL gets one object "lusha" with
    the status and, untouched, what the API sent.

    \b
    --reveal emails            e-mail addresses (1 credit each on the published list)
    --reveal emails,phones     phone numbers, too (5 credits each)
    """
    _enrich("contacts", **options)


@enrich.command(epilog=EXIT_CODES)
@_enrich_options
def companies(**options: Any) -> None:
    """Enrich the companies in INPUT: CSV or JSON Lines, - for standard input.

    Companies are looked up by domain (or website) or by name. Columns are recognised by the names CRM exports give
    them (Company, Account Name, Website, Domain, ...). Without --reveal the profile alone is asked for. One line is
    written for every row, in the order of the rows, with the row's own columns first.
    """
    _enrich("companies", **options)


def _enrich(kind: str, *, output: str, as_json: bool, quiet: bool, **options: Any) -> None:
    from .enrich import enrich as run
    from .progress import progress

    if as_json and output == "-":
        raise Refused("--json and -o - would both write to standard output: give the output a file.")
    summary = run(_job(kind, output=output, **options), progress(quiet=quiet))
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
) -> Job:
    from .access import Access
    from .columns import parse_map
    from .enrich import Job
    from .kinds import COMPANIES, CONTACTS, parse_reveal
    from .output import Output, form_of
    from .text import check_encoding

    what = CONTACTS if kind == "contacts" else COMPANIES
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise Refused("--delimiter is one character, or the word tab.")
    if not prefix:
        raise Refused("--prefix is a name, such as lusha.")
    return Job(
        kind=what,
        input=input_,
        output=Output(output, overwrite=overwrite),
        access=Access(
            sandbox=sandbox, base_url=base_url, api_key_file=api_key_file, timeout=timeout, max_wait=max_wait
        ),
        reveal=parse_reveal(reveal, what),
        columns=parse_map(mapping, what.headers),
        input_form=input_format or _input_form(input_),
        output_form=form or form_of(output) or "jsonl",
        encoding=None if encoding is None else check_encoding(encoding),
        delimiter=delimiter,
        prefix=prefix,
        escape=escape,
        limit=limit,
        concurrency=concurrency,
    )


def _input_form(path: str) -> str | None:
    from .output import form_of

    return None if path == "-" else form_of(path)


@lusha.command(epilog=EXIT_CODES)
@access_options
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the API's names.")
def usage(sandbox: bool, base_url: str | None, api_key_file: str | None, timeout: float | None, as_json: bool) -> None:
    """Credits left, what is left of the plan's windows, and the prices. Costs nothing."""
    from ..model import to_dict
    from .access import Access
    from .usage import as_text, ask

    access = Access(sandbox=sandbox, base_url=base_url, api_key_file=api_key_file, timeout=timeout)
    access.check()
    answer = ask(access)
    click.echo(json.dumps(to_dict(answer, api_names=True)) if as_json else as_text(answer))


@lusha.command(epilog=EXIT_CODES)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0 picks a free one.")
@click.option("--api-key", metavar="UUID", help="The key it accepts, which is no secret. A new one unless given.")
@click.option("--plan", default="unlimited", show_default=True, help="Whose minute, hour and day windows it has.")
@click.option("--credits", "balance", type=click.FloatRange(min=0), help="Balance of the account. [default: plenty]")
@click.option("--latency", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Delay of every answer.")
@click.option(
    "--jitter", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Largest delay on the way."
)
@click.option("--fault-rate", type=click.FloatRange(0, 1), default=0.0, help="Share of requests that go wrong.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the invented world and of the faults.")
def sandbox(
    host: str,
    port: int,
    api_key: str | None,
    plan: str,
    balance: float | None,
    latency: float,
    jitter: float,
    fault_rate: float,
    seed: int,
) -> None:
    """A Lusha of your own on this machine, with invented data, until Ctrl-C."""
    from ..sandbox import Faults, serve

    options: dict[str, Any] = {"host": host, "port": port, "api_key": api_key, "plan": plan, "seed": seed}
    options |= {"latency": latency, "jitter": jitter, "faults": Faults(rate=fault_rate, seed=seed)}
    if balance is not None:
        options["credits"] = balance
    try:
        serve(announce=_announce, **options)
    except OSError as error:
        raise Refused(f"The sandbox cannot listen at {host}:{port}: {error.strerror}.") from None
    except ValueError as error:
        raise Refused(f"The sandbox does not take that: {error}.") from None


def _announce(server: Sandbox) -> None:
    sys.stdout.write(
        f"A sandbox listens at {server.url}; Ctrl-C ends it. Its people and companies are invented.\n"
        f"export LUSHA_BASE_URL={server.url}\n"
        f"export LUSHA_API_KEY={server.api_key}\n"
    )
    sys.stdout.flush()
