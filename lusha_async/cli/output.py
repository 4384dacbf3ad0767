"""The output file: never over another file unasked, flushed chunk by chunk, and continued where it was left."""

from __future__ import annotations

import contextlib
import os
import sys
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .exit_codes import ExitCode
from .refusal import Refused

if TYPE_CHECKING:
    from .writing import Line, Lines

STANDARD_OUTPUT = "-"
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
TABLES = ("parquet", "arrow")
"""Formats that cannot grow row by row: they are written beside their name and put there at the end."""
LONGEST_ROW = 2**20
"""Bytes that are looked at to see whose row stands in a file."""


def form_of(path: str) -> str | None:
    """csv, jsonl, parquet or arrow, by the suffix of a file name; None when it says nothing."""
    return SUFFIXES.get(Path(path).suffix.lower())


class Output:
    """Where the lines go.

    A file that is continued is compared with what should stand in it, row by row: what does is kept, and from the first
    row that does not (a torn line, a row that had no answer) it is written anew.
    """

    def __init__(self, path: str, *, overwrite: bool) -> None:
        self.path = path
        self.name = "standard output" if path == STANDARD_OUTPUT else path
        self.overwrite = overwrite
        self._file: IO[bytes] | None = None
        self._lines: Lines | None = None
        self._comparing = False
        self.written: int = 0
        """Rows written, or found in place."""

    @property
    def lasting(self) -> bool:
        """Whether it is a file that stays, rather than a pipe or a device."""
        target = Path(self.path)
        return self.path != STANDARD_OUTPUT and (target.is_file() or not target.exists())

    def check(self, *, inputs: str) -> None:
        """Refuse, before anything is spent, what could not be written to in the end."""
        if self.path == STANDARD_OUTPUT:
            return
        target = Path(self.path)
        folder = target.parent
        if target.is_dir():
            raise Refused(f"{self.path} is a folder: name a file for the output.")
        if not folder.is_dir():
            raise Refused(f"There is no folder {folder} for the output: make it first.")
        if target.is_file() and _same(target, inputs):
            raise Refused("The output would replace the input: choose another name for it.")
        if not os.access(target if target.exists() else folder, os.W_OK):
            raise Refused(f"{self.path} cannot be written: the permissions of {folder} do not allow it.")

    def check_new(self) -> None:
        """Refuse to write over a file unasked."""
        if self.lasting and Path(self.path).exists() and not self.overwrite:
            raise Refused(f"{self.path} exists already: choose another name, or replace it with --overwrite.")

    def open(self, lines: Lines, *, continuing: bool = False) -> None:
        """Create the file, or open the one that is to be continued."""
        self._lines = lines
        if self.path == STANDARD_OUTPUT:
            self._file = sys.stdout.buffer
        else:
            target = Path(self.path)
            replace = self.overwrite or (target.exists() and not target.is_file())  # a pipe or a device
            try:
                self._file = target.open("r+b" if continuing else "wb" if replace else "xb")
            except FileExistsError:
                raise Refused(f"{self.path} exists already: choose another name, or use --overwrite.") from None
            except OSError as error:
                raise Refused(f"{self.path} cannot be written: {error.strerror}.") from None
        self._comparing = continuing
        self._put([[lines.head()]])

    def write(self, lines: list[Any]) -> None:
        """Append whole rows, and hand them to the operating system at once."""
        self._put(lines)
        self.written += len(lines)

    def finish(self, *, whole: bool) -> None:
        """The run is over. `whole`: every row there is has been written, so nothing may stand behind them."""
        if self._comparing and whole and self._file is not None:
            with self._failing():
                self._file.truncate(self._file.tell())

    def close(self) -> None:
        """Close the file; standard output stays open."""
        if self._file is not None and self.path != STANDARD_OUTPUT:
            with contextlib.suppress(OSError):
                self._file.close()
        self._file = None

    def discard(self) -> None:
        """Take back a file in which nothing stands that was received, so that the same command can be run again."""
        self.close()
        if self.path != STANDARD_OUTPUT and Path(self.path).is_file():
            with contextlib.suppress(OSError):
                Path(self.path).unlink()

    def _put(self, lines: list[Line]) -> None:
        assert self._file is not None, "opened before it is written to"  # noqa: S101
        with self._failing():
            if self._comparing:
                lines = self._compared(self._file, [b"".join(line) for line in lines])
            if lines:
                self._file.write(b"".join(chain.from_iterable(lines)))
                self._file.flush()

    def _compared(self, file: IO[bytes], lines: list[bytes]) -> list[Line]:
        """The lines that do not stand in the file yet. From the first of them on, the file is cut off."""
        whole = b"".join(lines)
        start = file.tell()
        if file.read(len(whole)) == whole:
            return []
        file.seek(start)
        for number, line in enumerate(lines):
            start = file.tell()
            if file.read(len(line)) == line:
                continue
            file.seek(start)
            there = file.read(LONGEST_ROW)
            if self._lines is not None and not self._lines.same_row(there, line, cut=len(there) < LONGEST_ROW):
                raise OutputFailed(
                    f"{self.name}, row {self.written + number + 1}: was changed since this command wrote it. Move it "
                    "away or write it anew with --overwrite; what was bought is in the ledger."
                )
            file.seek(start)
            file.truncate()
            self._comparing = False
            return [[line] for line in lines[number:]]
        return []

    @contextlib.contextmanager
    def _failing(self) -> Any:
        try:
            yield
        except OSError as error:
            raise OutputFailed(
                f"{self.name} took {self.written:,} rows and then no more: {error.strerror}.", ExitCode.OUTPUT
            ) from None


class OutputFailed(Refused):
    """A disk that is full, a reader that went away, a file that somebody changed."""


def _same(target: Path, inputs: str) -> bool:
    try:
        return target.samefile(inputs)
    except OSError:
        return False
