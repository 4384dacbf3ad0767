"""What the exit code of `lusha` means. These numbers are part of the interface: scripts test for them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..errors import LushaError


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    """Every row has its final answer: found, not found, restricted, or invalid (nothing to look for in it)."""
    INTERNAL = 1
    """A fault of this program."""
    INPUT = 2
    """The command, a file, or what was asked for cannot be used as it is."""
    ACCESS = 3
    """No API key, or Lusha does not accept it for this."""
    CREDITS = 4
    """The credits ran out, or the next request might go beyond --max-credits."""
    QUOTA = 5
    """A window of the plan is used up for longer than --max-wait."""
    INCOMPLETE = 6
    """The run went through, and some rows failed or have an unknown outcome."""
    UNAVAILABLE = 7
    """Lusha could not be reached, or no request was answered."""
    OUTPUT = 8
    """The output could not be written to its end."""
    EXTRA_MISSING = 9
    """click or rich is not installed."""
    INTERRUPTED = 130
    """Ended by Ctrl-C; what was received is written."""
    TERMINATED = 143
    """Ended by SIGTERM; what was received is written."""


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "every row has its final answer",
    ExitCode.INTERNAL: "a fault of this program",
    ExitCode.INPUT: "the command, a file, or what was asked for cannot be used as it is",
    ExitCode.ACCESS: "no API key, or Lusha does not accept it",
    ExitCode.CREDITS: "the credits ran out, or --max-credits is used up",
    ExitCode.QUOTA: "the plan's quota is used up; the same can be asked again when its window turns",
    ExitCode.INCOMPLETE: "some rows failed or have an unknown outcome",
    ExitCode.UNAVAILABLE: "Lusha could not be reached",
    ExitCode.OUTPUT: "the output could not be written to its end",
    ExitCode.EXTRA_MISSING: "click or rich is not installed",
    ExitCode.INTERRUPTED: "ended by Ctrl-C; what was received is written",
    ExitCode.TERMINATED: "ended by SIGTERM; what was received is written",
}
"""One line each, as `--help` and summaries show them."""


def code_of(error: LushaError) -> ExitCode:
    """The exit code for a command that ended with this error."""
    from .. import errors
    from ..bulk import BudgetExhausted
    from ..ledger.errors import LedgerBusy, LedgerError, LedgerMismatch, LedgerUnwritable

    if isinstance(error, errors.InvalidRequest) and error.field == "api_key":
        return ExitCode.ACCESS
    by_kind: tuple[tuple[tuple[type[LushaError], ...], ExitCode], ...] = (
        ((errors.AuthenticationError, errors.PermissionDenied), ExitCode.ACCESS),
        ((errors.PaymentRequired, BudgetExhausted), ExitCode.CREDITS),
        ((errors.RateLimited,), ExitCode.QUOTA),
        ((LedgerUnwritable,), ExitCode.OUTPUT),
        ((LedgerBusy, LedgerMismatch, LedgerError), ExitCode.INPUT),
        ((errors.InvalidRequest, *errors.REFUSED_WHOLE), ExitCode.INPUT),
        ((errors.ClientStateError,), ExitCode.INTERNAL),
    )
    for kinds, code in by_kind:
        if isinstance(error, kinds):
            return code
    return ExitCode.UNAVAILABLE
