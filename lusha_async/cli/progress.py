"""How far a run is: a live display on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .summary import duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ..bulk import RunReport

REFRESH = 0.2
"""Seconds between two looks at a run."""
LINE_EVERY = 5.0
"""Seconds between two lines where there is no terminal."""


class Look(NamedTuple):
    """A run at one moment."""

    report: RunReport
    total: int | None
    """Rows there are, where known."""
    elapsed: float
    """Seconds since it began."""
    waiting: str | None = None
    """Why nothing goes out."""


class Progress(Protocol):
    """Shows what a run does. Always on stderr: stdout is for results."""

    def say(self, text: str) -> None:
        """One line that stays."""
        ...

    def show(self, look: Look) -> None:
        """Where the run is."""
        ...

    def close(self) -> None:
        """The run is over."""
        ...


def progress(*, quiet: bool) -> Progress:
    """What suits the place."""
    if quiet:
        return Quiet()
    return Terminal() if sys.stderr.isatty() else PlainLines()


class Quiet:
    """Says nothing."""

    def say(self, text: str) -> None:
        pass

    def show(self, look: Look) -> None:
        pass

    def close(self) -> None:
        pass


class PlainLines:
    """One line every few seconds, for logs."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def say(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def show(self, look: Look) -> None:
        now = time.monotonic()
        if now - self._last >= LINE_EVERY:
            self._last = now
            self.say("; ".join(part for part in (*position(look), counts(look), look.waiting) if part))

    def close(self) -> None:
        pass


class Terminal:
    """A bar, the counts, and what is being waited for."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self._console = Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def show(self, look: Look) -> None:
        self._live.start()
        self._live.update(_display(look), refresh=True)

    def close(self) -> None:
        self._live.stop()


def position(look: Look) -> tuple[str, str, str]:
    """Rows done, rows a second, time left."""
    done, total = look.report.done, look.total
    rate = done / look.elapsed if look.elapsed > 0 else 0.0
    rows = f"{done:,} of {total:,} rows" if total is not None else f"{done:,} rows"
    left = f"{duration((total - done) / rate)} left" if total is not None and rate > 0 and total > done else ""
    return rows, f"{rate:,.0f} rows/s", left


def counts(look: Look) -> str:
    """Outcomes per status, what they cost so far, and how many requests are on their way."""
    report = look.report
    parts = [
        f"{count:,} {status.value.replace('_', ' ')}" for status, count in sorted(report.statuses.items()) if count
    ]
    return ", ".join([*parts, f"{report.credits_charged:,.10g} credits", f"{report.in_flight} requests on their way"])


def _display(look: Look) -> RenderableType:
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    rows, rate, left = position(look)
    line = Table.grid(padding=(0, 2))
    bar = ProgressBar(total=look.total, completed=look.report.done, width=30, pulse=look.total is None)
    line.add_row(bar, rows, rate, left)
    below = [Text(counts(look), style="dim")]
    if look.waiting:
        below.append(Text(look.waiting, style="yellow"))
    return Group(line, *below)
