"""What can be wrong with a ledger."""

from __future__ import annotations

from ..errors import LushaError


class LedgerError(LushaError):
    """The ledger cannot be used. Raised on entering a run, or left in `report.ended_by` when it fails on the way: then
    nothing more is sent, and what was received is still delivered."""


class LedgerBusy(LedgerError):
    """Another process uses this ledger. `holder` says which: pid, host, and when it started."""

    hint = "Wait for it to end, or give this run a ledger of its own."

    def __init__(self, text: str, *, holder: str) -> None:
        super().__init__(text)
        self.holder = holder


class LedgerMismatch(LedgerError):
    """The ledger was made for something else. `differences` has a line for each thing that differs."""

    hint = "Use another file, or the options it was made with; reuse= lets runs with other options share a ledger."

    def __init__(self, text: str, *, differences: tuple[str, ...]) -> None:
        super().__init__(text)
        self.differences = differences


class LedgerDamaged(LedgerError):
    """The file is no ledger, or is damaged. It is left as it is."""

    hint = "Move it away to start anew; what was bought before would be asked about again."


class LedgerUnwritable(LedgerError):
    """The ledger cannot be written: disk full, no permission, or the folder does not exist."""

    hint = "Nothing is sent that cannot be written down. Mend that and run it again: it continues."
