"""Options that several commands share, and the group that turns errors into one sentence and an exit code."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .exit_codes import MEANINGS, ExitCode, code_of
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")

EXIT_CODES = "Exit codes:\n\n\b\n" + "\n".join(f"{code.value:>4}  {meaning}" for code, meaning in MEANINGS.items())


class Commands(click.Group):
    """Whatever goes wrong below ends here: no traceback, for tracebacks show people's data."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            refused = Refused("Interrupted.", ExitCode.INTERRUPTED)
        except Exception as error:
            if os.environ.get("LUSHA_DEBUG"):
                raise
            refused = _refusal(error)
        click.echo(f"Error: {refused.sentence}", err=True)
        raise click.exceptions.Exit(int(refused.code))


def _refusal(error: Exception) -> Refused:
    from ..errors import LushaError

    if isinstance(error, Refused):
        return error
    if isinstance(error, LushaError):
        return Refused(str(error), code_of(error))
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"
    return Refused(
        f"A fault of this program ({type(error).__name__} at {where}). With LUSHA_DEBUG=1 it shows the whole "
        "traceback, in which people's data may stand.",
        ExitCode.INTERNAL,
    )


def access_options(command: Command) -> Command:
    """How to reach Lusha."""
    for option in reversed(
        (
            click.option("--sandbox", is_flag=True, help="Ask a sandbox inside this process: invented data, no key."),
            click.option("--base-url", metavar="URL", help="Another address of the API. Also: LUSHA_BASE_URL."),
            click.option(
                "--api-key-file",
                metavar="FILE",
                help="A file that holds the API key and nothing else. Without it: LUSHA_API_KEY.",
            ),
            click.option(
                "--timeout",
                type=click.FloatRange(min=0, min_open=True),
                metavar="SECONDS",
                help="Longest wait for one answer.  [default: 60]",
            ),
        )
    ):
        command = option(command)
    return command
