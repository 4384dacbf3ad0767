"""What `lusha enrich` was asked to do, and what it opens for it."""

from __future__ import annotations

import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .jobfile import Terms, digest_of
from .output import TABLES
from .reading import READ, open_table
from .refusal import Refused
from .text import Text
from .writing import CsvLines, JsonLines

if TYPE_CHECKING:
    import io
    from datetime import timedelta

    from ..bulk import OnDoubt
    from .access import Access
    from .kinds import Kind
    from .output import Output
    from .reading import Table
    from .writing import Lines

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What `lusha enrich` was asked to do."""

    kind: Kind
    input: str
    output: Output
    access: Access
    reveal: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    """What `--map` said."""
    input_form: str | None = None
    output_form: str = "jsonl"
    encoding: str | None = None
    delimiter: str | None = None
    prefix: str = "lusha"
    escape: bool = True
    limit: int | None = None
    concurrency: int | None = None
    ledger: Path | None = None
    """Where the run is written down; None: nowhere."""
    on_doubt: OnDoubt | None = None
    reuse: timedelta | None = None
    retry_failed: bool = False
    max_credits: float | None = None
    pilot: bool = False
    """Whether `limit` is a pilot's, and what the rest would cost is to be said."""
    fresh: bool = False
    command: str = "lusha enrich"
    """What continues it."""

    @property
    def source(self) -> str:
        """The input's name for messages."""
        return "standard input" if self.input == STANDARD_INPUT else self.input

    @property
    def piped(self) -> bool:
        """Whether the input can be read once only."""
        return self.input == STANDARD_INPUT or not _is_regular(self.input)

    @property
    def terms(self) -> Terms:
        """What must be the same for its output to be continued. Reads the input."""
        return Terms(
            kind=self.kind.name,
            reveal=tuple(sorted(self.reveal)),
            columns=self.columns,
            form=self.output_form,
            prefix=self.prefix,
            escape=self.escape,
            digest=None if self.piped else digest_of(self.input),
        )

    def table(self) -> Table:
        """The input, opened at its beginning."""
        if self.input_form in TABLES or (self.input_form is None and not self.piped and _is_table(self.input)):
            from .tables import TableInput

            if self.piped:
                raise Refused("Parquet and Arrow cannot be read through a pipe: name a file.")
            return TableInput(self.input, self.source)
        text = Text(_open(self.input), source=self.source, encoding=self.encoding)
        try:
            return open_table(
                text,
                source=self.source,
                form=self.input_form,
                delimiter=self.delimiter,
                at_once=1 if self.piped else READ,
            )
        except BaseException:
            text.close()
            raise

    def lines(self, headers: tuple[str, ...], table: Table) -> Lines:
        """The maker of output lines for these columns of the input. Raises `Refused` where they collide."""
        lines: Lines
        if self.output_form in TABLES:
            from .tables import TableLines

            lines = TableLines(headers, self.kind.name, prefix=self.prefix, table=table)
        elif self.output_form == "jsonl":
            lines = JsonLines(self.prefix)
        else:
            tabbed = self.output.path.lower().endswith(".tsv")
            lines = CsvLines(
                headers,
                self.kind.columns,
                prefix=self.prefix,
                delimiter="\t" if tabbed else table.delimiter or ",",
                marked=table.marked,
                escape=self.escape,
            )
        lines.check(headers)
        return lines


def _is_table(path: str) -> bool:
    from .tables import is_table

    return is_table(path)


def _open(path: str) -> IO[bytes] | io.RawIOBase:
    """The input's bytes, without a buffer of their own."""
    if path == STANDARD_INPUT:
        stream = sys.stdin.buffer
        with suppress(OSError, AttributeError, ValueError):
            # A file object of our own: a thread that still reads from sys.stdin would break the interpreter's exit.
            return open(stream.fileno(), "rb", buffering=0, closefd=False)
        return stream
    try:
        return open(path, "rb", buffering=0)
    except IsADirectoryError:
        raise Refused(f"{path} is a folder: name a file, or - for standard input.") from None
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return True  # let opening it say what is wrong
