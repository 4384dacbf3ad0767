"""The commands of `lusha`. What takes time to import is imported by the command that needs it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from .._version import __version__
from .enriching import enrich, inspect
from .ledgers import ledger
from .options import EXIT_CODES, Commands, access_options
from .refusal import Refused
from .webhooks import webhooks

if TYPE_CHECKING:
    from ..sandbox import Sandbox

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}


@click.group(cls=Commands, context_settings=SETTINGS, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="lusha", message="%(prog)s %(version)s")
def lusha() -> None:
    """Lusha's B2B data from the command line.

    \b
    lusha enrich contacts examples/contacts.csv -o out.jsonl --reveal emails --sandbox
    lusha usage
    """


for command in (enrich, inspect, ledger, webhooks):
    lusha.add_command(command)


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
